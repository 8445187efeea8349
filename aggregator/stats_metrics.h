// /metrics: a snapshot as Prometheus' text format 0.0.4. A rate without a value is absent, so that
// a query over it finds nothing rather than zero.
#pragma once

#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

std::string StatsMetrics(const StatsSnapshot& snapshot, PodMetrics pods);

}  // namespace routerate
