// What the aggregator does with a Kafka record: lines into counts, counts through the counts log
// into what is known.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/workload.h"

namespace routerate::bench {

// `events` a pass, which is a second of traffic.
std::vector<Workload> AggregatorWorkloads(std::uint64_t events);

}  // namespace routerate::bench
