// routerate's own steps over a log: what the agent and the aggregator do with each line.
#pragma once

#include <vector>

#include "bench/log_text.h"
#include "bench/workload.h"

namespace routerate::bench {

// split+parse, split+parse+route, split+parse+encode. Borrows `texts`.
std::vector<Workload> PipelineWorkloads(const LogKind& kind, LogTexts* texts);

}  // namespace routerate::bench
