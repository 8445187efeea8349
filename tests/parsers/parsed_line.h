// What a LineParser makes of a line, as text that a test can compare.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/event_record.h"
#include "parsers/line_parser.h"

namespace routerate {

// A line in memory of its own with just the padding that it must have, so that a sanitizer sees who
// reads past it.
class PaddedLine {
 public:
  explicit PaddedLine(std::string_view line)
      : size_(line.size()), bytes_(new char[line.size() + kLinePadding]) {
    std::memcpy(bytes_.get(), line.data(), line.size());
    std::memset(bytes_.get() + line.size(), '~', kLinePadding);
  }
  std::string_view text() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

// The event as its record has it, without "offset"; or "reason at column".
inline std::string ParsedLine(LineParser* parser, std::string_view line) {
  const PaddedLine padded(line);
  const auto event = parser->Parse(padded.text());
  if (!event) {
    return std::string(RejectReasonName(event.error().reason)) + " at " +
           std::to_string(event.error().column);
  }
  std::string record;
  AppendEvent(0, *event, &record);
  record.pop_back();
  constexpr std::string_view kOffset = "\"offset\":0,";
  return record.erase(1, kOffset.size());
}

inline std::string ParsedLine(LogFormat format, std::string_view line) {
  LineParser parser(LineFormat::Of(format));
  return ParsedLine(&parser, line);
}

struct LineCase {
  const char* what;
  std::string line;
  std::string event;
};

}  // namespace routerate
