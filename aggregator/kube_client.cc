// base/http_client with a token, and with errors that name the question.
#include "aggregator/kube_client.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <utility>

#include "base/one_line.h"

namespace routerate {
namespace {

constexpr Millis kTokenFor{60'000};
constexpr std::size_t kQuotedMessage = 300;  // bytes of a foreign message in one of ours

// What an API server's Status says, or the beginning of what is none.
std::string MessageIn(const HttpResponse& response) {
  boost::system::error_code error;
  const auto status = boost::json::parse(response.body, error);
  std::string text = response.body;
  if (!error && status.is_object()) {
    const auto* message = status.as_object().if_contains("message");
    if (message != nullptr && message->is_string()) text = message->as_string();
  }
  return OneLine(text.substr(0, kQuotedMessage));
}

std::string Trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Result<std::unique_ptr<KubeClient>> KubeClient::Create(HttpLoop& loop, FileSystem& files,
                                                       const Clock& clock,
                                                       const MetricsApiOptions& options) {
  auto origin = ParseHttpsOrigin(options.api_server);
  if (!origin) return std::unexpected(std::move(origin.error()));
  auto authorities = files.ReadWhole(options.ca_file);
  if (!authorities) return std::unexpected(std::move(authorities.error()));
  auto tls = ClientTlsContext(*authorities);
  if (!tls) return Fail(fmt::format("{}: {}", options.ca_file, tls.error().message));
  auto http = std::make_unique<HttpClient>(loop, std::move(*origin), std::move(*tls));
  return std::unique_ptr<KubeClient>(
      new KubeClient(files, clock, options, std::move(*authorities), std::move(http)));
}

KubeClient::KubeClient(FileSystem& files, const Clock& clock, const MetricsApiOptions& options,
                       std::string authorities, std::unique_ptr<HttpClient> http)
    : files_(files),
      clock_(clock),
      options_(options),
      authorities_(std::move(authorities)),
      http_(std::move(http)) {}

void KubeClient::Get(const std::string& path, Millis deadline, Done done) {
  Send({.method = "GET", .target = path, .deadline = deadline}, std::move(done));
}

void KubeClient::Post(const std::string& path, std::string json, Millis deadline, Done done) {
  Send({.method = "POST",
        .target = path,
        .headers = {{"Content-Type", "application/json"}},
        .body = std::move(json),
        .deadline = deadline},
       std::move(done));
}

// An empty token asks as nobody, which tells more by the server's answer than silence would.
Result<std::string> KubeClient::Token() {
  const Millis now = clock_.Monotonic();
  if (!token_.empty() && now < token_until_) return token_;
  auto read = files_.ReadWhole(options_.token_file);
  if (!read) return std::unexpected(std::move(read.error()));
  token_ = Trimmed(*read);
  token_until_ = now + kTokenFor;
  return token_;
}

void KubeClient::Send(HttpCall call, Done done) {
  auto token = Token();
  call.headers.push_back({"Accept", "application/json"});
  call.headers.push_back({"User-Agent", "routerate-aggregator/" ROUTERATE_VERSION});
  if (token) call.headers.push_back({"Authorization", "Bearer " + *token});
  const std::string what = call.method + " " + call.target;
  const std::string no_token = token ? "" : " (no token: " + token.error().message + ")";
  http_->Send(
      std::move(call), [this, what, no_token, done = std::move(done)](Result<HttpResponse> answer) {
        if (!answer) return done(Fail(fmt::format("{}: {}", what, answer.error().message)));
        if (answer->status >= 200 && answer->status < 300) return done(std::move(answer->body));
        if (answer->status == 401) token_until_ = Millis{0};
        done(Fail(fmt::format("{}: {}: {}{}", what, answer->status, MessageIn(*answer), no_token)));
      });
}

void KubeClient::ReadAuthoritiesAgain() {
  auto authorities = files_.ReadWhole(options_.ca_file);
  if (!authorities || *authorities == authorities_) return;
  auto tls = ClientTlsContext(*authorities);
  if (!tls)
    return spdlog::warn("{}: {}; the one before stays", options_.ca_file, tls.error().message);
  authorities_ = std::move(*authorities);
  http_->Trust(std::move(*tls));
  spdlog::info("{} has changed and is in force", options_.ca_file);
}

}  // namespace routerate
