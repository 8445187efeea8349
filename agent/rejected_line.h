// RejectedLine: a line that gave no event, with its place. It is counted, shown to people now and
// then, and kept in the dead-letter topic if there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/event_record.h"
#include "parsers/rejection.h"

namespace routerate {

struct RejectedLine {
  std::uint64_t offset = 0;             // of its first byte in its file
  std::optional<std::uint64_t> number;  // 1-based; absent when lines before it were never counted
  Rejection why;
  std::string_view bytes;  // as in the file, without its "\n"
};

// "line 17, column 3: not_json: {\"a..." or, without a number, "line at byte 4711, column 3: ...".
// Printable ASCII; of the line at most kExcerptBytes are shown, escaped, near the column.
inline constexpr std::size_t kExcerptBytes = 200;
std::string Describe(const RejectedLine& line);

// The headers of its record in the dead-letter topic (docs/record.md); `file` is the file's id.
HeaderPairs EncodeHeaders(const RejectedLine& line, const std::string& source,
                          const std::string& file);

// A line whose event alone is larger than the events' topic takes: the event as it would have been
// sent, a line of JSON. Its record's kind is `oversize`.
struct OversizeLine {
  std::uint64_t offset;  // of the line's first byte in its file
  std::string_view event;
};
HeaderPairs EncodeHeaders(const OversizeLine& line, const std::string& source,
                          const std::string& file);

}  // namespace routerate
