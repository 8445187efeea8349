// What a client of the metrics APIs asks for: a metric of which objects, and which of their
// requests. The paths are those of custom.metrics.k8s.io and external.metrics.k8s.io
// (k8s.io/metrics pkg/client).
#pragma once

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "aggregator/api_status.h"
#include "aggregator/label_selector.h"
#include "aggregator/metric_definition.h"

namespace routerate {

enum class MetricsApiVersion { kCustomV1Beta1, kCustomV1Beta2, kExternalV1Beta1 };

struct MetricQuestion {
  MetricsApiVersion version = MetricsApiVersion::kCustomV1Beta2;
  std::string name_space;
  // "pods", "services", "namespaces", a workload's "deployments.apps"; empty: external, all of the
  // namespace's services.
  std::string resource;
  std::string name;  // "*": each that `objects` selects
  const MetricDefinition* metric = nullptr;
  LabelSelector objects;  // by their own labels
  LabelSelector series;   // by what is told of requests: route_id, method, code, ...
};

// `rest` is the path behind /apis/GROUP/VERSION/, decoded and split at '/'. Query parameters that
// mean nothing here are ignored, as Kubernetes does.
std::expected<MetricQuestion, ApiError> ParseMetricQuestion(
    MetricsApiVersion version, std::span<const std::string_view> rest,
    const std::map<std::string, std::string>& query);

}  // namespace routerate
