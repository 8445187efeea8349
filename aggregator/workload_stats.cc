// Pods' series by workload and route, then each as any series.
#include "aggregator/workload_stats.h"

#include <map>
#include <string_view>
#include <utility>

#include "aggregator/series_stats.h"

namespace routerate {
namespace {

using RouteParts = std::map<SeriesKeyView, SeriesParts, SeriesKeyLess>;

WorkloadStats MakeWorkload(std::string_view name, const RouteParts& routes,
                           const ServiceTime& service, const RuleIndex& rules) {
  WorkloadStats workload;
  workload.workload = name;
  for (const auto& [key, parts] : routes) {
    SeriesStats stats = MakeSeries(key, parts, service, rules);
    key == SeriesKeyView() ? workload.all = std::move(stats)
                           : workload.routes.emplace_back(std::move(stats));
  }
  return workload;
}

}  // namespace

std::vector<WorkloadStats> MakeWorkloads(const std::vector<const ServiceCounts*>& parts,
                                         const ServiceTime& service, const RuleIndex& rules) {
  std::map<std::string_view, RouteParts> by_name;
  for (const ServiceCounts* part : parts) {
    for (const auto& [pod, described] : part->descriptions()) {
      const auto series = part->pods().find(pod);
      if (described.told.workload.empty() || series == part->pods().end()) continue;
      RouteParts& routes = by_name[described.told.workload];
      for (const auto& [key, counts] : series->second) routes[key].push_back(&counts);
    }
  }
  std::vector<WorkloadStats> workloads;
  workloads.reserve(by_name.size());
  for (const auto& [name, routes] : by_name) {
    workloads.push_back(MakeWorkload(name, routes, service, rules));
  }
  return workloads;
}

}  // namespace routerate
