// A path is discovery's or a metric's; everything else is not found, which is what Kubernetes
// expects of /openapi too.
#include "aggregator/metrics_api.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "aggregator/api_status.h"
#include "aggregator/metric_lists.h"
#include "aggregator/metric_subjects.h"
#include "aggregator/metric_values.h"
#include "aggregator/request_info.h"

namespace routerate {
namespace {

// The preferred version first.
const std::vector<std::vector<MetricsApiVersion>>& Groups() {
  static const std::vector<std::vector<MetricsApiVersion>> groups = {
      {MetricsApiVersion::kCustomV1Beta2, MetricsApiVersion::kCustomV1Beta1},
      {MetricsApiVersion::kExternalV1Beta1},
  };
  return groups;
}

HttpResponse NotFound() {
  return ApiStatus(404, "the server could not find the requested resource");
}

}  // namespace

MetricsApi::MetricsApi(const AggregatorOptions& options, LatestSnapshot latest)
    : options_(options), latest_(std::move(latest)) {}

HttpResponse MetricsApi::Answer(const HttpRequest& request) const {
  const std::vector<std::string_view> parts = PathParts(request.path);
  if (parts.empty() || parts[0] != "apis") return NotFound();
  return AnswerApis(parts, request);
}

HttpResponse MetricsApi::AnswerApis(std::span<const std::string_view> parts,
                                    const HttpRequest& request) const {
  if (parts.size() == 1) return GroupListResponse(Groups());
  for (const auto& versions : Groups()) {
    const std::string_view group_version = GroupVersionOf(versions.front());
    if (parts[1] != group_version.substr(0, group_version.find('/'))) continue;
    if (parts.size() == 2) return GroupResponse(versions);
    for (const MetricsApiVersion version : versions) {
      if (fmt::format("{}/{}", parts[1], parts[2]) != GroupVersionOf(version)) continue;
      if (parts.size() == 3) return ResourceListResponse(version);
      return AnswerMetric(version, parts.subspan(3), request);
    }
  }
  return NotFound();
}

HttpResponse MetricsApi::AnswerMetric(MetricsApiVersion version,
                                      std::span<const std::string_view> rest,
                                      const HttpRequest& request) const {
  const auto question = ParseMetricQuestion(version, rest, request.query);
  if (!question) return ApiStatus(question.error().code, question.error().message);
  const auto snapshot = latest_();
  const auto subjects = FindSubjects(*question, *snapshot);
  if (!subjects) return ApiStatus(subjects.error().code, subjects.error().message);
  const auto values = MetricValuesOf(*question, *subjects, *snapshot, options_);
  if (!values) return ApiStatus(values.error().code, values.error().message);
  return MetricListResponse(*question, *values);
}

}  // namespace routerate
