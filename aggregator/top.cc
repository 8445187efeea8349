// Ask, draw, wait: a question a screen.
#include "aggregator/top.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "aggregator/top_screen.h"
#include "base/one_line.h"
#include "base/terminal.h"

namespace routerate {
namespace {

constexpr Millis kLooksForKeys{100};
constexpr std::size_t kMostRoutes = 1000;
constexpr std::size_t kLinesAbove = 4;

// RFC 3986: whatever is not unreserved.
std::string PercentEncoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string Target(const TopOptions& options, std::string base, std::size_t routes) {
  while (base.ends_with('/')) base.pop_back();
  std::string target = fmt::format("{}/overview?limit={}", base, routes);
  for (const auto& [key, value] : {std::pair{"namespace", &options.name_space},
                                   {"service", &options.service},
                                   {"grep", &options.grep},
                                   {"sort", &options.sort}}) {
    if (!value->empty()) target += fmt::format("&{}={}", key, PercentEncoded(*value));
  }
  return target;
}

// An error of `wrong` would come again: what was asked is not understood.
struct Answer {
  Result<std::string> screen;
  bool wrong = false;
};

Answer Ask(UrlClient& client, const TopOptions& options, TerminalSize size, TopColours colours) {
  const std::size_t routes = std::min(size.rows, kMostRoutes);
  const auto response = client.Get(Target(options, client.path(), routes));
  if (!response) return {std::unexpected(response.error())};
  if (response->status == 200) return {TopScreen(response->body, size, colours)};
  return {Fail(fmt::format("{}: {} {}", options.url, response->status,
                           OneLine(response->body.substr(0, response->body.find('\n'))))),
          response->status >= 400 && response->status < 500 && response->status != 429};
}

Result<void> Once(UrlClient& client, const TopOptions& options) {
  const TerminalSize all{1000, kMostRoutes + kLinesAbove + 1};
  const Answer answer = Ask(client, options, all, TopColours::kNone);
  if (!answer.screen) return std::unexpected(answer.screen.error());
  fmt::print("{}", *answer.screen);
  return {};
}

// Whether to stop. Looks once at least, however short the time is.
bool Wait(Terminal& terminal, Waiter& waiter, Millis time) {
  do {
    if (waiter.Wait(std::min(time, kLooksForKeys), WatchFiles::kNo).stop) return true;
    while (const auto key = terminal.Key()) {
      if (*key == 'q' || *key == 'Q') return true;
    }
    time -= kLooksForKeys;
  } while (time > Millis{0});
  return false;
}

Result<void> Live(UrlClient& client, const TopOptions& options, Terminal& terminal,
                  Waiter& waiter) {
  do {
    const Answer answer = Ask(client, options, terminal.size(), TopColours::kAnsi);
    if (answer.wrong) return std::unexpected(answer.screen.error());
    terminal.Show(answer.screen ? *answer.screen
                                : fmt::format("no numbers: {}\n", answer.screen.error().message));
  } while (!Wait(terminal, waiter, options.interval));
  return {};
}

}  // namespace

Result<void> Top(FileSystem& files, Waiter& waiter, const TopOptions& options) {
  HttpLoop loop;
  auto client = UrlClient::Create(files, loop, options.url, options.access);
  if (!client) return std::unexpected(client.error());
  const HttpThread thread(loop);
  auto terminal = options.once ? std::nullopt : Terminal::Open();
  if (!terminal) return Once(*client, options);
  return Live(*client, options, *terminal, waiter);
}

}  // namespace routerate
