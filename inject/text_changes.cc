// What differs between two trees tells the edits: a node of `after` that was read somewhere is the
// node of `before` that was read there, one that was not is new.
#include "inject/text_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "inject/text_edits.h"
#include "inject/yaml_reader.h"
#include "inject/yaml_writer.h"

namespace routerate {
namespace {

// What stands before the document's first node, and behind its last.
std::string Before(std::string_view text, const YamlNode& document) {
  const std::size_t begin = LineBegin(text, document.offset);
  const bool beside_dashes = text.substr(begin).starts_with("---");
  return std::string(text.substr(0, begin)) +
         (beside_dashes ? WithLineEnds("---\n", LineEndOf(text)) : "");
}

std::string_view Behind(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text.substr(LineBegin(text, text.size())).starts_with("...") ? "...\n" : "";
}

std::string WrittenAnew(std::string_view text, const YamlNode& before, const YamlNode& after) {
  const std::string lines = BlockDocument(after, IndentOf(text, before));
  return Before(text, before) + WithLineEnds(lines + std::string(Behind(text)), LineEndOf(text));
}

}  // namespace

Result<ChangedText> ChangeText(std::string_view text, const YamlNode& before,
                               const YamlNode& after) {
  if (auto edited = EditText(text, before, after)) {
    const auto read = ReadYaml(*edited);
    if (read && Same(*read, after)) return ChangedText{std::move(*edited), Rewrite::kLines};
  }
  const YamlNode merged = Merged(after);
  std::string anew = WrittenAnew(text, before, merged);
  const auto read = ReadYaml(anew);
  if (read && Same(*read, merged)) return ChangedText{std::move(anew), Rewrite::kWhole};
  return Fail(
      fmt::format("{}: this document cannot be written anew: put it in block style", before.line));
}

}  // namespace routerate
