// A client a URL, all on one loop; the caller's thread waits for each answer, and between rounds.
#include "aggregator/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

#include "base/http_loop.h"
#include "base/one_line.h"

namespace routerate {
namespace {

constexpr Millis kBetweenRounds{500};
constexpr std::size_t kQuotedAnswer = 200;  // bytes of an answer that is no 2xx

struct Client {
  std::string url;
  UrlClient http;
  bool answered = false;  // 2xx
  std::string line = {};  // of the last try
};

Result<std::vector<Client>> MakeClients(FileSystem& files, HttpLoop& loop,
                                        const ProbeOptions& options) {
  std::vector<Client> clients;
  for (const std::string& url : options.urls) {
    auto http = UrlClient::Create(files, loop, url, options.access);
    if (!http) return std::unexpected(std::move(http.error()));
    clients.push_back({url, std::move(*http)});
  }
  return clients;
}

void Ask(const Clock& clock, Client* client) {
  const Millis begin = clock.Monotonic();
  const auto response = client->http.Get(client->http.path());
  if (!response) {
    client->line = fmt::format("- {}: {}", client->url, response.error().message);
    return;
  }
  const auto took = (clock.Monotonic() - begin).count();
  client->answered = response->status >= 200 && response->status < 300;
  client->line = fmt::format("{} {} ms {}", response->status, took, client->url);
  if (!client->answered) client->line += ": " + OneLine(response->body.substr(0, kQuotedAnswer));
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
      Ask(clock, &client);
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
