// Model nginx: the widely copied format (escape=default), the recommended one and the recorded rich
// one (escape=json).
#include "tests/parsers/hostile_escapes.h"
#include "tests/parsers/hostile_lines.h"
#include "tests/parsers/hostile_servers.h"

namespace routerate {
namespace {

// The number that a hexadecimal digit is; 16: none.
unsigned HexDigit(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  return static_cast<unsigned>(std::min(kDigits.find(upper), kDigits.size()));
}

// $uri: the path with its percent-encoding undone. (nginx refuses %00.)
std::string DecodedPath(std::string_view target) {
  const std::string path = PathOf(target);
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool room = path[i] == '%' && i + 2 < path.size();
    const unsigned high = room ? HexDigit(path[i + 1]) : 16;
    const unsigned low = room ? HexDigit(path[i + 2]) : 16;
    const bool encoded = high < 16 && low < 16 && high + low > 0;
    out += encoded ? static_cast<char>(high * 16 + low) : path[i];
    if (encoded) i += 2;
  }
  return out;
}

std::string WriteCommon(const SentRequest& r) {
  constexpr auto kText = OrDash<NginxDefault>;
  return Json({{"@timestamp", Quoted(Iso8601(r))},
               {"host", Quoted("10.1.2.3")},
               {"clientip", Quoted(r.client)},
               {"size", std::to_string(r.bytes)},
               {"responsetime", Seconds(r.duration_us / 1000)},
               {"upstreamtime", Quoted("0.001, 0.035")},
               {"upstreamhost", Quoted("127.0.0.1:1, 127.0.0.1:2")},
               {"http_host", Quoted(kText(r.host))},
               {"uri", Quoted(r.garbage.empty() ? kText(DecodedPath(r.target)) : "-")},
               {"domain", Quoted(kText(r.host))},
               {"xff", Quoted(kText(r.forwarded_for))},
               {"referer", Quoted(kText(r.referer))},
               {"tcp_xff", Quoted("-")},
               {"http_user_agent", Quoted(kText(r.agent))},
               {"status", Quoted(std::to_string(r.status))}});
}

ToldRequest TellCommon(const SentRequest& r) {
  ToldRequest told = TellCombined(r, VisibleUtf8);
  told.duration_us = r.duration_us / 1000 * 1000;
  told.method = told.query = told.user = "";
  told.path = r.garbage.empty() ? VisibleUtf8(DecodedPath(r.target)) : "";
  told.host = ShownText(VisibleUtf8, r.host);
  return told;
}

std::string WriteRecommended(const SentRequest& r) {
  const bool request = r.garbage.empty();
  return Json({{"@timestamp", Quoted(Iso8601(r))},
               {"msec", Quoted(Seconds(r.ts_ms))},
               {"clientip", Quoted(r.client)},
               {"user", Quoted(NginxJson(r.user))},
               {"method", Quoted(request ? r.method : "")},
               {"http_host", Quoted(NginxJson(r.host))},
               {"domain", Quoted(NginxJson(r.host))},
               {"request_uri", Quoted(request ? NginxJson(r.target) : "")},
               {"protocol", Quoted(r.version)},
               {"status", Quoted(std::to_string(r.status))},
               {"body_bytes_sent", Quoted(std::to_string(r.bytes))},
               {"request_time", Quoted(Seconds(r.duration_us / 1000))},
               {"upstreamtime", Quoted("")},
               {"upstreamhost", Quoted("")},
               {"xff", Quoted(NginxJson(r.forwarded_for))},
               {"referer", Quoted(NginxJson(r.referer))},
               {"http_user_agent", Quoted(NginxJson(r.agent))}});
}

std::string WriteRich(const SentRequest& r) {
  const bool request = r.garbage.empty();
  return Json({{"@timestamp", Quoted(Iso8601(r))},
               {"msec", Quoted(Seconds(r.ts_ms))},
               {"host", Quoted("10.1.2.3")},
               {"clientip", Quoted(r.client)},
               {"remote_user", Quoted(NginxJson(r.user))},
               {"size", std::to_string(r.bytes)},
               {"request_time", Quoted(Seconds(r.duration_us / 1000))},
               {"http_host", Quoted(NginxJson(r.host))},
               {"method", Quoted(request ? r.method : "")},
               {"request", Quoted(NginxJson(SentLine(r)))},
               {"request_uri", Quoted(request ? NginxJson(r.target) : "")},
               {"uri", Quoted(request ? NginxJson(DecodedPath(r.target)) : "")},
               {"args", Quoted(request ? NginxJson(QueryOf(r.target)) : "")},
               {"domain", Quoted(NginxJson(r.host))},
               {"xff", Quoted(NginxJson(r.forwarded_for))},
               {"referer", Quoted(NginxJson(r.referer))},
               {"http_user_agent", Quoted(NginxJson(r.agent))},
               {"status", Quoted(std::to_string(r.status))}});
}

ToldRequest TellRich(const SentRequest& r) {
  ToldRequest told = TellCombined(r, VisibleUtf8);
  told.ts_ms = r.ts_ms;
  told.duration_us = r.duration_us / 1000 * 1000;
  told.host = ShownText(VisibleUtf8, r.host);
  return told;
}

}  // namespace

std::vector<LogDialect> NginxDialects() {
  using enum BareParts;
  return {{"nginx, common format", LogFormat::kNginx, kNone, WriteCommon, TellCommon, {}},
          {"nginx, recommended format", LogFormat::kNginx, kNone, WriteRecommended, TellRich, {}},
          {"nginx, rich format", LogFormat::kNginx, kNone, WriteRich, TellRich, {}}};
}

}  // namespace routerate
