// A service in one partition: its sources there and its series.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "aggregator/delay_histogram.h"
#include "aggregator/series_budget.h"
#include "aggregator/series_counts.h"
#include "aggregator/source_state.h"

namespace routerate {

// Automatic series (a method and a template) over `max_routes`, and any over the budget, are
// counted as kOtherRoute, so totals stay exact. First come, first served, in the order of the
// partition's log: what was there before a scanner came keeps its place, and every reader of the
// log gives the same places. The service as a whole has its limit in service_series.h. Not
// thread-safe.
class ServiceCounts {
 public:
  using SeriesMap = std::unordered_map<SeriesKey, SeriesCounts, SeriesKeyHash, SeriesKeyEqual>;

  // Borrows `budget`, to which it returns its places when destroyed.
  ServiceCounts(std::size_t max_routes, SeriesBudget& budget)
      : max_routes_(max_routes), budget_(budget) {}
  ~ServiceCounts() { budget_.Return(series_.size()); }
  ServiceCounts(const ServiceCounts&) = delete;
  ServiceCounts& operator=(const ServiceCounts&) = delete;

  enum class PlaceKind { kKnown, kNew, kOther };
  struct Place {
    SeriesCounts& series;
    PlaceKind kind;  // kNew: its route_id is the caller's to fill in
  };
  // The series of a request whose record was made at `record_ms`.
  Place SeriesOf(const SeriesKeyView& key, RouteOrigin origin, WallMs record_ms);

  std::map<std::string, SourceState, std::less<>>& sources() { return sources_; }
  const std::map<std::string, SourceState, std::less<>>& sources() const { return sources_; }
  const SeriesMap& series() const { return series_; }
  // Made when it is not there yet.
  SeriesCounts& Other();
  // Route `other`; nullptr while nothing overflowed. It is outside of all limits.
  const SeriesCounts* other() const { return other_.get(); }

  DelayHistogram& delays() { return delays_; }
  const DelayHistogram& delays() const { return delays_; }

  // Since when (event time, ms) the service is known: the earliest watermark told.
  std::optional<WallMs> known_since_ms() const { return known_since_ms_; }
  void Heard(SourceState& source, WallMs watermark_ms, WallMs heard_ms);
  void KnownSince(WallMs watermark_ms) {
    known_since_ms_ = std::min(known_since_ms_.value_or(watermark_ms), watermark_ms);
  }

 private:
  // True: the budget's place is taken.
  [[nodiscard]] bool TakeRoom(RouteOrigin origin);

  std::size_t max_routes_;
  SeriesBudget& budget_;
  std::map<std::string, SourceState, std::less<>> sources_;  // by pod
  SeriesMap series_;
  std::size_t automatic_series_ = 0;
  std::unique_ptr<SeriesCounts> other_;
  std::optional<WallMs> known_since_ms_;
  DelayHistogram delays_;
};

}  // namespace routerate
