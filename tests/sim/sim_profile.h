// What a simulated history may hold. Everything by default; an agent that cannot be held to all of
// it yet is held to the features that it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tests/sim/sim_actions.h"

namespace routerate {

struct SimProfile {
  std::string name;  // as FindProfile takes it
  ActWeights weights{};
  Timing timing = Timing::kBetweenSteps;
  enum class Rotations { kOfSeenFiles, kAny };  // seen: by the agent that runs
  Rotations rotations = Rotations::kOfSeenFiles;
  enum class Truncations { kSeenBeforeWritten, kAny };
  Truncations truncations = Truncations::kSeenBeforeWritten;
  enum class LateLines { kNever, kAny };  // written to a file that lost its name
  LateLines late_lines = LateLines::kNever;
  enum class Inodes { kAlwaysNew, kAny };
  Inodes inodes = Inodes::kAlwaysNew;
  enum class Holes { kNever, kAny };  // some servers write without O_APPEND
  Holes holes = Holes::kNever;
  enum class Reclaim { kNever, kAny };  // some agents give blocks back
  Reclaim reclaim = Reclaim::kNever;
  enum class Summaries { kNever, kAny };  // some agents ship summaries
  Summaries summaries = Summaries::kNever;
  Millis rotated_wait{3'600'000};  // the agents'
};

// "everything", "reduced", or either with features: "reduced+drain+holes", "everything-copies".
// nullopt: a name is wrong.
std::optional<SimProfile> FindProfile(std::string_view name);
// Those that "reduced" lacks and "everything" has.
std::vector<std::string_view> ProfileFeatures();

}  // namespace routerate
