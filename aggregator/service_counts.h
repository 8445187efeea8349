// A service in one partition: its sources there and its series.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "aggregator/series_budget.h"
#include "aggregator/series_counts.h"
#include "aggregator/source_state.h"
#include "parsers/route_matcher.h"

namespace routerate {

enum class RouteOrigin { kRule, kAutomatic };

// Series over `max_routes` (automatic ones) or over the budget are counted as kOtherRoute, so
// totals stay exact. Not thread-safe.
class ServiceCounts {
 public:
  using SeriesMap = std::unordered_map<SeriesKey, SeriesCounts, SeriesKeyHash, SeriesKeyEqual>;

  // Borrows `budget`, to which it returns its places when destroyed.
  ServiceCounts(std::size_t max_routes, SeriesBudget& budget)
      : max_routes_(max_routes), budget_(budget) {}
  ~ServiceCounts() { budget_.Return(series_.size()); }
  ServiceCounts(const ServiceCounts&) = delete;
  ServiceCounts& operator=(const ServiceCounts&) = delete;

  struct Place {
    SeriesCounts& series;
    bool overflow;  // it is kOtherRoute's
  };
  // The series of a request. `rule_name` is the explicit route_id, empty without one.
  Place SeriesOf(SeriesKeyView key, RouteOrigin origin, std::string_view rule_name);

  std::map<std::string, SourceState, std::less<>>& sources() { return sources_; }
  const std::map<std::string, SourceState, std::less<>>& sources() const { return sources_; }
  const SeriesMap& series() const { return series_; }
  // Route `other`; nullptr while nothing overflowed. It is outside of all limits.
  const SeriesCounts* other() const { return other_.get(); }

  // Since when (event time, ms) the service is known: the earliest watermark told.
  std::optional<WallMs> known_since_ms() const { return known_since_ms_; }
  void Heard(SourceState& source, WallMs watermark_ms, WallMs heard_ms);

 private:
  SeriesCounts& Other();

  std::size_t max_routes_;
  SeriesBudget& budget_;
  std::map<std::string, SourceState, std::less<>> sources_;  // by pod
  SeriesMap series_;
  std::size_t automatic_routes_ = 0;
  std::unique_ptr<SeriesCounts> other_;
  std::optional<WallMs> known_since_ms_;
};

}  // namespace routerate
