// A row of the statistics as an object, keyed by the columns of stats_columns.h. What has no value
// is null.
#pragma once

#include <boost/json/object.hpp>

#include "aggregator/stats_columns.h"

namespace routerate {

boost::json::object RowJson(const StatsRow& row);
boost::json::object LabelsObject(const PodLabels& labels);

}  // namespace routerate
