// LogFields: what one log line says, by meaning, still as text. Each format fills it; one function
// (AccessEventFrom) makes the event of it, so that every format means the same by a path or a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/line_parser.h"

namespace routerate {

enum class LogField : std::uint8_t {
  kNone,         // a key that nobody needs
  kPreciseTime,  // with milliseconds: preferred
  kTime,
  kLocalTime,
  kMethod,      // "GET"; tomcat: the whole request line
  kRequest,     // request line
  kRequestUri,  // target as sent
  kUri,         // path as the server understood it: decoded, and after internal redirects
  kQuery,
  kStatus,
  kBytes,
  kSeconds,  // durations by unit
  kMillis,
  kMicros,
  kCommitMillis,  // until the response's first byte; less than a duration, better than nothing
  kClient,
  kReferer,
  kAgent,
  kUser,
  kDomain,  // nginx $host
  kHttpHost,
  kHost,  // the server's address in the widely copied format, so it counts only without the two
          // above
  kServerName,
  kOffset,  // the Kafka record's own
  kPath,
};
inline constexpr std::size_t kLogFieldCount = 25;

// Views into the line or its scratch space. A key that the line does not have is a view of nothing
// (data() is null), one with an empty value is not.
struct LogFields {
  std::array<std::string_view, kLogFieldCount> text;

  std::string_view& operator[](LogField f) { return text[static_cast<std::size_t>(f)]; }
  std::string_view operator[](LogField f) const { return text[static_cast<std::size_t>(f)]; }
  bool Has(LogField f) const { return (*this)[f].data() != nullptr; }
  // "-" is how logs write nothing.
  std::string_view Value(LogField f) const {
    const std::string_view value = (*this)[f];
    return value == "-" ? std::string_view() : value;
  }
};

// `line` tells the column of a rejection: kNoTime, kBadTime, kBadNumber.
std::expected<AccessEvent, Rejection> AccessEventFrom(const LogFields& fields,
                                                      std::string_view line);

}  // namespace routerate
