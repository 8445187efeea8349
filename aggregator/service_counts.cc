// Which series a request is counted in, within limits; and what a service's sources have told.
#include "aggregator/service_counts.h"

#include <algorithm>

#include "aggregator/route_names.h"

namespace routerate {

ServiceCounts::Place ServiceCounts::SeriesOf(SeriesKeyView key, RouteOrigin origin,
                                             std::string_view rule_name) {
  if (const auto found = series_.find(key); found != series_.end()) return {found->second, false};
  const bool automatic = origin == RouteOrigin::kAutomatic;
  if (automatic && automatic_routes_ >= max_routes_) return {Other(), true};
  if (!budget_.TryTake()) return {Other(), true};
  if (automatic) ++automatic_routes_;
  SeriesCounts& made = series_[SeriesKey{std::string(key.route), std::string(key.method)}];
  made.route_id = rule_name.empty() ? RouteId(key.method, key.route) : std::string(rule_name);
  return {made, false};
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
  known_since_ms_ = std::min(known_since_ms_.value_or(watermark_ms), watermark_ms);
}

}  // namespace routerate
