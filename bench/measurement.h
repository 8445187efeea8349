// Measures workloads: rounds, in each of which every workload runs once, one behind the other, so
// that whatever slows the machine for a while slows all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/workload.h"

namespace routerate::bench {

struct MeasurementOptions {
  int rounds = 11;
  double seconds = 0;  // of wall time; 0: as many rounds as said above
};

// Of one workload. Times are the thread's CPU time, so that a busy machine's waits do not count.
struct Measured {
  std::string name;
  std::string baseline;
  std::uint64_t lines = 0;       // of one pass
  std::uint64_t understood = 0;  // of them
  double bytes_per_line = 0;
  double median_ns = 0;  // a line
  double min_ns = 0;
  double allocations = 0;  // a line, of one pass after a first one
};

// `rounds_done` is how many rounds there were: at least 3.
std::vector<Measured> Measure(const std::vector<Workload>& workloads,
                              const MeasurementOptions& options, int* rounds_done);

}  // namespace routerate::bench
