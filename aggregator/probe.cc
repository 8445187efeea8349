// A client a URL, all on one loop; the caller's thread waits for each answer, and between rounds.
#include "aggregator/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <ranges>
#include <string_view>
#include <utility>

#include "base/http_client.h"
#include "base/http_loop.h"
#include "base/one_line.h"
#include "base/tls_context.h"

namespace routerate {
namespace {

constexpr Millis kBetweenRounds{500};
constexpr Millis kCallTakes{5'000};   // at most
constexpr std::size_t kQuoted = 200;  // bytes of an answer that is no 2xx

enum class Scheme { kHttp, kHttps };

struct Target {
  Scheme scheme = Scheme::kHttp;
  HttpOrigin origin;
  std::string path;
};

struct Client {
  std::string url;
  std::string path;
  HttpHeaders headers;
  std::unique_ptr<HttpClient> http;
  bool answered = false;  // 2xx
  std::string line = {};  // of the last try
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

Result<Https> LoadHttps(FileSystem& files, const ProbeOptions& options) {
  if (options.ca_file.empty()) return Fail("--ca-file is required for https");
  const auto authorities = files.ReadWhole(options.ca_file);
  if (!authorities) return std::unexpected(authorities.error());
  auto tls = ClientTlsContext(*authorities);
  if (!tls) return Fail(fmt::format("{}: {}", options.ca_file, tls.error().message));
  Https https{.tls = std::move(*tls), .headers = {}};
  if (options.token_file.empty()) return https;
  auto token = files.ReadWhole(options.token_file);
  if (!token) return std::unexpected(std::move(token.error()));
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
  https.headers.push_back({"Authorization", "Bearer " + *token});
  return https;
}

Result<std::vector<Client>> MakeClients(FileSystem& files, HttpLoop& loop,
                                        const ProbeOptions& options) {
  std::vector<Client> clients;
  Https https;
  for (const std::string& url : options.urls) {
    auto target = ParseTarget(url);
    if (!target) return std::unexpected(std::move(target.error()));
    const bool over_tls = target->scheme == Scheme::kHttps;
    if (over_tls && !https.tls) {
      auto loaded = LoadHttps(files, options);
      if (!loaded) return std::unexpected(std::move(loaded.error()));
      https = std::move(*loaded);
    }
    clients.push_back({.url = url,
                       .path = std::move(target->path),
                       .headers = over_tls ? https.headers : HttpHeaders{},
                       .http = std::make_unique<HttpClient>(loop, std::move(target->origin),
                                                            over_tls ? https.tls : nullptr)});
  }
  return clients;
}

Result<HttpResponse> Get(HttpLoop& loop, const Client& client) {
  std::promise<Result<HttpResponse>> told;
  loop.Post([&] {
    client.http->Send({.target = client.path, .headers = client.headers, .deadline = kCallTakes},
                      [&told](Result<HttpResponse> answer) { told.set_value(std::move(answer)); });
  });
  return told.get_future().get();
}

void Ask(HttpLoop& loop, const Clock& clock, Client* client) {
  const Millis begin = clock.Monotonic();
  const auto response = Get(loop, *client);
  if (!response) {
    client->line = fmt::format("- {}: {}", client->url, response.error().message);
    return;
  }
  const auto took = (clock.Monotonic() - begin).count();
  client->answered = response->status >= 200 && response->status < 300;
  client->line = fmt::format("{} {} ms {}", response->status, took, client->url);
  if (!client->answered) client->line += ": " + OneLine(response->body.substr(0, kQuoted));
}

}  // namespace

Result<ProbeOutcome> Probe(FileSystem& files, const Clock& clock, Waiter& waiter,
                           const ProbeOptions& options,
                           const std::function<void(const std::string& line)>& tell) {
  HttpLoop loop;
  auto clients = MakeClients(files, loop, options);
  if (!clients) return std::unexpected(std::move(clients.error()));
  const HttpThread thread(loop);
  const Millis end = clock.Monotonic() + options.timeout;
  const auto waits = [](const Client& client) { return !client.answered; };
  for (;;) {
    for (Client& client : *clients | std::views::filter(waits)) {
      Ask(loop, clock, &client);
      if (client.answered) tell(client.line);
    }
    if (std::ranges::none_of(*clients, waits)) return ProbeOutcome::kAllAnswered;
    if (clock.Monotonic() + kBetweenRounds >= end) break;
    if (waiter.Wait(kBetweenRounds, WatchFiles::kNo).stop) break;
  }
  for (const Client& client : *clients | std::views::filter(waits)) tell(client.line);
  return ProbeOutcome::kNotAllAnswered;
}

}  // namespace routerate
