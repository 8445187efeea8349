// Environment variables in a configuration: found in its text, read from the environment here and
// nowhere else.
#include "base/yaml_variables.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <utility>

namespace routerate {
namespace {

constexpr std::string_view kWord = "routerate-variable-";
constexpr std::size_t kDigits = 6;

// The number that the kDigits digits at the front of `text` are; nullopt if they are not there.
std::optional<std::size_t> NumberAt(std::string_view text) {
  const std::string_view digits = text.substr(0, kDigits);
  if (digits.size() < kDigits || digits.find_first_not_of("0123456789") != digits.npos) {
    return std::nullopt;
  }
  std::size_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<std::size_t>(digit - '0');
  return number;
}

}  // namespace

std::string YamlVariables::Hide(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find("${", at);
    const std::size_t close = open == std::string::npos ? open : text.find_first_of("}\n", open);
    if (close == std::string::npos || text[close] != '}') return out + text.substr(at);
    const std::string inside = text.substr(open + 2, close - open - 2);
    const std::size_t mark = inside.find(":-");
    Variable variable{inside.substr(0, mark), std::nullopt};
    if (mark != std::string::npos) variable.fallback = inside.substr(mark + 2);
    out += fmt::format("{}{}{:0{}}", text.substr(at, open - at), kWord, variables_.size(), kDigits);
    variables_.push_back(std::move(variable));
    at = close + 1;
  }
}

Result<std::string> YamlVariables::Expand(const std::string& value) const {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t found = value.find(kWord, at);
    if (found == std::string::npos) return out + value.substr(at);
    const std::size_t digits = found + kWord.size();
    const auto index = NumberAt(std::string_view(value).substr(digits));
    // The user's own text may hold the word, too.
    const bool hidden = index && *index < variables_.size();
    out += value.substr(at, (hidden ? found : digits) - at);
    at = hidden ? digits + kDigits : digits;
    if (!hidden) continue;
    const auto& [name, fallback] = variables_[*index];
    const char* text = std::getenv(name.c_str());
    if (text != nullptr && *text != '\0') {
      out += text;
    } else if (fallback) {
      out += *fallback;
    } else {
      return Fail(fmt::format(
          "environment variable {0} is not set (set it, or write ${{{0}:-default}})", name));
    }
  }
}

}  // namespace routerate
