// One list of requirements for each kind of thing; an object's labels are a function of its fields.
#include "aggregator/metric_selection.h"

#include <algorithm>
#include <iterator>

namespace routerate {
namespace {

using LabelValue = std::optional<std::string_view>;

template <typename Labels>
bool AllMatch(const std::vector<const SelectorRequirement*>& requirements, Labels labels) {
  return std::ranges::all_of(requirements,
                             [&](const auto* one) { return one->Matches(labels(one->key)); });
}

LabelValue ServiceLabel(const ServiceStats& service, std::string_view key) {
  return key == "namespace" ? service.name_space : service.service;
}

LabelValue WorkloadLabel(std::string_view workload, std::string_view key) {
  const std::size_t slash = workload.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return key == "workload" ? workload.substr(slash + 1) : workload.substr(0, slash);
}

// A log without methods has no such label, as a route without a host.
LabelValue SeriesLabel(const SeriesStats& series, std::string_view key) {
  const auto told = [](std::string_view text) {
    return text.empty() ? LabelValue() : LabelValue(text);
  };
  if (key == "route_id") return told(series.route_id);
  if (key == "method") return told(series.method);
  return key == "host" ? told(series.host) : std::nullopt;
}

}  // namespace

MetricSelection::MetricSelection(const LabelSelector& selector) {
  for (const SelectorRequirement& requirement : selector.requirements) {
    const std::string_view key = requirement.key;
    if (key == "namespace" || key == "service") {
      of_services_.push_back(&requirement);
    } else if (key == "workload" || key == "workload_kind") {
      of_workloads_.push_back(&requirement);
    } else if (key == "code") {
      of_codes_.push_back(&requirement);
    } else {
      const bool known = key == "route_id" || key == "method" || key == "host";
      const bool demanded = !requirement.Matches(std::nullopt);
      if (known || demanded) of_series_.push_back(&requirement);
      if (!known && demanded && unknown_key_.empty()) unknown_key_ = key;
    }
  }
}

bool MetricSelection::Wants(const ServiceStats& service) const {
  return AllMatch(of_services_, [&](std::string_view key) { return ServiceLabel(service, key); });
}

bool MetricSelection::WantsWorkload(std::string_view workload) const {
  return AllMatch(of_workloads_,
                  [&](std::string_view key) { return WorkloadLabel(workload, key); });
}

bool MetricSelection::Wants(const SeriesStats& series) const {
  return AllMatch(of_series_, [&](std::string_view key) { return SeriesLabel(series, key); });
}

std::array<bool, kCodeClassCount> MetricSelection::Codes() const {
  std::array<bool, kCodeClassCount> wanted{};
  for (std::size_t i = 0; i < kCodeClassCount; ++i) {
    wanted[i] = AllMatch(of_codes_, [i](std::string_view) { return LabelValue(CodeClassName(i)); });
  }
  return wanted;
}

bool MetricSelection::DemandsSeries() const {
  return std::ranges::any_of(
      of_series_, [](const SelectorRequirement* one) { return !one->Matches(std::nullopt); });
}

std::optional<std::vector<std::string>> MetricSelection::RouteIds() const {
  std::optional<std::vector<std::string>> ids;
  for (const SelectorRequirement* one : of_series_) {
    const bool demands = one->op == SelectorOperator::kEquals || one->op == SelectorOperator::kIn;
    if (one->key != "route_id" || !demands) continue;
    if (!ids) {
      ids = one->values;
      continue;
    }
    std::vector<std::string> both;
    std::ranges::set_intersection(*ids, one->values, std::back_inserter(both));
    ids = std::move(both);
  }
  return ids;
}

}  // namespace routerate
