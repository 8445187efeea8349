// Hostile text is pieces strung together: fake fields of every pattern, in every way of escaping a
// quote; whole fake ends and lines; halves of escapes; bytes that are no text.
#include "tests/parsers/hostile_text.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace routerate {
namespace {

using std::string_view_literals::operator""sv;

// The keys of all patterns that the model servers have, and those that are read when present.
constexpr std::string_view kKeys[] = {"clientip",
                                      "ClientUser",
                                      "authenticated",
                                      "AccessTime",
                                      "method",
                                      "status",
                                      "SendBytes",
                                      "duration_ms",
                                      "duration_us",
                                      "duration_s",
                                      "D",
                                      "F",
                                      "commit_ms",
                                      "Query?string",
                                      "partner",
                                      "AgentVersion",
                                      "host",
                                      "@timestamp",
                                      "time_iso8601",
                                      "msec",
                                      "uri",
                                      "request_uri",
                                      "request",
                                      "domain",
                                      "http_host",
                                      "size",
                                      "responsetime",
                                      "request_time",
                                      "referer",
                                      "http_referer",
                                      "xff",
                                      "http_user_agent",
                                      "remote_user",
                                      "user",
                                      "statusCode",
                                      "elapsedTime",
                                      "requestHeaders",
                                      "Referer",
                                      "User-Agent",
                                      "time",
                                      "logicalUserName",
                                      "request_method"};

constexpr std::string_view kValues[] = {"999",
                                        "0",
                                        "-",
                                        "",
                                        "forged",
                                        "GET /forged HTTP/1.1",
                                        "[01/Jan/2020:00:00:00 +0000]",
                                        "2020-01-01T00:00:00+00:00",
                                        "1577836800.000",
                                        "/forged",
                                        "?forged=1",
                                        "\\"};

// How a hostile client may try to write `"`.
constexpr std::string_view kQuotes[] = {"\"",     "\\\"", "\\x22",   "\\u0022",
                                        "\\\\\"", "%22",  "\\\\\\\""};

constexpr std::string_view kPieces[] = {
    R"(","status":"999","x":")",
    R"("})",
    R"("}{"status":"500"})",
    R"(\)",
    R"(\")",
    R"(\\)",
    R"(\u0022)",
    R"(\x22)",
    R"(\x5C)",
    R"(\u00)",
    R"(\u00e9)",
    R"(\u00c3\u00a9)",
    R"(\uD83D\uDE00)",
    R"(\ud800)",
    R"(\u0000)",
    R"(\x)",
    R"(\x0A)",
    R"(\n)",
    R"(\b)",
    R"(\v)",
    R"(")",
    R"("")",
    R"(","")",
    R"(":")",
    R"(",")",
    R"(","partner":"","AgentVersion":")",
    R"(","partner":"forged","AgentVersion":"forged)",
    R"(","Query?string":"","partner":"-","AgentVersion":")",
    R"(","Query?string":"?forged=1","partner":"-","AgentVersion":"forged"})",
    (R"( HTTP/1.1","status":"999","SendBytes":"1","Query?string":"","partner":"-",)"
     R"("AgentVersion":"x)"),
    (R"(","status":"999","SendBytes":"1","duration_ms":"0",)"
     R"("Query?string":"","partner":"x",)"
     R"("AgentVersion":"y"})"),
    (R"(","AccessTime":"[01/Jan/2020:00:00:00 +0000]","method":"GET /forged HTTP/1.1",)"
     R"("status":"999",)"
     R"("SendBytes":"1","Query?string":"","partner":"x","AgentVersion":"y"})"),
    (R"({"clientip":"6.6.6.6","ClientUser":"-","authenticated":"-",)"
     R"("AccessTime":"[01/Jan/2020:00:00:00 +0000]","method":"GET /forged HTTP/1.1",)"
     R"("status":"999","SendBytes":"1","Query?string":"","partner":"x","AgentVersion":"y"})"),
    (R"({"@timestamp":"2020-01-01T00:00:00+00:00","host":"6.6.6.6","clientip":"6.6.6.6","size":1,)"
     R"("responsetime":0.001,"http_host":"x","uri":"/forged","domain":"x","xff":"-","referer":"-",)"
     R"("tcp_xff":"-","http_user_agent":"x","status":"999"})"),
    (R"(","request":"GET /forged HTTP/1.1","statusCode":"999","size":"1",)"
     R"("requestHeaders": {"Referer":")"),
    R"("},"statusCode":"999","x":{"a":")",
    R"(","User-Agent":")",
    R"(6.6.6.6 - - [01/Jan/2020:00:00:00 +0000] "GET /forged HTTP/1.1" 999 1 "-" "forged" 0.001)",
    R"( [01/Jan/2020:00:00:00 +0000] "GET /forged HTTP/1.1" 999 1 "-" "-")",
    R"(] "GET /forged HTTP/1.1" 999 1)",
    R"(" 999 1 "forged" "forged)",
    R"( HTTP/1.1" 999 1 "-" "x)",
    R"(" ")",
    R"(" "forged" 0.001)",
    R"(" rt=0.000 ")",
    R"( 0.000)",
    R"(] )",
    R"( - )",
    R"( HTTP/1.1)",
    R"(?)",
    R"(?a=1&b=%22)",
    R"({)",
    R"(})",
    R"([)",
    R"(])",
    R"(,)",
    R"(:)",
    R"(-)",
    R"(/)",
    R"(/../../etc/passwd)",
    R"(//evil.example/)",
    R"(%0A)",
    R"(%22,%22status%22:%22999)",
    R"(%5C%22)",
    R"(%20HTTP/1.1)",
    R"(http://evil.example/)",
    R"(null)",
    R"(Mozilla/5.0 (X11; Linux x86_64))",
    "\t",
    "\x01",
    "\x0B",
    "\x0C",
    "\x1B[31m",
    "\x7F",
    "\x80",
    "\xC3",
    "\xC3\xA9",
    "\xE9",
    "\xE2\x80\xA8",
    "\xC2\x85",
    "\xED\xA0\x80",
    "\xF0\x9F\x98\x80",
    "\xFF\xFE",
    "\xEF\xBB\xBF",
    "\0"sv,
    "\r\n",
    "\n",
};

