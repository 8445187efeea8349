// What the aggregator does with summaries.
#pragma once

#include <vector>

#include "bench/workload.h"

namespace routerate::bench {

// A pass is a second of several pods' summaries; its lines are the requests that they are of.
std::vector<Workload> SummaryWorkloads();

}  // namespace routerate::bench
