// Found by walking the five of them.
#include "aggregator/metric_definition.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace routerate {
namespace {

std::string ListNames() {
  std::string names;
  for (const MetricDefinition& metric : kMetricDefinitions) {
    names += names.empty() ? "" : ", ";
    names += metric.name;
  }
  return names;
}

}  // namespace

std::string_view MetricNames() {
  static const std::string names = ListNames();
  return names;
}

const MetricDefinition* FindMetric(std::string_view name) {
  const auto is = [name](const MetricDefinition& metric) {
    return std::ranges::equal(metric.name, name, {}, {}, AsciiLower);
  };
  const auto* found = std::ranges::find_if(kMetricDefinitions, is);
  return found == kMetricDefinitions.end() ? nullptr : found;
}

}  // namespace routerate
