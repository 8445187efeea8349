// LogField: what a key of a log line can mean. Every format's keys are names for these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

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
  kIdentity,  // what identd says: nothing, "-"
  kDomain,    // nginx $host
  kHttpHost,
  kHost,  // the server's address in the widely copied format, so it counts only without the two
          // above
  kServerName,
  kOffset,  // the Kafka record's own
  kPath,
};
inline constexpr std::size_t kLogFieldCount = 26;

// The names by which a configuration maps its own keys (agent.yaml, inputs[].keys): time, method,
// request, request_uri, uri, query, status, bytes, duration_s, duration_ms, duration_us, client,
// referer, agent, user, host; and ignore, which gives kNone. nullopt for any other name.
std::optional<LogField> LogFieldFromName(std::string_view name);
std::vector<std::string_view> LogFieldNames();

}  // namespace routerate
