// Where the entries of a collection in flow style, "{a: b}" or "[a, b]", stand in its text.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace routerate {

struct FlowText {
  struct Range {
    std::size_t begin;
    std::size_t end;  // behind its last byte that is neither white space nor a comment
  };
  std::size_t inside;          // behind the opening bracket
  std::vector<Range> entries;  // of a map with their keys; none is empty
};

// Of the collection whose opening bracket is the first at or behind `offset`; nullopt where its end
// is not found.
std::optional<FlowText> ScanFlow(std::string_view text, std::size_t offset);

}  // namespace routerate
