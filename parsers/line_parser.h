// One log line in, one AccessEvent out. The only parser its callers know; the formats behind it are
// nginx_json, tomcat_json and combined_line.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

#include "parsers/access_event.h"

namespace routerate {

enum class LogFormat { kAuto, kNginx, kTomcat, kCombined };

// "auto", "nginx", "tomcat", "combined"; nullopt for any other name.
std::optional<LogFormat> LogFormatFromName(std::string_view name);
std::string_view LogFormatName(LogFormat format);

// Why a line gave no event. A stable name each (RejectReasonName): it is a metric's label value.
enum class RejectReason {
  kEmpty,        // nothing but white space
  kNotJson,      // a JSON format was expected and this is not JSON
  kNotCombined,  // the combined format was expected and this is not it
  kNoTime,       // no field holds the request's time
  kBadTime,      // there is one, in no known notation
  kBadNumber,    // status, bytes or duration is not a number
  kUnknown,      // format auto, and no format fits
};
inline constexpr int kRejectReasonCount = 7;
std::string_view RejectReasonName(RejectReason reason);

struct Rejection {
  RejectReason reason;
  std::size_t column;  // of the byte where it became clear, 1-based; 1 when not known better
};

// Bytes that must be readable (not meaningful) behind a line given to Parse.
inline constexpr std::size_t kLinePadding = 64;

// Not thread-safe; one a file, so that what is learnt of a file's dialect stays with it. Memory is
// bounded by the longest line seen.
class LineParser {
 public:
  explicit LineParser(LogFormat format);
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  // `line` has no line end ("\r" before it is allowed) and kLinePadding readable bytes behind it.
  // The event's views live as access_event.h says.
  std::expected<AccessEvent, Rejection> Parse(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace routerate
