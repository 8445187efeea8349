// Counts → snapshot, first half: the union of the parts' series, then the limit. Each part keeps to
// max_routes by itself, so there is a bound on what is sorted here.
#include "aggregator/service_series.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace routerate {
namespace {

bool IsRule(const MergedSeries& series) {
  return std::ranges::any_of(
      series.parts, [](const SeriesCounts* part) { return part->origin == RouteOrigin::kRule; });
}

WallMs KnownSince(const MergedSeries& series) {
  WallMs earliest = std::numeric_limits<WallMs>::max();
  for (const SeriesCounts* part : series.parts) {
    earliest = std::min(earliest, part->known_since_ms);
  }
  return earliest;
}

struct Candidate {
  WallMs known_since_ms;
  MergedSeries series;
};

bool ComesBefore(const Candidate& a, const Candidate& b) {
  const auto rank = [](const Candidate& c) {
    return std::tie(c.known_since_ms, c.series.key.route, c.series.key.method);
  };
  return rank(a) < rank(b);
}

// All of them, limited by nothing.
std::vector<MergedSeries> Union(const std::vector<const ServiceCounts*>& parts) {
  std::unordered_map<SeriesKeyView, std::size_t, SeriesKeyHash, SeriesKeyEqual> places;
  std::vector<MergedSeries> all;
  for (const ServiceCounts* part : parts) {
    for (const auto& [key, counts] : part->series()) {
      const auto place = places.try_emplace(key, all.size());
      if (place.second) all.push_back({key, {}});
      all[place.first->second].parts.push_back(&counts);
    }
  }
  return all;
}

}  // namespace

ServiceSeries MergeSeries(const std::vector<const ServiceCounts*>& parts, std::size_t max_routes) {
  ServiceSeries merged;
  for (const ServiceCounts* part : parts) {
    if (part->other() != nullptr) merged.other.push_back(part->other());
  }
  std::vector<Candidate> automatic;
  for (MergedSeries& series : Union(parts)) {
    if (IsRule(series)) {
      merged.shown.push_back(std::move(series));
    } else {
      const WallMs known_since_ms = KnownSince(series);
      automatic.push_back({known_since_ms, std::move(series)});
    }
  }
  const std::size_t fit = std::min(automatic.size(), max_routes);
  std::ranges::nth_element(automatic, automatic.begin() + static_cast<std::ptrdiff_t>(fit),
                           ComesBefore);
  for (std::size_t i = 0; i < automatic.size(); ++i) {
    MergedSeries& series = automatic[i].series;
    if (i < fit) {
      merged.shown.push_back(std::move(series));
    } else {
      std::ranges::copy(series.parts, std::back_inserter(merged.other));
    }
  }
  return merged;
}

}  // namespace routerate
