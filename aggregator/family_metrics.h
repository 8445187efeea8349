// Families of prometheus-cpp with one sample or a few, made in one line.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

namespace routerate {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

// Of a family of counters or gauges.
inline void AddValue(prometheus::MetricFamily& family, MetricLabels labels, double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = metric.gauge.value = value;  // the family's type says which is shown
  family.metric.push_back(std::move(metric));
}

inline prometheus::MetricFamily SingleFamily(std::string name, std::string help,
                                             prometheus::MetricType type, double value) {
  prometheus::MetricFamily family{std::move(name), std::move(help), type, {}};
  AddValue(family, {}, value);
  return family;
}

}  // namespace routerate
