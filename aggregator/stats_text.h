// /stats for people, grep and awk: a header line, then one line a series, the columns of
// stats_columns.h aligned with spaces. No column holds a space; no value is "-".
#pragma once

#include <span>
#include <string>

#include "aggregator/stats_columns.h"

namespace routerate {

std::string StatsText(std::span<const StatsRow> rows, StatsBy by = StatsBy::kRoute);

// The same lines in a terminal's colours: the header bold; red, where requests of the last minute
// failed with 5xx; yellow, where not all is known; faint, where all pods said goodbye.
std::string ColouredStatsText(std::span<const StatsRow> rows, StatsBy by);

// A row's line with one space between columns and without a newline; `columns` are TextColumns().
void AppendPlainStatsLine(const StatsRow& row, std::span<const StatsColumn* const> columns,
                          std::string* out);

}  // namespace routerate
