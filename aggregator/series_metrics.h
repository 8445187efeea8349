// The families of /metrics that have samples of every series: millions of lines, when there are a
// hundred thousand.
#pragma once

#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// Appends them in Prometheus' text format 0.0.4, letter for letter as prometheus-cpp does. A family
// without a sample is left out.
void AppendSeriesMetrics(const StatsSnapshot& snapshot, PodMetrics pods, std::string* out);

}  // namespace routerate
