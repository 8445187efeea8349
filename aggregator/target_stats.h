// The demand for workloads, seen in other services' logs: a front server logs requests for a
// workload that has no pods, and a rule of routes.yaml says which workload that is (DESIGN G7).
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "aggregator/stats_snapshot.h"
#include "parsers/route_rule.h"
#include "parsers/route_target.h"

namespace routerate {

// Immutable; any thread.
class RouteTargets {
 public:
  // Of rules that CompileRules took.
  explicit RouteTargets(const std::vector<RouteRule>& rules);

  // By namespace, target: one for each of which any service has a series. A window has a value only
  // if it has one in all series of the target, those of services that are gone left out.
  std::vector<TargetStats> Stats(const std::vector<ServiceStats>& services) const;

 private:
  // All series of a rule have its name in their key, whichever replica or agent counted them.
  std::unordered_map<std::string, RouteTarget> by_rule_name_;
};

}  // namespace routerate
