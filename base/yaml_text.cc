// Plain only where nobody could take the text for anything else.
#include "base/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace routerate {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool IsPlain(std::string_view text) {
  return !text.empty() && (IsLetter(text.front()) || text.front() == '/') && IsTextUnquoted(text) &&
         std::ranges::all_of(text, [](char c) {
           return IsLetter(c) || IsAsciiDigit(c) || c == '-' || c == '.' || c == '/';
         });
}

// The bytes at the front of `text` that are one of YAML 1.1's line ends beyond ASCII (NEL, LS, PS),
// as an escape; empty for others.
std::string_view EscapedLineEnd(std::string_view text) {
  if (text.starts_with("\xC2\x85")) return "\\u0085";
  if (text.starts_with("\xE2\x80\xA8")) return "\\u2028";
  if (text.starts_with("\xE2\x80\xA9")) return "\\u2029";
  return {};
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

std::string Escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '"' || c == '\\') return {'\\', c};
  return IsControl(c) ? fmt::format("\\u{:04x}", static_cast<unsigned char>(c)) : std::string(1, c);
}

}  // namespace

bool IsTextUnquoted(std::string_view text) {
  constexpr std::string_view kWordsOfYaml[] = {"",     "~",     "null",  "true", "false", "yes",
                                               "no",   "on",    "off",   "y",    "n",     ".nan",
                                               ".inf", "+.inf", "-.inf", "<<",   "="};
  if (std::ranges::find(kWordsOfYaml, AsciiLowered(std::string(text))) != std::end(kWordsOfYaml)) {
    return false;
  }
  // Numbers in all bases, with exponents or between colons, and dates.
  return !(IsAsciiDigit(text.front()) || std::string_view("+-.").contains(text.front())) ||
         text.find_first_not_of("0123456789abcdefABCDEFxXoOtTzZ_.:+- ") != std::string_view::npos;
}

bool IsPrintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\n' && IsControl(text[at])) return false;
    if (!EscapedLineEnd(text.substr(at)).empty()) return false;
  }
  return true;
}

std::string QuotedText(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view line_end = EscapedLineEnd(text.substr(at));
    if (line_end.empty()) {
      out += Escaped(text[at]);
    } else {
      out += line_end;
      at += line_end == "\\u0085" ? 1 : 2;
    }
  }
  return out + '"';
}

std::string YamlText(std::string_view text) {
  return IsPlain(text) ? std::string(text) : QuotedText(text);
}

std::string YamlList(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + YamlText(text);
  return "[" + out + "]";
}

}  // namespace routerate
