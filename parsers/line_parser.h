// One log line in, one AccessEvent out. The only parser its callers know; the formats behind it are
// nginx_json, tomcat_json and combined_line.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string_view>

#include "parsers/access_event.h"
#include "parsers/line_format.h"
#include "parsers/rejection.h"

namespace routerate {

// Bytes that must be readable (not meaningful) behind a line given to Parse.
inline constexpr std::size_t kLinePadding = 64;

// Not thread-safe; one a file, so that what is learnt of a file's dialect stays with it. Memory is
// bounded by the longest line seen.
class LineParser {
 public:
  // Borrows `format` for its lifetime.
  explicit LineParser(const LineFormat& format);
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  // `line` has no line end ("\r" before it is allowed) and kLinePadding readable bytes behind it.
  // The event's views live as access_event.h says.
  std::expected<AccessEvent, Rejection> Parse(std::string_view line);

  // Whether the line that Parse took last was not what its format promises, and was understood all
  // the same: an escape that JSON lacks, a bare quote, bytes that are no UTF-8.
  bool repaired() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace routerate
