// Why a rate has no value, in words that `kubectl describe hpa` shows: what is stale, since when,
// and where to look.
#pragma once

#include <cstddef>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/metric_subjects.h"

namespace routerate {

// `feed` has no value for window `window` of kWindows.
std::string WhyWithheld(const MetricFeed& feed, std::size_t window, const StatsSnapshot& snapshot,
                        const AggregatorOptions& options);

}  // namespace routerate
