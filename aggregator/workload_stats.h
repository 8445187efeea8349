// What is shown of the workloads that a service's pods belong to.
#pragma once

#include <vector>

#include "aggregator/service_counts.h"
#include "aggregator/service_time.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// By name, of those pods that told theirs. A workload has rates where its service has: they are of
// all requests that its pods had in the window, those too that are new, or silent now. So they do
// not go while it is scaled. Pure.
std::vector<WorkloadStats> MakeWorkloads(const std::vector<const ServiceCounts*>& parts,
                                         const ServiceTime& service, const RuleIndex& rules);

}  // namespace routerate
