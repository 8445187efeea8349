// The clock is CLOCK_THREAD_CPUTIME_ID. A first pass of each workload is not timed: it fills
// caches, grows scratch space and shows how many lines are understood.
#include "bench/measurement.h"

#include <time.h>

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "tests/counted_new.h"

namespace routerate::bench {
namespace {

constexpr int kFewestRounds = 3;

volatile std::uint64_t kept_checksum = 0;

double ThreadNanos() {
  timespec now{};
  RR_CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct Subject {
  const Workload* workload;
  PreparedWorkload prepared;
  Pass first;
  std::uint64_t allocations = 0;
  std::vector<double> nanos;  // one a round

  explicit Subject(const Workload& of) : workload(&of), prepared(of.prepare()) {
    first = prepared.run();
    const std::uint64_t before = AllocationCount();
    kept_checksum = prepared.run().checksum;
    allocations = AllocationCount() - before;
  }

  void Round() {
    const double begin = ThreadNanos();
    kept_checksum = prepared.run().checksum;
    nanos.push_back(ThreadNanos() - begin);
  }

  Measured Outcome() {
    const auto lines = static_cast<double>(std::max<std::uint64_t>(1, prepared.lines));
    std::sort(nanos.begin(), nanos.end());
    return {.name = workload->name,
            .baseline = workload->baseline,
            .lines = prepared.lines,
            .understood = first.understood,
            .bytes_per_line = static_cast<double>(prepared.bytes) / lines,
            .median_ns = nanos[nanos.size() / 2] / lines,
            .min_ns = nanos.front() / lines,
            .allocations = static_cast<double>(allocations) / lines};
  }
};

}  // namespace

std::vector<Measured> Measure(const std::vector<Workload>& workloads,
                              const MeasurementOptions& options, int* rounds_done) {
  std::vector<Subject> subjects;
  subjects.reserve(workloads.size());
  for (const Workload& workload : workloads) subjects.emplace_back(workload);

  using WallClock = std::chrono::steady_clock;
  const auto end = WallClock::now() + std::chrono::duration<double>(options.seconds);
  const bool timed = options.seconds > 0;
  const int rounds = std::max(kFewestRounds, timed ? 0 : options.rounds);
  int done = 0;
  while (done < rounds || (timed && WallClock::now() < end)) {
    for (Subject& subject : subjects) subject.Round();
    ++done;
  }
  *rounds_done = done;

  std::vector<Measured> outcomes;
  outcomes.reserve(subjects.size());
  for (Subject& subject : subjects) outcomes.push_back(subject.Outcome());
  return outcomes;
}

}  // namespace routerate::bench
