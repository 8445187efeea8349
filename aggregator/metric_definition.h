// The metrics that the metrics APIs serve, each a function of what a service, a workload or a pod
// was asked for of late.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "aggregator/windows.h"

namespace routerate {

enum class MetricKind {
  kRequestRate,       // requests per second
  kErrorRate,         // those with a status of 5xx
  kDurationQuantile,  // seconds, of the last minute's requests
};

struct MetricDefinition {
  std::string_view name;  // lower case: clients of external.metrics.k8s.io ask for no other
  MetricKind kind;
  std::size_t window;  // of kWindows
};

inline constexpr double kDurationQuantile = 0.95;

inline constexpr std::array<MetricDefinition, 5> kMetricDefinitions = {{
    {"http_requests_per_second", MetricKind::kRequestRate, kMinuteWindow},
    {"http_requests_per_second_10s", MetricKind::kRequestRate, kMinuteWindow - 1},
    {"http_requests_per_second_5m", MetricKind::kRequestRate, kMinuteWindow + 1},
    {"http_errors_per_second", MetricKind::kErrorRate, kMinuteWindow},
    {"http_request_duration_p95_seconds", MetricKind::kDurationQuantile, kMinuteWindow},
}};

// "http_requests_per_second, ...": for messages.
std::string_view MetricNames();

// Letters' case does not matter. nullptr: there is none of this name.
const MetricDefinition* FindMetric(std::string_view name);

}  // namespace routerate
