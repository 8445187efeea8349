// A selector over requests, taken apart by what each of its keys is a property of.
//   namespace, service             of a service
//   workload, workload_kind        of pods: shop and deployments.apps of deployments.apps/shop
//   route_id, method, host         of a series; host where its rule has one
//   code                           of a request: 2xx, 5xx, ..., unknown
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/label_selector.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

inline constexpr std::string_view kSelectorKeys =
    "route_id, method, code, host, service, workload, workload_kind";

// Borrows the selector.
class MetricSelection {
 public:
  explicit MetricSelection(const LabelSelector& selector);

  bool Wants(const ServiceStats& service) const;
  // Workloads are told apart only where AsksForWorkloads: else the service is asked for as a whole.
  bool AsksForWorkloads() const { return !of_workloads_.empty(); }
  // As a pod tells it; empty: it does not.
  bool WantsWorkload(std::string_view workload) const;
  // Likewise. What knows nothing of series, as all requests of a service together, is not asked
  // for then.
  bool AsksForSeries() const { return !of_series_.empty(); }
  bool Wants(const SeriesStats& series) const;
  // By class of code, as PerCodeClass.
  std::array<bool, kCodeClassCount> Codes() const;

  // The route_ids that it can be satisfied by, if it demands any: those of its = and in.
  std::optional<std::vector<std::string>> RouteIds() const;
  // Something must be so of a series, not only not be so.
  bool DemandsSeries() const;
  // The first key that is demanded and that nothing has; empty: none.
  std::string_view UnknownKey() const { return unknown_key_; }

 private:
  using Requirements = std::vector<const SelectorRequirement*>;

  Requirements of_services_;
  Requirements of_workloads_;
  Requirements of_series_;
  Requirements of_codes_;
  std::string_view unknown_key_;
};

}  // namespace routerate
