// The demand for workloads, seen in other services' logs: a front server logs requests for a
// workload that has no pods, and a rule of routes.yaml says which workload that is (DESIGN G7).
#pragma once

#include <vector>

#include "aggregator/rule_index.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// By namespace, target: one for each of which any service has a series. A window has a value only
// if it has one in all series of the target, those of services that are gone left out. Pure.
std::vector<TargetStats> MakeTargets(const RuleIndex& rules,
                                     const std::vector<ServiceStats>& services);

}  // namespace routerate
