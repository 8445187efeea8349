// /stats?format=prom: the rows asked for as /metrics tells them, in Prometheus' text format 0.0.4.
#pragma once

#include <span>
#include <string>

#include "aggregator/stats_columns.h"

namespace routerate {

std::string StatsProm(std::span<const StatsRow> rows);

}  // namespace routerate
