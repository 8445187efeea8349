// What is known of one source (a pod) at a time: the difference between "no requests" and "no
// pipeline" (DESIGN G3).
#pragma once

#include <cmath>
#include <cstdint>

#include "aggregator/windows.h"
#include "base/clock.h"

namespace routerate {

enum class Liveness {
  kLive,   // its log is known up to its watermark, which is recent
  kStale,  // silent, behind, or with a clock that is wrong
  kGone,   // said goodbye
};

// How much traffic a source had of late: its requests, each weighing less as time goes on.
struct RecentRequests {
  static constexpr double kMemorySeconds = 60;

  double weight = 0;  // of requests up to `at_ms`; divided by kMemorySeconds it is about a rate
  WallMs at_ms = 0;

  void Add(std::uint64_t requests, WallMs now_ms) {
    constexpr double kMsPerSecond = 1000;
    if (now_ms > at_ms) {
      const double seconds = static_cast<double>(now_ms - at_ms) / kMsPerSecond;
      weight *= std::exp(-seconds / kMemorySeconds);
      at_ms = now_ms;
    }
    weight += static_cast<double>(requests);
  }
};

struct SourceState {
  WallMs watermark_ms = 0;  // the last it told; 0: none yet
  WallMs heard_ms = 0;      // when it was last told of
  bool gone = false;
  RecentRequests recent;  // at the time up to which its log was counted
};

// Judged by the age of its data, not by when its records came: records that are read late tell of
// the past, and a source whose agent is still catching up does not know the present either.
constexpr Liveness LivenessOf(const SourceState& source, WallMs now, Millis stale_after) {
  if (source.gone) return Liveness::kGone;
  const WallMs age = now - source.watermark_ms;
  const bool recent = age <= stale_after.count() && age >= -kFutureAllowance.count();
  return source.watermark_ms > 0 && recent ? Liveness::kLive : Liveness::kStale;
}

}  // namespace routerate
