// /history: the last hour of routes, or of services, as lists of numbers.
#pragma once

#include "aggregator/recent_history.h"
#include "aggregator/stats_snapshot.h"
#include "base/http_message.h"

namespace routerate {

// {"end_ms": ..., "step_ms": 30000, "series": [{namespace, service, route, route_id, method,
// "req/s": [...], "5xx/s": [...], "p95_ms": [...]}, ...]}: kPoints each, the last one at end_ms,
// null where there was no value. The keys of the query are those of /stats that choose rows, and
// by=route|service; at most 1,000 series, 50 without limit=. What is not understood is 400.
HttpResponse HistoryPage(const HttpRequest& request, const StatsSnapshot& snapshot,
                         const RecentHistory& history);

}  // namespace routerate
