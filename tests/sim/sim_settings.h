// What distinguishes one simulated world from another, drawn from the seed.
#pragma once

#include <random>
#include <string>

#include "base/clock.h"
#include "tests/sim/sim_profile.h"

namespace routerate {

struct SimSettings {
  std::size_t pods = 1;
  std::size_t logs_per_pod = 1;
  std::size_t partitions = 3;
  std::size_t replicas = 1;
  enum class Pattern { kLogsOnly, kRotatedToo };  // *.log or *.log*
  Pattern pattern = Pattern::kLogsOnly;
  enum class FirstLine { kUnique, kAlike };
  FirstLine first_line = FirstLine::kUnique;    // of the files of a log
  enum class Writing { kAppend, kAtPosition };  // O_APPEND, or holes after a truncation
  Writing writing = Writing::kAppend;
  enum class Rejects { kCounted, kKept };
  Rejects rejects = Rejects::kCounted;
  enum class Births { kTold, kUnknown };
  Births births = Births::kTold;
  enum class Inodes { kUsedAgain, kAlwaysNew };
  Inodes inodes = Inodes::kUsedAgain;
  enum class Reclaim { kNone, kPunch };  // kPunch: and lines so long that there is something to it
  Reclaim reclaim = Reclaim::kNone;
  // Summaries: of most processes of its agents. Each line then has a route of its own, for it must
  // be known which are in a summary.
  enum class Ship { kEvents, kSummaries };
  Ship ship = Ship::kEvents;
};

SimSettings DrawSettings(const SimProfile& profile, std::mt19937_64& random);
std::string Describe(const SimSettings& settings);

// How the agents are set up: small, so that limits are met.
inline constexpr Millis kSimDrainTimeout{4000};
inline constexpr std::size_t kSimMaxLine = 2048;

}  // namespace routerate
