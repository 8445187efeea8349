// Keys are checked here once, so that LineFormat may take them for granted.
#include "agent/key_mapping.h"

#include <fmt/format.h>

#include "base/yaml_text.h"

namespace routerate {
namespace {

// The first of the names that mean this field.
std::string_view FirstNameOf(LogField field) {
  for (const std::string_view name : LogFieldNames()) {
    if (LogFieldFromName(name) == field) return name;
  }
  return {};
}

}  // namespace

Result<void> AddKey(const std::string& key, std::string_view field, KeyMapping* mapping) {
  if (key.empty()) return Fail("a key must not be empty");
  const auto meaning = LogFieldFromName(field);
  if (!meaning) {
    return Fail(fmt::format("'{}' is not one of {}", field, fmt::join(LogFieldNames(), ", ")));
  }
  if (mapping->size() == kMostMappedKeys && !mapping->contains(key)) {
    return Fail(fmt::format("at most {} keys can be mapped", kMostMappedKeys));
  }
  (*mapping)[key] = *meaning;
  return {};
}

Result<void> AddKey(std::string_view name_and_field, KeyMapping* mapping) {
  const std::size_t equals = name_and_field.rfind('=');
  if (equals == std::string_view::npos) {
    return Fail(fmt::format("'{}' is not NAME=FIELD such as took=duration_ms", name_and_field));
  }
  return AddKey(std::string(name_and_field.substr(0, equals)), name_and_field.substr(equals + 1),
                mapping);
}

std::string ShowKeys(const KeyMapping& mapping) {
  std::string out;
  for (const auto& [key, field] : mapping) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", YamlText(key), FirstNameOf(field));
  }
  return "{" + out + "}";
}

}  // namespace routerate
