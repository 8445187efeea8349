// A simulated history from its seed to the verdict; and of one that fails, the shortest that still
// does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/sim_world.h"

namespace routerate {

struct SimCase {
  std::uint64_t seed = 0;
  SimSettings settings;
  ActionList actions;
};

SimCase MakeCase(const SimProfile& profile, std::uint64_t seed);

// Empty: all is well. `tally` may be nullptr.
std::vector<std::string> RunCase(const SimProfile& profile, const SimCase& sim_case,
                                 Breakage breakage, SimTally* tally);

// Without the actions that the failure does not need. A case that does not fail stays as it is.
SimCase Shrink(const SimProfile& profile, SimCase sim_case, Breakage breakage);

// How to replay it, its world, its actions, and what went wrong.
std::string Report(const SimProfile& profile, const SimCase& sim_case, Breakage breakage);

// A table: what was simulated in so many seconds.
std::string Describe(const SimTally& tally, double seconds);

}  // namespace routerate
