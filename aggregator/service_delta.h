// What is counted of a service from the records of one partition, until it is told.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/count_items.h"
#include "aggregator/delay_histogram.h"
#include "aggregator/delta_series.h"

namespace routerate {

// Bounded, whatever clients ask for: of the automatic routes in a delta those beyond `max_routes`
// are counted as `other`. Not thread-safe.
class ServiceDelta {
 public:
  explicit ServiceDelta(std::size_t max_routes) : max_routes_(max_routes) {}

  struct Series {
    SeriesCounts& counts;
    bool is_new;  // its route_id is the caller's to fill in
  };
  // Whose record was made at `record_ms`.
  Series SeriesOf(const SeriesKeyView& key, RouteOrigin origin, WallMs record_ms);

  // A pod's series, by route; that of the empty key has all its requests.
  DeltaSeries& PodOf(std::string_view pod);

  DelayHistogram& delays() { return delays_; }
  void KnownSince(WallMs ms) { known_since_ms_ = std::min(known_since_ms_.value_or(ms), ms); }

  // Everything but the sources.
  void Tell(CountItemVisitor& visitor) const;
  // Nothing was counted.
  void Clear();

 private:
  // True: another automatic route may have a place.
  bool HasRoom();

  std::size_t max_routes_;
  std::size_t automatic_ = 0;
  bool idle_dropped_ = false;  // in this delta
  DeltaSeries series_;
  std::unique_ptr<SeriesCounts> other_;
  std::map<std::string, DeltaSeries, std::less<>> pods_;
  std::optional<WallMs> known_since_ms_;
  DelayHistogram delays_;
};

}  // namespace routerate
