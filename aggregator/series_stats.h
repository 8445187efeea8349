// Counts of one series in all partitions → what is shown of it.
#pragma once

#include <vector>

#include "aggregator/series_counts.h"
#include "aggregator/service_time.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

using SeriesParts = std::vector<const SeriesCounts*>;

// Totals, and the windows that have a value by `time`. Pure.
SeriesStats MakeSeries(SeriesKeyView key, const SeriesParts& parts, const ServiceTime& time,
                       const RuleIndex& rules);

}  // namespace routerate
