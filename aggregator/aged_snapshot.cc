// Snapshot → snapshot.
#include "aggregator/aged_snapshot.h"

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

constexpr Millis kShown{500};
constexpr Millis kFresh{2000};  // two publications of a loop with many series

// The monotonic clock does not count a machine's sleep, and the wall clock may be set back.
Millis AgeOf(const StatsSnapshot& snapshot, const Clock& clock) {
  return std::max(clock.Monotonic() - snapshot.made_at_monotonic,
                  Millis{clock.Wall() - snapshot.made_at_ms});
}

void Withhold(SeriesStats& series) {
  series.requests_per_second = {};
  series.class_rates = {};
  series.bytes_per_second.reset();
  series.quantiles.reset();
  series.recent_latency.clear();
}

void Withhold(PodStats& pod) {
  if (pod.state != ServiceState::kGone) pod.state = ServiceState::kUnknown;
  Withhold(pod.all);
  for (SeriesStats& series : pod.routes) Withhold(series);
}

void Withhold(ServiceStats& service) {
  service.state = ServiceState::kUnknown;
  service.coverage = 0;
  Withhold(service.all);
  for (SeriesStats& series : service.series) Withhold(series);
  for (WorkloadStats& workload : service.workloads) {
    Withhold(workload.all);
    for (SeriesStats& series : workload.routes) Withhold(series);
  }
}

// So much later than it was made.
void Age(ServiceStats& service, double seconds, double stale_after) {
  for (PodStats& pod : service.pods) {
    if (!pod.age_s) continue;
    *pod.age_s += seconds;
    if (*pod.age_s > stale_after) Withhold(pod);
  }
  if (!service.age_s) return;
  *service.age_s += seconds;
  const bool gone = service.state == ServiceState::kGone;
  if (!gone && *service.age_s > stale_after) Withhold(service);
}

}  // namespace

std::shared_ptr<const StatsSnapshot> AgedSnapshot(std::shared_ptr<const StatsSnapshot> snapshot,
                                                  const Clock& clock, Millis stale_after) {
  using Seconds = std::chrono::duration<double>;
  const Millis age = AgeOf(*snapshot, clock);
  if (age <= kFresh) return snapshot;
  auto aged = std::make_shared<StatsSnapshot>(*snapshot);
  aged->made_at_ms += age.count();
  for (ServiceStats& service : aged->services) {
    Age(service, Seconds(age).count(), Seconds(stale_after).count());
  }
  for (TargetStats& target : aged->targets) {
    if (!target.age_s) continue;
    *target.age_s += Seconds(age).count();
    if (*target.age_s > Seconds(stale_after).count()) target.requests_per_second = {};
  }
  return aged;
}

std::shared_ptr<const StatsSnapshot> AgingBoard::Latest() {
  auto newest = board_.Latest();
  const Millis now = clock_.Monotonic();
  if (newest == newest_ && now - shown_at_ < kShown) return shown_;
  shown_ = AgedSnapshot(newest, clock_, stale_after_);
  newest_ = std::move(newest);
  shown_at_ = now;
  return shown_;
}

}  // namespace routerate
