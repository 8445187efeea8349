// Snapshot → snapshot.
#include "aggregator/aged_snapshot.h"

#include <algorithm>

namespace routerate {
namespace {

constexpr Millis kFresh{2000};  // two publications of a loop with many series

// The monotonic clock does not count a machine's sleep, and the wall clock may be set back.
Millis AgeOf(const StatsSnapshot& snapshot, const Clock& clock) {
  return std::max(clock.Monotonic() - snapshot.made_at_monotonic,
                  Millis{clock.Wall() - snapshot.made_at_ms});
}

void Withhold(ServiceStats& service) {
  service.state = ServiceState::kUnknown;
  service.coverage = 0;
  for (SeriesStats& series : service.series) {
    series.requests_per_second = {};
    series.bytes_per_second.reset();
    series.quantiles.reset();
  }
}

}  // namespace

std::shared_ptr<const StatsSnapshot> AgedSnapshot(std::shared_ptr<const StatsSnapshot> snapshot,
                                                  const Clock& clock, Millis stale_after) {
  using Seconds = std::chrono::duration<double>;
  const Millis age = AgeOf(*snapshot, clock);
  if (age <= kFresh) return snapshot;
  auto aged = std::make_shared<StatsSnapshot>(*snapshot);
  for (ServiceStats& service : aged->services) {
    if (!service.age_s) continue;
    *service.age_s += Seconds(age).count();
    const bool gone = service.state == ServiceState::kGone;
    if (!gone && *service.age_s > Seconds(stale_after).count()) Withhold(service);
  }
  return aged;
}

}  // namespace routerate
