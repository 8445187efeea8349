// Texts as YAML would have to spell them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace routerate {

// `text` itself where that is plain YAML for a text, else in double quotes.
std::string YamlText(std::string_view text);

// `text` in double quotes, as YAML and JSON have them; control bytes and YAML 1.1's line ends
// beyond ASCII are escaped.
std::string QuotedText(std::string_view text);

// Whether `text` holds nothing that QuotedText escapes but quotes, backslashes and "\n".
bool IsPrintable(std::string_view text);

// False where some reader of YAML would take `text`, without quotes, for a number, a truth value,
// a date or nothing.
bool IsTextUnquoted(std::string_view text);

// [a, "b c"], in flow style.
std::string YamlList(const std::vector<std::string>& texts);

}  // namespace routerate
