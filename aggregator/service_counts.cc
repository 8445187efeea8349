// Which series a request is counted in, within limits; and what a service's sources have told.
#include "aggregator/service_counts.h"

#include <algorithm>

#include "parsers/route_names.h"

namespace routerate {

ServiceCounts::Place ServiceCounts::SeriesOf(const SeriesKeyView& key, RouteOrigin origin,
                                             WallMs record_ms) {
  if (const auto found = series_.find(key); found != series_.end()) {
    SeriesCounts& known = found->second;
    // An unnamed rule and paths that it does not fit may have one template: it is the rule's then.
    if (origin == RouteOrigin::kRule && known.origin == RouteOrigin::kAutomatic) {
      known.origin = RouteOrigin::kRule;
      --automatic_series_;
    }
    return {known, PlaceKind::kKnown};
  }
  if (!TakeRoom(origin)) return {Other(), PlaceKind::kOther};
  if (origin == RouteOrigin::kAutomatic) ++automatic_series_;
  SeriesCounts& made =
      series_[{std::string(key.route), std::string(key.method), std::string(key.name)}];
  made.origin = origin;
  made.known_since_ms = record_ms;
  return {made, PlaceKind::kNew};
}

bool ServiceCounts::TakeRoom(RouteOrigin origin) {
  if (origin == RouteOrigin::kAutomatic && automatic_series_ >= max_routes_) return false;
  return budget_.TryTake();
}

SeriesCounts& ServiceCounts::Other() {
  if (!other_) {
    other_ = std::make_unique<SeriesCounts>();
    other_->route_id = kOtherRouteId;
  }
  return *other_;
}

void ServiceCounts::Heard(SourceState& source, WallMs watermark_ms, WallMs heard_ms) {
  source.heard_ms = std::max(source.heard_ms, heard_ms);
  source.gone = false;
  if (watermark_ms <= 0) return;
  source.watermark_ms = watermark_ms;
  KnownSince(watermark_ms);
}

}  // namespace routerate
