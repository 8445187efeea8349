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
    const std::size_t index = std::strtoul(value.substr(digits, kDigits).c_str(), nullptr, 10);
    out += value.substr(at, found - at);
    at = digits + kDigits;
    if (index >= variables_.size()) continue;
    const auto& [name, fallback] = variables_[index];
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
