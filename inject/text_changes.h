// The text of a changed document, made of the text that it was read from: lines are inserted and
// deleted, all others stay as they are, with their comments.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "inject/yaml_node.h"

namespace routerate {

enum class Rewrite { kLines, kWhole };

struct ChangedText {
  std::string text;
  Rewrite how;  // kWhole: written anew from the nodes, comments are gone
};

// `text` is a document's, `before` was read from it, and `after` is `before` with entries and items
// deleted, and others added at the ends of their collections. What comes of the edits is read
// again; where it is not `after`, the document is written anew. `text` may begin with a line of
// "---", and end without a line end. Fails where what was written anew is not `after` either: "7:
// ...".
Result<ChangedText> ChangeText(std::string_view text, const YamlNode& before,
                               const YamlNode& after);

}  // namespace routerate
