// Ordinary and hostile requests, a model server's log of them, and its reading.
#include "tests/parsers/hostile_log.h"

#include <fmt/format.h>

#include <string_view>

#include "tests/parsers/hostile_text.h"
#include "tests/parsers/parsed_line.h"

namespace routerate {
namespace {

constexpr std::string_view kClients[] = {"10.0.0.1", "192.168.7.31", "::1", "0:0:0:0:0:0:0:1"};
constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "DELETE", "M-SEARCH"};
constexpr std::string_view kTargets[] = {"/",
                                         "/myapp/orders/48213",
                                         "/a?b=1",
                                         "/search?q=%22x%22&p=%5C",
                                         "/a%20b/%E4%B8%AD?x",
                                         "/app;jsessionid=6A2B?page=0&size=20",
                                         "/x?"};
constexpr std::string_view kVersions[] = {"HTTP/1.1", "HTTP/1.0", ""};
constexpr std::string_view kUsers[] = {"", "", "alice", "bob smith"};
constexpr std::string_view kReferers[] = {"", "https://shop.example.com/a?b=c&d=%22", "caf\xC3\xA9",
                                          "android-app://com.example/"};
constexpr std::string_view kAgents[] = {
    "", "curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
    "caf\xC3\xA9 \xE4\xB8\xAD"};
// Quotes and backslashes of honest clients, which only a server that escapes nothing would leave.
constexpr std::string_view kTellingAgents[] = {R"(He said "hi")", R"(C:\Program Files\App\)",
                                               "tab\there", R"("quoted")"};
constexpr std::string_view kHosts[] = {"shop.example.com", "localhost", "192.0.2.7", ""};
constexpr std::string_view kForwardedFor[] = {"", "203.0.113.7, 10.0.0.1"};

SentRequest OrdinaryRequest(Choices* choices) {
  constexpr std::int64_t kYear2020 = 1577836800000;
  constexpr std::int64_t kTenYears = 315'000'000'000;
  SentRequest r;
  r.ts_ms = kYear2020 + static_cast<std::int64_t>(choices->Below(kTenYears));
  r.zone_minutes = 30 * static_cast<int>(choices->Below(50)) - 11 * 60;
  r.status = static_cast<int>(100 + choices->Below(500));
  r.bytes = static_cast<std::int64_t>(choices->Below(3) == 0 ? 0 : choices->Below(1 << 24));
  r.duration_us = 1000 * static_cast<std::int64_t>(choices->Below(100'000));
  r.client = choices->OneOf(kClients);
  r.method = choices->OneOf(kMethods);
  r.target = choices->OneOf(kTargets);
  r.version = choices->OneOf(kVersions);
  r.user = choices->OneOf(kUsers);
  r.referer = choices->OneOf(kReferers);
  r.agent = choices->OneOf(kAgents);
  r.host = choices->OneOf(kHosts);
  r.forwarded_for = choices->OneOf(kForwardedFor);
  return r;
}

std::string* TextOf(SentRequest* request, ClientText which) {
  switch (which) {
    case ClientText::kTarget:
      return &request->target;
    case ClientText::kUser:
      return &request->user;
    case ClientText::kReferer:
      return &request->referer;
    case ClientText::kAgent:
      return &request->agent;
    case ClientText::kHost:
      return &request->host;
    case ClientText::kForwardedFor:
      return &request->forwarded_for;
    case ClientText::kGarbage:
      break;
  }
  return &request->garbage;
}

void MakeHostile(Choices* choices, SentRequest* request) {
  const std::uint64_t texts = choices->OneIn(3) ? 2 + choices->Below(3) : 1;
  for (std::uint64_t i = 0; i < texts; ++i) {
    const auto which = static_cast<ClientText>(choices->Below(kClientTextCount));
    *TextOf(request, which) = HostileText(choices, which);
  }
  if (request->garbage.empty()) return;
  // A server that could not read the request line has read nothing else.
  request->target = request->version = request->user = request->host = "";
  request->referer = request->agent = request->forwarded_for = "";
  request->status = 400;
}

class LogWriter {
 public:
  LogWriter(const LogDialect& dialect, HostileLog* log) : dialect_(dialect), log_(*log) {}

  void Ordinary(SentRequest request) {
    Write(std::move(request));
    pattern_known_ = true;
  }
  // With a header that shows what the server does with quotes.
  void Telling(SentRequest request, Choices* choices) {
    request.agent = choices->OneOf(kTellingAgents);
    Ordinary(std::move(request));
    bareness_known_ = dialect_.bare == BareParts::kAll;
  }
  void Hostile(SentRequest request, Choices* choices) {
    MakeHostile(choices, &request);
    // Only a name that somebody gave out in this realm is logged bare.
    if (dialect_.bare == BareParts::kAll) {
      std::erase_if(request.user, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
    }
    Write(std::move(request));
  }

 private:
  void Write(SentRequest request) {
    std::string text = dialect_.write(request);
    log_.lines.push_back({std::move(request), std::move(text), pattern_known_, bareness_known_});
  }

  const LogDialect& dialect_;
  HostileLog& log_;
  bool pattern_known_ = false;
  bool bareness_known_ = false;
};

std::string Shown(const HostileLog& log, std::size_t last) {
  std::string shown = fmt::format("{}, read as {}\n", log.dialect.name, LogFormatName(log.format));
  for (std::size_t i = 0; i <= last; ++i) {
    const bool repeated = i > 0 && i < last && log.lines[i].text == log.lines[i - 1].text;
    if (!repeated) shown += log.lines[i].text + "\n";
  }
  return shown;
}

}  // namespace

HostileLog MakeHostileLog(Choices* choices, const LogDialect& dialect) {
  HostileLog log{.dialect = dialect};
  if (choices->Below(2) == 0) log.format = dialect.format;
  LogWriter writer(dialect, &log);
  if (!dialect.is_usual) writer.Ordinary(OrdinaryRequest(choices));
  for (std::uint64_t i = choices->Below(3); i > 0; --i) writer.Ordinary(OrdinaryRequest(choices));
  if (choices->OneIn(3)) writer.Telling(OrdinaryRequest(choices), choices);
  for (std::uint64_t i = choices->Below(4) + 1; i > 0; --i) {
    writer.Hostile(OrdinaryRequest(choices), choices);
  }
  writer.Ordinary(OrdinaryRequest(choices));
  writer.Telling(OrdinaryRequest(choices), choices);
  writer.Ordinary(OrdinaryRequest(choices));
  return log;
}

HostileLog MakeFlood(Choices* choices, const LogDialect& dialect) {
  constexpr int kLines = 300;
  HostileLog log{.dialect = dialect, .format = dialect.format};
  LogWriter writer(dialect, &log);
  writer.Ordinary(OrdinaryRequest(choices));
  writer.Hostile(OrdinaryRequest(choices), choices);
  const HostileLine hostile = log.lines.back();
  log.lines.insert(log.lines.end(), kLines, hostile);
  for (int i = 0; i < 3; ++i) writer.Ordinary(OrdinaryRequest(choices));
  return log;
}

std::string ForgeryIn(const HostileLog& log) {
  LineParser parser(LineFormat::Of(log.format));
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    const HostileLine& line = log.lines[i];
    if (line.text.find('\n') != std::string::npos) return Shown(log, i) + "two lines of one\n";
    const PaddedLine padded(line.text);
    const auto event = parser.Parse(padded.text());
    if (!event) {
      return Shown(log, i) + fmt::format("rejected: {} at {}\n",
                                         RejectReasonName(event.error().reason),
                                         event.error().column);
    }
    const std::string wrong = WrongField(log.dialect, line, *event);
    if (!wrong.empty()) return Shown(log, i) + wrong + "\n";
  }
  return "";
}

}  // namespace routerate
