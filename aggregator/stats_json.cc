// Boost.JSON for escaping and numbers.
#include "aggregator/stats_json.h"

#include <boost/json.hpp>

#include "aggregator/row_json.h"

namespace routerate {

// An object a line, so that grep works here too.
std::string StatsJson(std::span<const StatsRow> rows) {
  std::string out = "[";
  for (const StatsRow& row : rows) {
    out += out.size() > 1 ? ",\n" : "\n";
    out += boost::json::serialize(RowJson(row));
  }
  return out + "\n]\n";
}

std::string StatsNdjson(std::span<const StatsRow> rows, std::optional<WallMs> time) {
  std::string out;
  for (const StatsRow& row : rows) {
    boost::json::object object;
    if (time) object["time_ms"] = *time;
    for (auto& [key, value] : RowJson(row)) object.emplace(key, std::move(value));
    out += boost::json::serialize(object) + "\n";
  }
  return out;
}

std::string LabelsJson(const PodLabels& labels) {
  return boost::json::serialize(LabelsObject(labels));
}

}  // namespace routerate
