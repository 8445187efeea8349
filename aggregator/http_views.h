// The aggregator's pages: / /stats /overview /history /hpa /metrics /v1/routes/ /healthz /readyz.
#pragma once

#include <functional>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/recent_history.h"
#include "aggregator/stats_board.h"
#include "base/clock.h"
#include "base/http_routes.h"

namespace routerate {

// They borrow all arguments. One thread.
// `more_metrics` is what /metrics tells besides; called on the thread that asks.
HttpRoutes HttpViews(const AggregatorOptions& options, const StatsBoard& board,
                     const RecentHistory& history, const Clock& clock,
                     std::function<std::string()> more_metrics = {});

}  // namespace routerate
