// Boost.JSON for escaping and numbers.
#include "aggregator/stats_json.h"

#include <boost/json.hpp>

namespace routerate {
namespace {

boost::json::value ToJson(const PodLabels& labels) {
  boost::json::object object;
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

boost::json::value ToJson(const StatsValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return boost::json::string(*text);
  }
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return *count;
  if (const auto* labels = std::get_if<const PodLabels*>(&value)) return ToJson(**labels);
  const auto* age = std::get_if<StatsAge>(&value);
  if (age != nullptr && age->seconds) return *age->seconds;
  return nullptr;
}

std::string ObjectOf(const StatsRow& row, std::optional<WallMs> time) {
  boost::json::object object;
  if (time) object["time_ms"] = *time;
  for (const StatsColumn& column : StatsColumns()) {
    object[column.name] = ToJson(column.value(row));
  }
  return boost::json::serialize(object);
}

}  // namespace

// An object a line, so that grep works here too.
std::string StatsJson(std::span<const StatsRow> rows) {
  std::string out = "[";
  for (const StatsRow& row : rows) {
    out += out.size() > 1 ? ",\n" : "\n";
    out += ObjectOf(row, {});
  }
  return out + "\n]\n";
}

std::string StatsNdjson(std::span<const StatsRow> rows, std::optional<WallMs> time) {
  std::string out;
  for (const StatsRow& row : rows) out += ObjectOf(row, time) + "\n";
  return out;
}

std::string LabelsJson(const PodLabels& labels) { return boost::json::serialize(ToJson(labels)); }

}  // namespace routerate
