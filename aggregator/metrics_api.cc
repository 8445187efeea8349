// A path is discovery's or a metric's; everything else is not found, which is what Kubernetes
// expects of /openapi too.
#include "aggregator/metrics_api.h"

#include <algorithm>
#include <utility>

#include "aggregator/api_status.h"
#include "aggregator/metric_lists.h"
#include "aggregator/metric_subjects.h"
#include "aggregator/metric_values.h"

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

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    segments.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  if (!segments.empty() && segments.back().empty()) segments.pop_back();  // /apis/
  return segments;
}

HttpResponse NotFound() {
  return ApiStatus(404, "the server could not find the requested resource");
}

}  // namespace

MetricsApi::MetricsApi(const AggregatorOptions& options, Latest latest)
    : options_(options), latest_(std::move(latest)) {}

HttpResponse MetricsApi::Answer(const HttpRequest& request) const {
  const std::vector<std::string> segments = Split(request.path);
  if (segments.size() == 1 &&
      (segments[0] == "healthz" || segments[0] == "livez" || segments[0] == "readyz")) {
    return {.body = "ok"};
  }
  if (segments.empty() || segments[0] != "apis") return NotFound();
  return AnswerApis(segments, request);
}

HttpResponse MetricsApi::AnswerApis(const std::vector<std::string>& segments,
                                    const HttpRequest& request) const {
  if (segments.size() == 1) return GroupListResponse(Groups());
  for (const auto& versions : Groups()) {
    const std::string_view group_version = GroupVersionOf(versions.front());
    if (segments[1] != group_version.substr(0, group_version.find('/'))) continue;
    if (segments.size() == 2) return GroupResponse(versions);
    for (const MetricsApiVersion version : versions) {
      if (segments[1] + "/" + segments[2] != GroupVersionOf(version)) continue;
      if (segments.size() == 3) return ResourceListResponse(version);
      return AnswerMetric(version, std::span(segments).subspan(3), request);
    }
  }
  return NotFound();
}

HttpResponse MetricsApi::AnswerMetric(MetricsApiVersion version, std::span<const std::string> rest,
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
