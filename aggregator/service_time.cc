// The slowest live source decides how far a service is known; nobody waits for a stale one.
#include "aggregator/service_time.h"

#include <algorithm>

#include "parsers/request_sample.h"

namespace routerate {

std::string_view ServiceStateName(ServiceState state) {
  constexpr std::array<std::string_view, 4> kNames = {"known", "warming", "unknown", "gone"};
  return kNames[static_cast<std::size_t>(state)];
}

void ServiceTimeJudge::Add(const SourceState& source) {
  const Liveness liveness = LivenessOf(source, now_, rules_.stale_after);
  const WallMs watermark = source.watermark_ms;
  if (liveness == Liveness::kLive) {
    any_live_ = true;
    live_requests_ += source.recent.weight;
    earliest_live_ms_ = std::min(earliest_live_ms_.value_or(watermark), watermark);
    return;
  }
  if (liveness == Liveness::kStale) {
    any_stale_ = true;
    stale_requests_ += source.recent.weight;
  }
  if (watermark > 0) latest_other_ms_ = std::max(latest_other_ms_.value_or(watermark), watermark);
}

void ServiceTimeJudge::AddKnownSince(WallMs ms) {
  known_since_ms_ = std::min(known_since_ms_.value_or(ms), ms);
}

ServiceTime ServiceTimeJudge::Judge(LogReading reading) const {
  ServiceTime time;
  time.watermark_ms = any_live_ ? earliest_live_ms_ : latest_other_ms_;
  // Less than one request a memory is none.
  const double all = live_requests_ + stale_requests_;
  if (any_live_ && stale_requests_ >= 1) time.coverage = live_requests_ / all;
  if (!any_live_) {
    time.coverage = 0;
    time.state = any_stale_ ? ServiceState::kUnknown : ServiceState::kGone;
    return time;
  }
  time.end = SecondOf(*time.watermark_ms - rules_.lateness.count());
  if (time.coverage < rules_.min_coverage) return time;
  time.state = reading == LogReading::kCaughtUp ? ServiceState::kKnown : ServiceState::kWarming;
  if (reading == LogReading::kBehind) return time;
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    time.valid[i] = known_since_ms_ && *known_since_ms_ <= (time.end - kWindows[i].seconds) * 1000;
    if (!time.valid[i]) time.state = ServiceState::kWarming;
  }
  return time;
}

}  // namespace routerate
