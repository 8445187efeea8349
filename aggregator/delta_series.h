// Series that are counted anew again and again: their places are kept, with the memory in them.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "aggregator/series_counts.h"
#include "parsers/series_key.h"

namespace routerate {

// Not thread-safe.
class DeltaSeries {
 public:
  struct Place {
    SeriesCounts counts;
    bool counted = false;
  };
  using Places = std::unordered_map<SeriesKey, Place, SeriesKeyHash, SeriesKeyEqual>;

  // Of a series that is being counted; nullptr: it has no place.
  SeriesCounts* Find(const SeriesKeyView& key, WallMs record_ms) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &Counted(*found, record_ms);
  }
  // A place for one that has none; what it is is the caller's to fill in.
  SeriesCounts& Make(const SeriesKeyView& key, WallMs record_ms) {
    SeriesKey owned{std::string(key.route), std::string(key.method), std::string(key.name)};
    return Counted(*places_.try_emplace(std::move(owned)).first, record_ms);
  }

  // Those that were counted since the last Clear.
  const std::vector<Places::value_type*>& counted() const { return counted_; }
  void Clear() {
    for (Places::value_type* place : counted_) {
      place->second.counts.Clear();
      place->second.counted = false;
    }
    counted_.clear();
  }
  // Gives up the places of those that were not counted since.
  void DropIdle() {
    std::erase_if(places_, [](const auto& place) { return !place.second.counted; });
  }

 private:
  SeriesCounts& Counted(Places::value_type& place, WallMs record_ms) {
    SeriesCounts& counts = place.second.counts;
    if (!place.second.counted) {
      place.second.counted = true;
      counts.known_since_ms = record_ms;
      counted_.push_back(&place);
    }
    counts.heard_ms = std::max(counts.heard_ms, record_ms);
    return counts;
  }

  Places places_;
  std::vector<Places::value_type*> counted_;
};

}  // namespace routerate
