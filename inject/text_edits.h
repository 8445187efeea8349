// Edits of a document's text that make it another's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inject/block_text.h"
#include "inject/yaml_node.h"

namespace routerate {

// `lines` with `line_end` in the place of each "\n".
std::string WithLineEnds(std::string_view lines, std::string_view line_end);

// `text`, of which `before` was read, with what `after` has more or less. nullopt where lines are
// no way to do it: behind an alias, say. What comes out may still mean something else, so it must
// be read again.
std::optional<std::string> EditText(std::string_view text, const YamlNode& before,
                                    const YamlNode& after);

}  // namespace routerate
