// URL into origin and path; then a client of that origin.
#include "aggregator/url_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <string_view>
#include <utility>

#include "base/http_client.h"
#include "base/tls_context.h"

namespace routerate {
namespace {

constexpr Millis kCallTakes{5'000};  // at most

enum class Scheme { kHttp, kHttps };

struct Target {
  Scheme scheme = Scheme::kHttp;
  HttpOrigin origin;
  std::string path;
};

Result<Target> ParseTarget(const std::string& url) {
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  const auto wrong = Fail(fmt::format("'{}' is not http[s]://HOST[:PORT][/PATH]", url));
  const bool tls = url.starts_with(kTls);
  if (!tls && !url.starts_with(kPlain)) return wrong;
  const std::string rest = url.substr(tls ? kTls.size() : kPlain.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string host = rest.substr(0, slash);
  auto origin = ParseHttpsOrigin(std::string(kTls) + host);
  if (!origin) return wrong;
  const bool has_port = host.ends_with(":" + origin->port);
  if (!tls && !has_port) origin->port = "80";
  const std::string path = rest.substr(slash);
  if (path.find_first_of(" \t\r\n#") != std::string::npos) return wrong;
  return Target{tls ? Scheme::kHttps : Scheme::kHttp, std::move(*origin),
                path.empty() ? "/" : path};
}

// What is needed to ask over https, read once.
struct Https {
  TlsContext tls;
  HttpHeaders headers;
};

Result<Https> LoadHttps(FileSystem& files, const UrlAccess& access) {
  if (access.ca_file.empty()) return Fail("--ca-file is required for https");
  const auto authorities = files.ReadWhole(access.ca_file);
  if (!authorities) return std::unexpected(authorities.error());
  auto tls = ClientTlsContext(*authorities);
  if (!tls) return Fail(fmt::format("{}: {}", access.ca_file, tls.error().message));
  Https https{.tls = std::move(*tls), .headers = {}};
  if (access.token_file.empty()) return https;
  auto token = files.ReadWhole(access.token_file);
  if (!token) return std::unexpected(std::move(token.error()));
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
  https.headers.push_back({"Authorization", "Bearer " + *token});
  return https;
}

}  // namespace

UrlClient::UrlClient(HttpLoop& loop, std::unique_ptr<HttpClient> http, std::string path,
                     HttpHeaders headers)
    : loop_(loop), http_(std::move(http)), path_(std::move(path)), headers_(std::move(headers)) {}
UrlClient::~UrlClient() = default;
UrlClient::UrlClient(UrlClient&&) noexcept = default;

Result<UrlClient> UrlClient::Create(FileSystem& files, HttpLoop& loop, const std::string& url,
                                    const UrlAccess& access) {
  auto target = ParseTarget(url);
  if (!target) return std::unexpected(std::move(target.error()));
  Https https;
  if (target->scheme == Scheme::kHttps) {
    auto loaded = LoadHttps(files, access);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    https = std::move(*loaded);
  }
  auto http = std::make_unique<HttpClient>(loop, std::move(target->origin), std::move(https.tls));
  return UrlClient(loop, std::move(http), std::move(target->path), std::move(https.headers));
}

Result<HttpResponse> UrlClient::Get(const std::string& path) {
  std::promise<Result<HttpResponse>> told;
  loop_.Post([&] {
    http_->Send({.target = path, .headers = headers_, .deadline = kCallTakes},
                [&told](Result<HttpResponse> answer) { told.set_value(std::move(answer)); });
  });
  return told.get_future().get();
}

}  // namespace routerate
