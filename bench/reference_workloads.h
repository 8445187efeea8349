// What routerate's own figures are held against, measured in the same run.
#pragma once

#include <vector>

#include "bench/log_text.h"
#include "bench/workload.h"

namespace routerate::bench {

// For each log: counting lines with memchr; where its lines are well-formed JSON, bare simdjson
// On-Demand and Boost.JSON's DOM, both reading the fields that an event has. Borrows `texts`.
std::vector<Workload> ReferenceWorkloads(const LogKind& kind, LogTexts* texts);

}  // namespace routerate::bench
