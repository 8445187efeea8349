// Found by walking the five of them.
#include "aggregator/metric_definition.h"

#include <algorithm>
#include <string>

namespace routerate {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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
    return std::ranges::equal(metric.name, name, {}, {}, Lower);
  };
  const auto* found = std::ranges::find_if(kMetricDefinitions, is);
  return found == kMetricDefinitions.end() ? nullptr : found;
}

}  // namespace routerate
