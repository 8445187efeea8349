// /stats?format=json and ndjson: an object a series, keyed by the columns of stats_columns.h. What
// has no value is null.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "aggregator/stats_columns.h"
#include "base/clock.h"

namespace routerate {

// A list of all objects.
std::string StatsJson(std::span<const StatsRow> rows);

// An object a line, with the moment as its first key, time_ms, if there is one.
std::string StatsNdjson(std::span<const StatsRow> rows, std::optional<WallMs> time = {});

// A pod's labels as one object.
std::string LabelsJson(const PodLabels& labels);

}  // namespace routerate
