// Each kind of value has one form.
#include "aggregator/row_json.h"

#include <boost/json.hpp>

namespace routerate {
namespace {

boost::json::value ValueJson(const StatsValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return boost::json::string(*text);
  }
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return *count;
  if (const auto* labels = std::get_if<const PodLabels*>(&value)) return LabelsObject(**labels);
  const auto* age = std::get_if<StatsAge>(&value);
  if (age != nullptr && age->seconds) return *age->seconds;
  return nullptr;
}

}  // namespace

boost::json::object LabelsObject(const PodLabels& labels) {
  boost::json::object object;
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

boost::json::object RowJson(const StatsRow& row) {
  boost::json::object object;
  for (const StatsColumn& column : StatsColumns()) {
    object[column.name] = ValueJson(column.value(row));
  }
  return object;
}

}  // namespace routerate
