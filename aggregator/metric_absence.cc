// One sentence a reason, behind what every client of these APIs knows: "the server could not find".
#include "aggregator/metric_absence.h"

#include <fmt/format.h>

#include <utility>

#include "aggregator/metric_selection.h"

namespace routerate {
namespace {

std::string SubjectOf(const MetricQuestion& question) {
  if (question.resource.empty()) return "namespace " + question.name_space;
  return fmt::format("{} {}/{}", question.resource, question.name_space, question.name);
}

}  // namespace

std::unexpected<ApiError> MetricAbsence::Because(std::string why) const {
  ApiError error{404, fmt::format("the server could not find the metric {} for {}: {}",
                                  question_.metric->name, SubjectOf(question_), why)};
  if (!snapshot_.source.trouble.empty()) {
    error.code = 503;
    error.message += "; kafka: " + snapshot_.source.trouble;
  } else if (!snapshot_.was_caught_up || !snapshot_.partitions_behind.empty()) {
    error.code = 503;
    error.message += "; not all of Kafka's partitions are read to their end yet";
  }
  return std::unexpected(std::move(error));
}

std::unexpected<ApiError> MetricAbsence::OfLabel(std::string_view key) const {
  return Because(fmt::format("no request has the label {}; here are: {}", key, kSelectorKeys));
}

std::unexpected<ApiError> MetricAbsence::OfObject() const { return Because(WhyNoObject()); }

std::unexpected<ApiError> MetricAbsence::OfSeries() const {
  return Because(
      "no request that the selector demands was seen, and routes.yaml names no such route_id; see "
      "/stats, columns route and method, and routes list");
}

std::string MetricAbsence::WhyNoObject() const {
  if (gone > 0) return "every pod said goodbye";
  if (without_labels > 0) {
    return fmt::format(
        "{} pods tell no labels to select them by: set source.labels_file in their agents' "
        "configuration",
        without_labels);
  }
  if (workload.empty()) {
    return fmt::format("no agent has told of it; services known in namespace {}: {}",
                       question_.name_space, KnownServices());
  }
  if (snapshot_.rules->HasTarget(question_.name_space, workload)) {
    return "no request of a route that feeds it was seen yet";
  }
  return fmt::format(
      "no agent tells source.workload {}, and no route of routes.yaml has it as target", workload);
}

// The first few.
std::string MetricAbsence::KnownServices() const {
  constexpr std::size_t kMost = 5;
  std::string names;
  std::size_t count = 0;
  for (const ServiceStats& service : snapshot_.services) {
    if (service.name_space != question_.name_space || ++count > kMost) continue;
    names += (names.empty() ? "" : ", ") + service.service;
  }
  if (count > kMost) names += fmt::format(" and {} more", count - kMost);
  return names.empty() ? "none" : names;
}

}  // namespace routerate
