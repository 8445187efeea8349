// /stats?format=json: a list with an object a series, keyed by the columns of stats_columns.h. What
// has no value is null.
#pragma once

#include <span>
#include <string>

#include "aggregator/stats_columns.h"

namespace routerate {

std::string StatsJson(std::span<const StatsRow> rows);

}  // namespace routerate
