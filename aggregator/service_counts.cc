// Which series counts are added to, within limits; and what is forgotten.
#include "aggregator/service_counts.h"

#include <algorithm>

#include "parsers/route_names.h"

namespace routerate {
namespace {

SeriesKey Owned(const SeriesKeyView& key) {
  return {std::string(key.route), std::string(key.method), std::string(key.name)};
}

bool IsAllOfPod(const SeriesKeyView& key) { return key == SeriesKeyView(); }

void Begin(SeriesCounts* made, const SeriesCounts& counts) {
  made->route_id = counts.route_id;
  made->origin = counts.origin;
  made->known_since_ms = counts.known_since_ms;
}

std::size_t PlacesOf(const SeriesMap& pod) { return pod.size() - pod.count(SeriesKeyView()); }

}  // namespace

ServiceCounts::~ServiceCounts() {
  limits_.series.Return(series_.size());
  for (const auto& [pod, series] : pods_) limits_.pod_series.Return(PlacesOf(series));
}

ServiceCounts::Added ServiceCounts::Add(const SeriesKeyView& key, const SeriesCounts& counts,
                                        WallMs heard_ms) {
  SeriesCounts* place = PlaceOf(key, counts);
  if (place == nullptr) return AddOther(counts);
  place->heard_ms = std::max(place->heard_ms, heard_ms);
  return {.too_old = place->Merge(counts)};
}

SeriesCounts* ServiceCounts::PlaceOf(const SeriesKeyView& key, const SeriesCounts& counts) {
  if (const auto found = series_.find(key); found != series_.end()) {
    SeriesCounts& known = found->second;
    // An unnamed rule and paths that it does not fit may have one template: it is the rule's then.
    if (counts.origin == RouteOrigin::kRule && known.origin == RouteOrigin::kAutomatic) {
      known.origin = RouteOrigin::kRule;
      --automatic_series_;
    }
    return &known;
  }
  if (!TakeRoom(counts.origin)) return nullptr;
  if (counts.origin == RouteOrigin::kAutomatic) ++automatic_series_;
  SeriesCounts& made = series_[Owned(key)];
  Begin(&made, counts);
  return &made;
}

bool ServiceCounts::TakeRoom(RouteOrigin origin) {
  if (origin == RouteOrigin::kAutomatic && automatic_series_ >= limits_.max_routes) return false;
  return limits_.series.TryTake();
}

ServiceCounts::Added ServiceCounts::AddOther(const SeriesCounts& counts) {
  SeriesCounts& other = At(&other_);
  other.route_id = kOtherRouteId;
  return {.too_old = other.Merge(counts), .overflow = counts.Total()};
}

void ServiceCounts::AddPodSeries(std::string_view pod, const SeriesKeyView& key,
                                 const SeriesCounts& counts) {
  auto known = pods_.find(pod);
  if (known == pods_.end()) known = pods_.try_emplace(std::string(pod)).first;
  SeriesMap& series = known->second;
  auto place = series.find(key);
  if (place == series.end()) {
    if (!IsAllOfPod(key) && !limits_.pod_series.TryTake()) return;
    place = series.try_emplace(Owned(key)).first;
    Begin(&place->second, counts);
  }
  (void)place->second.Merge(counts);  // what is too old was told of by the service's series
}

bool ServiceCounts::SetSource(std::string_view pod, const SourceState& source) {
  const auto [at, is_new] = sources_.try_emplace(std::string(pod));
  const WallMs heard_ms = std::max(at->second.heard_ms, source.heard_ms);
  at->second = source;
  at->second.heard_ms = heard_ms;
  return is_new;
}

// Read here, once for each time that it changes.
void ServiceCounts::SetDescription(std::string_view pod, const PodDescription& told) {
  if (!sources_.contains(pod)) return;
  if (told == PodDescription()) {
    if (const auto found = descriptions_.find(pod); found != descriptions_.end()) {
      descriptions_.erase(found);
    }
    return;
  }
  Described& described = descriptions_[std::string(pod)];
  described = {told, nullptr};
  if (auto labels = ReadPodLabels(told.labels)) {
    described.labels = std::make_shared<const PodLabels>(*std::move(labels));
  }
}

void ServiceCounts::ExcuseSilence(Millis time) {
  for (auto& [pod, source] : sources_) source.heard_ms += time.count();
  for (auto& [key, counts] : series_) counts.heard_ms += time.count();
}

std::size_t ServiceCounts::ForgetSources(WallMs before_ms) {
  return std::erase_if(sources_, [&](const auto& source) {
    const bool forgotten = source.second.heard_ms < before_ms;
    if (forgotten) DropPod(source.first);
    return forgotten;
  });
}

void ServiceCounts::DropPod(std::string_view pod) {
  if (const auto told = descriptions_.find(pod); told != descriptions_.end()) {
    descriptions_.erase(told);
  }
  const auto found = pods_.find(pod);
  if (found == pods_.end()) return;
  limits_.pod_series.Return(PlacesOf(found->second));
  pods_.erase(found);
}

void ServiceCounts::ForgetSeries(WallMs before_ms) {
  const std::size_t left = std::erase_if(series_, [&](const auto& entry) {
    const SeriesCounts& counts = entry.second;
    if (counts.origin != RouteOrigin::kAutomatic || counts.heard_ms >= before_ms) return false;
    AddRetired(counts);
    return true;
  });
  automatic_series_ -= left;
  limits_.series.Return(left);
}

SeriesCounts& ServiceCounts::At(std::unique_ptr<SeriesCounts>* made) {
  if (*made == nullptr) *made = std::make_unique<SeriesCounts>();
  return **made;
}

}  // namespace routerate
