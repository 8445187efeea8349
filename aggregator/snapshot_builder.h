// Counts of all partitions → one StatsSnapshot.
#pragma once

#include <map>

#include "aggregator/aggregator_options.h"
#include "aggregator/partition_state.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// The services of `partitions` at the wall clock's `now`, merged: a service's pods are in several
// partitions, each pod in one. While any partition is still being read to its end all rates are
// withheld, for that partition may hold any service's newest requests. Pure.
std::vector<ServiceStats> BuildServiceStats(const std::map<int, PartitionState>& partitions,
                                            LogReading reading, const AggregatorOptions& options,
                                            const RuleIndex& rules, WallMs now);

}  // namespace routerate
