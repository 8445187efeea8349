// Looking up routes alone: what a path costs that is remembered, and what one costs that is not.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/workload.h"

namespace routerate::bench {

// `lookups` a pass.
std::vector<Workload> RouteWorkloads(std::uint64_t lookups);

}  // namespace routerate::bench
