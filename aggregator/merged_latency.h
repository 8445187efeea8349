// Quantiles of several series together.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "aggregator/latency_tally.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// 4 KiB, to be made where it is needed. Not thread-safe.
class MergedLatency {
 public:
  // What is not known of one is not known of all.
  void Add(const SeriesStats& series) {
    known_ = known_ && series.requests_per_second.front().has_value();
    tally_.Add(std::span(series.recent_latency));
  }

  // The latency of the rank `q` (0 to 1) in about the last minute, seconds. nullopt: there was no
  // request that tells its latency, or a series' last minute is not known.
  std::optional<double> QuantileSeconds(double q) const {
    constexpr double kMicrosPerSecond = 1e6;
    const auto micros = tally_.Quantiles(std::array{q});
    return known_ && micros ? std::optional(micros->front() / kMicrosPerSecond) : std::nullopt;
  }

 private:
  LatencyTally tally_;
  bool known_ = true;
};

}  // namespace routerate
