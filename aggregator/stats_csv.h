// /stats?format=csv: RFC 4180, a header line and a line a series, with the keys of format=json in
// their order. What has no value is an empty field; labels are a JSON object in one field.
#pragma once

#include <span>
#include <string>

#include "aggregator/stats_columns.h"

namespace routerate {

// A text that a spreadsheet would take for a formula has an apostrophe before it.
std::string StatsCsv(std::span<const StatsRow> rows);

}  // namespace routerate
