// Plain only where nobody could take the text for anything else.
#include "agent/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace routerate {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool IsPlain(std::string_view text) {
  constexpr std::string_view kWordsOfYaml[] = {"true", "false", "null", "yes", "no",
                                               "on",   "off",   "y",    "n"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return !text.empty() && IsLetter(text.front()) &&
         std::ranges::find(kWordsOfYaml, lower) == std::end(kWordsOfYaml) &&
         std::ranges::all_of(text, [](char c) {
           return IsLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
         });
}

}  // namespace

std::string YamlText(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string YamlList(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + YamlText(text);
  return "[" + out + "]";
}

}  // namespace routerate
