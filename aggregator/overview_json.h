// The state of everything at one moment as one object: routes, services, pods of a service, and how
// the pipeline fares. docs/stats.md has its fields.
#pragma once

#include <string>

#include "aggregator/overview_query.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// One line, without its end. Rows have the keys of /stats, and error_share: 5xx per request over
// the last minute; null where that is not known or nothing was asked.
std::string OverviewJson(const OverviewQuery& query, const StatsSnapshot& snapshot);

}  // namespace routerate
