// Pieces of log lines: times, JSON objects, and the plain part of what a line tells.
#include "tests/parsers/hostile_lines.h"

#include <fmt/format.h>

#include <chrono>

namespace routerate {
namespace {

std::string Zone(int minutes, std::string_view colon) {
  const int magnitude = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}{}{:02}", minutes < 0 ? '-' : '+', magnitude / 60, colon,
                     magnitude % 60);
}

struct LocalTime {
  int year;
  unsigned month, day;
  std::string clock;  // "23:59:44"
};

LocalTime LocalTimeOf(const SentRequest& request) {
  namespace chrono = std::chrono;
  const chrono::sys_seconds local{
      chrono::seconds{request.ts_ms / 1000 + std::int64_t{request.zone_minutes} * 60}};
  const auto day = chrono::floor<chrono::days>(local);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss time{local - day};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                      time.seconds().count())};
}

}  // namespace

std::string Iso8601(const SentRequest& request) {
  const LocalTime local = LocalTimeOf(request);
  return fmt::format("{:04}-{:02}-{:02}T{}{}", local.year, local.month, local.day, local.clock,
                     Zone(request.zone_minutes, ":"));
}

std::string ClfTime(const SentRequest& request) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const LocalTime local = LocalTimeOf(request);
  return fmt::format("[{:02}/{}/{:04}:{} {}]", local.day, kMonths.substr(3 * local.month - 3, 3),
                     local.year, local.clock, Zone(request.zone_minutes, ""));
}

std::string Seconds(std::int64_t thousandths) {
  return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

std::string Json(const JsonPairs& pairs) {
  std::string line;
  for (const auto& [key, value] : pairs) {
    line += fmt::format("{}\"{}\":{}", line.empty() ? "{" : ",", key, value);
  }
  return line + "}";
}

std::string Quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string SentLine(const SentRequest& request) {
  if (!request.garbage.empty()) return request.garbage;
  return fmt::format("{} {}{}{}", request.method, request.target,
                     request.version.empty() ? "" : " ", request.version);
}

std::string PathOf(std::string_view target) {
  return std::string(target.substr(0, target.find('?')));
}

std::string QueryOf(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? "" : std::string(target.substr(mark + 1));
}

std::string ShownText(TextReader read, std::string_view bytes) {
  return bytes == "-" ? "" : read(bytes);
}

ToldRequest TellCombined(const SentRequest& request, TextReader read) {
  ToldRequest told;
  told.ts_ms = request.ts_ms / 1000 * 1000;
  told.status = request.status;
  told.bytes = request.bytes;
  told.client = request.client;
  if (request.garbage.empty()) {
    const std::string target = read(request.target);
    told.method = request.method;
    told.path = PathOf(target);
    told.query = ShownText(Bare, QueryOf(target));
  }
  told.referer = ShownText(read, request.referer);
  told.agent = ShownText(read, request.agent);
  told.user = ShownText(read, request.user);
  return told;
}

}  // namespace routerate
