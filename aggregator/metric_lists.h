// The answers' JSON: MetricValueList and ExternalMetricValueList (k8s.io/metrics pkg/apis), and
// what discovery asks for (apimachinery pkg/apis/meta/v1).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/metric_question.h"
#include "aggregator/metric_values.h"
#include "base/http_server.h"

namespace routerate {

HttpResponse MetricListResponse(const MetricQuestion& question,
                                const std::vector<MetricValue>& values);

// "custom.metrics.k8s.io/v1beta2".
std::string_view GroupVersionOf(MetricsApiVersion version);

// APIGroupList, APIGroup, APIResourceList. Versions of one group, the preferred one first.
HttpResponse GroupListResponse(std::span<const std::vector<MetricsApiVersion>> groups);
HttpResponse GroupResponse(const std::vector<MetricsApiVersion>& versions);
HttpResponse ResourceListResponse(MetricsApiVersion version);

}  // namespace routerate
