// What was shown of services and routes over the last hour, each half minute: the lines of the
// dashboard. A replica has its own, in memory, from its start on.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "aggregator/stats_columns.h"
#include "aggregator/stats_snapshot.h"
#include "base/clock.h"

namespace routerate {

// Over the minute before; nullopt: there was no value then, or none was kept. Within 0.4 %.
struct HistoryPoint {
  std::optional<double> requests_per_second;
  std::optional<double> errors_per_second;  // codes 5xx
  std::optional<double> p95_ms;
};

// A point costs 16 bytes if the series had requests, nothing if not: 20,000 busy series are 38 MB.
// Of more than that the busiest are kept, and the others have no value: never 0 instead.
//
// Any thread.
class RecentHistory {
 public:
  static constexpr Millis kStep{30'000};
  static constexpr std::size_t kPoints = 120;
  static constexpr std::size_t kMostSeries = 20'000;  // of a point of time

  explicit RecentHistory(std::size_t most_series = kMostSeries) : most_series_(most_series) {}

  // Keeps what it shows if a step has begun since the last one that was kept. A step without a
  // snapshot is a gap; a wall clock that goes back begins anew.
  void Sample(const StatsSnapshot& snapshot);

  // The steps since 1970 that have begun up to the last one kept; 0: none.
  std::int64_t last_step() const;
  // kPoints of them, the last one that of `last_step`. The row is a route's or a service's.
  std::vector<HistoryPoint> Of(const StatsRow& row, std::int64_t last_step) const;

 private:
  // The sixteen upper bits of a float: its sign, its exponent and 7 bits of its fraction.
  using Half = std::uint16_t;
  struct Entry {
    std::uint64_t series;  // a hash of its names
    Half requests_per_second;
    Half errors_per_second;
    Half p95_ms;
  };
  struct Step {
    std::int64_t number;
    std::vector<Entry> entries;  // by series
    // Hashes, in order. Their series without an entry had no requests; those of others no value.
    std::vector<std::uint64_t> known_services;
    bool complete = true;  // nothing was left out
  };

  static std::uint64_t ServiceHash(const ServiceStats& service);
  static std::uint64_t SeriesHash(const ServiceStats& service, const SeriesStats& series);
  static Entry EntryOf(const ServiceStats& service, const SeriesStats& series);
  static HistoryPoint PointOf(const Step& step, std::uint64_t service, std::uint64_t series);
  Step StepOf(const StatsSnapshot& snapshot, std::int64_t number) const;

  std::size_t most_series_;
  mutable std::mutex mutex_;
  std::deque<Step> steps_;  // Guarded by mutex_; by number
};

}  // namespace routerate
