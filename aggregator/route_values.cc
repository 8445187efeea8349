// The question of an external metric, asked once for each metric.
#include "aggregator/route_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aggregator/metric_question.h"
#include "aggregator/metric_subjects.h"
#include "aggregator/metric_values.h"

namespace routerate {
namespace {

namespace json = boost::json;

constexpr std::string_view kPrefix = "/v1/routes/";

HttpResponse Json(int status, const json::object& object) {
  return {status, "application/json", json::serialize(object) + "\n"};
}

HttpResponse Refuse(const ApiError& error) { return Json(error.code, {{"error", error.message}}); }

// What the query says, as a selector.
std::expected<std::string, ApiError> SelectorOf(const HttpRequest& request) {
  constexpr std::array<std::string_view, 5> kParameters = {"service", "method", "code", "host",
                                                           "workload"};
  std::string selector = "route_id=" + request.path.substr(kPrefix.size());
  for (const auto& [key, value] : request.query) {
    if (key == "namespace") continue;
    if (std::ranges::find(kParameters, key) == kParameters.end()) {
      return std::unexpected(ApiError{
          400, fmt::format("unknown parameter '{}'; here are: namespace (required), service, "
                           "method, code, host, workload",
                           key)});
    }
    selector += fmt::format(",{}={}", key, value);
  }
  return selector;
}

using Values = std::expected<std::vector<MetricValue>, ApiError>;

Values Ask(const MetricDefinition& metric, const std::string& name_space,
           const std::string& selector, const StatsSnapshot& snapshot,
           const AggregatorOptions& options) {
  const std::array<std::string_view, 3> path = {"namespaces", name_space, metric.name};
  const auto question =
      ParseMetricQuestion(MetricsApiVersion::kExternalV1Beta1, path, {{"labelSelector", selector}});
  if (!question) return std::unexpected(question.error());
  const auto subjects = FindSubjects(*question, snapshot);
  if (!subjects) return std::unexpected(subjects.error());
  return MetricValuesOf(*question, *subjects, snapshot, options);
}

}  // namespace

HttpResponse RouteValues(const HttpRequest& request, const StatsSnapshot& snapshot,
                         const AggregatorOptions& options) {
  const auto name_space = request.query.find("namespace");
  if (name_space == request.query.end() || name_space->second.empty()) {
    return Refuse({400, "namespace= is required, as in /v1/routes/get-orders-id?namespace=shop"});
  }
  const auto selector = SelectorOf(request);
  if (!selector) return Refuse(selector.error());
  json::object object{{"namespace", name_space->second},
                      {"route_id", request.path.substr(kPrefix.size())}};
  std::optional<ApiError> error;
  bool any = false;
  for (const MetricDefinition& metric : kMetricDefinitions) {
    const Values values = Ask(metric, name_space->second, *selector, snapshot, options);
    if (values) {
      any = true;
      object[metric.name] = values->front().value;
    } else {
      object[metric.name] = nullptr;
      if (!error) error = values.error();
    }
  }
  return any ? Json(200, object) : Refuse(*error);
}

}  // namespace routerate
