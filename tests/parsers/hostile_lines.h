// Pieces of log lines that several model servers share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/parsers/hostile_request.h"

namespace routerate {

// From a client's bytes to what the log has, and from those to what an event shows.
using TextWriter = std::string (*)(std::string_view bytes);
using TextReader = std::string (*)(std::string_view bytes);

inline std::string Bare(std::string_view bytes) { return std::string(bytes); }

// Nothing is logged as "-".
template <TextWriter kWrite>
std::string OrDash(std::string_view bytes) {
  return bytes.empty() ? "-" : kWrite(bytes);
}

// "2026-11-22T23:59:44+08:00"
std::string Iso8601(const SentRequest& request);
// "[22/Nov/2026:23:59:44 +0800]"
std::string ClfTime(const SentRequest& request);
// "0.042" for 42.
std::string Seconds(std::int64_t thousandths);

// Keys, and values as they are to stand there.
using JsonPairs = std::vector<std::pair<std::string_view, std::string>>;
std::string Json(const JsonPairs& pairs);
std::string Quoted(std::string_view text);

// "GET /a HTTP/1.1", or what came instead of it.
std::string SentLine(const SentRequest& request);
std::string PathOf(std::string_view target);
// Without its '?'.
std::string QueryOf(std::string_view target);

// What an event shows of text that the log has as `bytes`: logs write "-" for nothing.
std::string ShownText(TextReader read, std::string_view bytes);

// All that combined's fields tell.
ToldRequest TellCombined(const SentRequest& request, TextReader read);

}  // namespace routerate
