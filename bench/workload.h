// Workload: one thing that is measured. What it needs is made when it is wanted, so that a run of
// one workload reads one log.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace routerate::bench {

// What one pass did. `checksum` depends on all that was read, so that nothing is optimised away.
struct Pass {
  std::uint64_t understood = 0;  // lines, or lookups
  std::uint64_t checksum = 0;
};

struct PreparedWorkload {
  std::uint64_t lines = 0;  // of one pass; for routes: lookups
  std::uint64_t bytes = 0;  // of one pass
  std::function<Pass()> run;
};

struct Workload {
  std::string name;      // log/step, or routes/case
  std::string baseline;  // its time is also told as a multiple of this one's, or of the fastest
                         // whose name is this and "-..."; empty: of none
  std::string what;      // one line for --list
  std::function<PreparedWorkload()> prepare;
};

}  // namespace routerate::bench
