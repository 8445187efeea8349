// What is shown of a service's pods.
#pragma once

#include <vector>

#include "aggregator/service_counts.h"
#include "aggregator/service_time.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// The pods of a service, of which each partition has a part, by name. A pod has rates where its
// service has, if its own log is known and was for as long as the window. Pure.
std::vector<PodStats> MakePods(const std::vector<const ServiceCounts*>& parts,
                               const ServiceTime& service, const RuleIndex& rules, WallMs now,
                               Millis stale_after);

}  // namespace routerate
