// Texts as YAML would have to spell them, for showing what is in force.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace routerate {

// `text` itself where that is plain YAML for a text, else in double quotes; ASCII control bytes
// are escaped.
std::string YamlText(std::string_view text);

// [a, "b c"], in flow style.
std::string YamlList(const std::vector<std::string>& texts);

}  // namespace routerate
