// A path's segments by their number: each form has its own.
#include "aggregator/metric_question.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace routerate {
namespace {

// Short names that people type and Kubernetes' own adapters resolve.
std::string FullResource(std::string_view resource) {
  constexpr std::array<std::string_view, 5> kApps = {"deployments", "statefulsets", "daemonsets",
                                                     "replicasets", "controllerrevisions"};
  for (const std::string_view name : kApps) {
    if (resource == name) return std::string(name) + ".apps";
  }
  if (resource == "jobs" || resource == "cronjobs") return std::string(resource) + ".batch";
  return std::string(resource == "ingresses" ? "ingresses.networking.k8s.io" : resource);
}

struct Place {
  std::string name_space;
  std::string resource;
  std::string name;
  std::string metric;
};

Place InNamespace(std::string_view name, std::string_view metric) {
  return {std::string(name), "namespaces", std::string(name), std::string(metric)};
}

std::unexpected<ApiError> NoSuchPath() {
  return std::unexpected(
      ApiError{404,
               "the server could not find the requested resource; metrics are at "
               "namespaces/NAMESPACE/{pods|services|deployments.apps}/NAME/METRIC and "
               "namespaces/NAMESPACE/metrics/METRIC"});
}

std::expected<Place, ApiError> PlaceOf(MetricsApiVersion version,
                                       std::span<const std::string_view> rest) {
  for (const std::string_view segment : rest) {
    if (segment.empty()) return NoSuchPath();
  }
  const bool in_namespace = rest.size() > 2 && rest[0] == "namespaces";
  if (version == MetricsApiVersion::kExternalV1Beta1) {
    if (!in_namespace || rest.size() != 3) {
      return std::unexpected(ApiError{404,
                                      "the server could not find the requested resource; "
                                      "metrics are at namespaces/NAMESPACE/METRIC"});
    }
    return Place{std::string(rest[1]), "", "", std::string(rest[2])};
  }
  if (in_namespace && rest.size() == 5) {
    return Place{std::string(rest[1]), FullResource(rest[2]), std::string(rest[3]),
                 std::string(rest[4])};
  }
  if (in_namespace && rest.size() == 4 && rest[2] == "metrics") {
    return InNamespace(rest[1], rest[3]);
  }
  if (rest.size() != 3) return NoSuchPath();
  if (rest[0] == "namespaces") return InNamespace(rest[1], rest[2]);
  return std::unexpected(ApiError{
      404, fmt::format("the server could not find the metric {} for {} {}: metrics are known of "
                       "objects in a namespace only",
                       rest[2], rest[0], rest[1])});
}

std::expected<LabelSelector, ApiError> SelectorOf(const std::map<std::string, std::string>& query,
                                                  const std::string& key) {
  const auto found = query.find(key);
  if (found == query.end()) return LabelSelector{};
  auto selector = LabelSelector::Parse(found->second);
  if (selector) return *std::move(selector);
  return std::unexpected(ApiError{400, fmt::format("unable to parse {} '{}': {}", key,
                                                   found->second, selector.error().message)});
}

}  // namespace

std::expected<MetricQuestion, ApiError> ParseMetricQuestion(
    MetricsApiVersion version, std::span<const std::string_view> rest,
    const std::map<std::string, std::string>& query) {
  auto place = PlaceOf(version, rest);
  if (!place) return std::unexpected(std::move(place.error()));
  const bool external = version == MetricsApiVersion::kExternalV1Beta1;
  auto objects = external ? LabelSelector{} : SelectorOf(query, "labelSelector");
  if (!objects) return std::unexpected(std::move(objects.error()));
  auto series = SelectorOf(query, external ? "labelSelector" : "metricLabelSelector");
  if (!series) return std::unexpected(std::move(series.error()));
  const MetricDefinition* metric = FindMetric(place->metric);
  if (metric == nullptr || (!external && metric->name != place->metric)) {
    return std::unexpected(ApiError{404, fmt::format("the server could not find the metric {}; "
                                                     "here are: {}",
                                                     place->metric, MetricNames())});
  }
  return MetricQuestion{
      version, std::move(place->name_space), std::move(place->resource), std::move(place->name),
      metric,  std::move(*objects),          std::move(*series)};
}

}  // namespace routerate
