// Places are found, or made within the limit.
#include "aggregator/service_delta.h"

#include <algorithm>
#include <utility>

namespace routerate {

ServiceDelta::Series ServiceDelta::SeriesOf(const SeriesKeyView& key, RouteOrigin origin,
                                            WallMs record_ms) {
  if (SeriesCounts* known = series_.Find(key, record_ms)) {
    // A rule's path may have an automatic route's template: it is the rule's then.
    if (origin == RouteOrigin::kRule && std::exchange(known->origin, origin) != origin) {
      --automatic_;
    }
    return {*known, false};
  }
  if (origin == RouteOrigin::kAutomatic && !HasRoom()) {
    if (other_ == nullptr) other_ = std::make_unique<SeriesCounts>();
    return {*other_, false};
  }
  if (origin == RouteOrigin::kAutomatic) ++automatic_;
  SeriesCounts& made = series_.Make(key, record_ms);
  made.origin = origin;
  return {made, true};
}

// Those that are asked for now come before those that were.
bool ServiceDelta::HasRoom() {
  if (automatic_ < max_routes_) return true;
  if (std::exchange(idle_dropped_, true)) return false;
  series_.DropIdle();
  automatic_ =
      static_cast<std::size_t>(std::ranges::count_if(series_.counted(), [](const auto* place) {
        return place->second.counts.origin == RouteOrigin::kAutomatic;
      }));
  return automatic_ < max_routes_;
}

DeltaSeries& ServiceDelta::PodOf(std::string_view pod) {
  if (const auto found = pods_.find(pod); found != pods_.end()) return found->second;
  return pods_[std::string(pod)];
}

void ServiceDelta::Tell(CountItemVisitor& visitor) const {
  if (known_since_ms_) visitor.OnKnownSince(*known_since_ms_);
  if (delays_.Total() > 0) visitor.OnDelays(delays_);
  for (const auto* place : series_.counted()) {
    visitor.OnSeries(place->first, place->second.counts);
  }
  for (const auto& [pod, series] : pods_) {
    for (const auto* place : series.counted()) {
      visitor.OnPodSeries(pod, place->first, place->second.counts);
    }
  }
  if (other_ != nullptr) visitor.OnOther(*other_);
}

void ServiceDelta::Clear() {
  idle_dropped_ = false;
  series_.Clear();
  other_.reset();
  std::erase_if(pods_, [](const auto& pod) { return pod.second.counted().empty(); });
  for (auto& [pod, series] : pods_) series.Clear();
  known_since_ms_.reset();
  delays_ = {};
}

}  // namespace routerate
