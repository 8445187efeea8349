// The fields that a user can map keys to.
#include "parsers/log_field.h"

namespace routerate {
namespace {

using enum LogField;

struct FieldName {
  std::string_view name;
  LogField field;
};
constexpr FieldName kNames[] = {
    {"time", kTime},
    {"method", kMethod},
    {"request", kRequest},
    {"request_uri", kRequestUri},
    {"uri", kUri},
    {"query", kQuery},
    {"status", kStatus},
    {"bytes", kBytes},
    {"duration_s", kSeconds},
    {"duration_ms", kMillis},
    {"duration_us", kMicros},
    {"client", kClient},
    {"referer", kReferer},
    {"agent", kAgent},
    {"user", kUser},
    {"host", kDomain},
    {"ignore", kNone},
};

}  // namespace

std::optional<LogField> LogFieldFromName(std::string_view name) {
  for (const FieldName& known : kNames) {
    if (known.name == name) return known.field;
  }
  return std::nullopt;
}

std::vector<std::string_view> LogFieldNames() {
  std::vector<std::string_view> names;
  for (const FieldName& known : kNames) names.push_back(known.name);
  return names;
}

}  // namespace routerate
