// What the aggregator does with what it knows: a snapshot, its pages, answers to an HPA's
// questions, and knowing it again after a start.
#pragma once

#include <cstddef>
#include <vector>

#include "bench/workload.h"

namespace routerate::bench {

// Of 100, 10,000 and 100,000 series, but of `most_series` at most. A line is a series, or a
// question.
std::vector<Workload> SnapshotWorkloads(std::size_t most_series);

}  // namespace routerate::bench
