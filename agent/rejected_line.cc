// A rejected line as text for people and as a record for programs.
#include "agent/rejected_line.h"

#include <fmt/format.h>

namespace routerate {
namespace {

constexpr std::string_view kCut = "...";

void AppendPrintable(char c, std::string* out) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\\') {
    *out += "\\\\";
  } else if (byte >= 0x20 && byte < 0x7F) {
    *out += c;
  } else {
    *out += fmt::format("\\x{:02X}", byte);
  }
}

// What stands in the log, whatever a client sent: from the line's beginning, or from somewhat
// before a column that would not be seen then.
std::string Excerpt(std::string_view line, std::size_t column) {
  constexpr std::size_t kBefore = 60;
  std::string out;
  if (column > kExcerptBytes / 2 && column <= line.size()) {
    line.remove_prefix(column - 1 - kBefore);
    out = kCut;
  }
  for (const char c : line) {
    const std::size_t before = out.size();
    AppendPrintable(c, &out);
    if (out.size() > kExcerptBytes - kCut.size()) {
      out.resize(before);
      return out += kCut;
    }
  }
  return out;
}

}  // namespace

std::string Describe(const RejectedLine& line) {
  const std::string place = line.number ? fmt::format("line {}", *line.number)
                                        : fmt::format("line at byte {}", line.offset);
  return fmt::format("{}, column {}: {}: {}", place, line.why.column,
                     RejectReasonName(line.why.reason), Excerpt(line.bytes, line.why.column));
}

HeaderPairs EncodeHeaders(const RejectedLine& line, const std::string& source,
                          const std::string& file) {
  HeaderPairs pairs = {{"rr-version", std::to_string(kRecordVersion)},
                       {"rr-kind", "reject"},
                       {"rr-source", source},
                       {"rr-file", file},
                       {"rr-offset", std::to_string(line.offset)}};
  if (line.number) pairs.emplace_back("rr-line", std::to_string(*line.number));
  pairs.emplace_back("rr-reason", RejectReasonName(line.why.reason));
  pairs.emplace_back("rr-column", std::to_string(line.why.column));
  return pairs;
}

HeaderPairs EncodeHeaders(const OversizeLine& line, const std::string& source,
                          const std::string& file) {
  return {{"rr-version", std::to_string(kRecordVersion)},
          {"rr-kind", "oversize"},
          {"rr-source", source},
          {"rr-file", file},
          {"rr-offset", std::to_string(line.offset)},
          {"rr-reason", "too_large"}};
}

}  // namespace routerate
