// A manifest's text, cut into its documents.
#pragma once

#include <string_view>
#include <vector>

namespace routerate {

struct DocumentText {
  std::string_view text;  // with its line of "---" and its line of "...", if any
  int line;               // its first, from 1
};

// Together they are `text`. A document may be empty, or comments only.
std::vector<DocumentText> SplitDocuments(std::string_view text);

}  // namespace routerate