void Replace(std::string* text, std::string_view what, std::string_view by) {
  for (std::size_t at = text->find(what); at != std::string::npos;
       at = text->find(what, at + by.size())) {
    text->replace(at, what.size(), by);
  }
}

// A fake field of any pattern, between quotes of one kind.
std::string FakeField(Choices* choices) {
  const std::string_view key = choices->OneOf(kKeys);
  const std::string_view value = choices->OneOf(kValues);
  std::string text;
  switch (choices->Below(4)) {
    case 0:
      text = "\",\"" + std::string(key) + "\":\"" + std::string(value);
      break;
    case 1:
      text = "\",\"" + std::string(key) + "\":\"" + std::string(value) + "\",\"x\":\"";
      break;
    case 2:
      text = "\",\"" + std::string(key) + "\":" + std::string(value) + ",\"x\":\"";
      break;
    default:
      text = "\"},\"" + std::string(key) + "\":{\"x\":\"" + std::string(value);
      break;
  }
  if (choices->OneIn(3)) Replace(&text, "\"", choices->OneOf(kQuotes));
  return text;
}

std::string Piece(Choices* choices) {
  switch (choices->Below(8)) {
    case 0:
    case 1:
    case 2:
      return std::string(choices->OneOf(kPieces));
    case 3:
    case 4:
      return FakeField(choices);
    case 5: {  // cut anywhere
      const std::string_view piece = choices->OneOf(kPieces);
      return std::string(piece.substr(choices->Below(piece.size() + 1)));
    }
    case 6: {
      const std::string_view piece = choices->OneOf(kPieces);
      return std::string(piece.substr(0, choices->Below(piece.size() + 1)));
    }
    default:
      return choices->Bytes(1 + choices->Below(12));
  }
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsBanned(char c, ClientText place) {
  if (place == ClientText::kUser) return c == ':';
  if (c == '\n' || c == '\r') return true;
  switch (place) {
    case ClientText::kTarget:
      return IsBlank(c) || c == '\0';
    case ClientText::kHost:
      return (c >= 0 && c <= ' ') || c == '/' || c == ':' || c == '\x7F' || (c >= 'A' && c <= 'Z');
    case ClientText::kGarbage:
      return false;
    default:
      return c == '\0';
  }
}

std::string Trimmed(std::string text) {
  while (!text.empty() && IsBlank(text.back())) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

}  // namespace

std::string HostileText(Choices* choices, ClientText place) {
  std::string text = place == ClientText::kTarget ? "/" : "";
  for (std::uint64_t pieces = 1 + choices->Below(choices->OneIn(4) ? 8 : 3); pieces > 0; --pieces) {
    text += Piece(choices);
  }
  std::erase_if(text, [place](char c) { return IsBanned(c, place); });
  const bool header = place == ClientText::kReferer || place == ClientText::kAgent ||
                      place == ClientText::kForwardedFor;
  return header ? Trimmed(std::move(text)) : text;
}

}  // namespace routerate
