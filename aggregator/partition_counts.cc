// A record's way into the counts: whose it is, which of its lines are new, which route and second
// each belongs to.
#include "aggregator/partition_counts.h"

#include <algorithm>
#include <limits>

#include "aggregator/printable_word.h"
#include "parsers/counted_route.h"

namespace routerate {
std::optional<PartitionCounts::Known> PartitionCounts::Find(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  const std::string service_name = PrintableWord(source.substr(0, slash));
  const std::string_view pod = source.substr(slash + 1);
  const auto service = services_.find(service_name);
  if (service != services_.end()) {
    auto& sources = service->second->sources();
    if (const auto found = sources.find(pod); found != sources.end()) {
      return Known{*service->second, found->second};
    }
  }
  const SourceState* known = before_ == nullptr ? nullptr : before_->SourceOf(service_name, pod);
  if (known == nullptr && AllSources() >= kMaxSources) return std::nullopt;
  if (known == nullptr) ++source_count_;
  ServiceCounts& counts = ServiceAt(service_name);
  SourceState& made = counts.sources()[std::string(pod)];
  if (known != nullptr) made = *known;
  return Known{counts, made};
}

ServiceCounts& PartitionCounts::ServiceAt(std::string_view name) {
  if (const auto found = services_.find(name); found != services_.end()) return *found->second;
  auto made = std::make_unique<ServiceCounts>(context_.max_routes, context_.budget);
  return *services_.emplace(name, std::move(made)).first->second;
}

void PartitionCounts::SetSource(ServiceCounts& service, std::string_view pod,
                                const SourceState& source) {
  const auto [at, is_new] = service.sources().insert_or_assign(std::string(pod), source);
  if (is_new) ++source_count_;
}

const SourceState* PartitionCounts::SourceOf(std::string_view service, std::string_view pod) const {
  if (const auto found = services_.find(service); found != services_.end()) {
    const auto& sources = found->second->sources();
    if (const auto source = sources.find(pod); source != sources.end()) return &source->second;
  }
  return before_ == nullptr ? nullptr : before_->SourceOf(service, pod);
}

std::int64_t PartitionCounts::LastOffset(std::string_view source, std::string_view file) const {
  if (const HighWaterMarks::Mark* mark = marks_.Find(source, file)) return mark->last_offset;
  return before_ == nullptr ? -1 : before_->LastOffset(source, file);
}

Millis PartitionCounts::LatenessOf(std::string_view source) const {
  if (context_.options.lateness) return *context_.options.lateness;
  if (before_ != nullptr) return before_->LatenessOf(source);
  const auto found = services_.find(source.substr(0, source.rfind('/')));
  return found == services_.end() ? DelayHistogram::kUnmeasured
                                  : found->second->delays().Lateness();
}

std::size_t PartitionCounts::AllSources() const {
  return source_count_ + (before_ == nullptr ? 0 : before_->AllSources());
}

std::optional<std::size_t> PartitionCounts::Count(const RecordHeaders& headers,
                                                  std::string_view value, RecordTimes times) {
  if (headers.kind == RecordKind::kSummary) return kRejectedSummary;
  const auto known = Find(headers.source);
  if (!known) return kRejectedSourceLimit;
  context_.health.RecordAccepted(headers.kind);
  // The producer's clock may be ahead, and so may be ours.
  const WallMs heard_ms =
      times.record_ms > 0 ? std::min(times.record_ms, times.now_ms) : times.now_ms;
  std::uint64_t counted = 0;
  if (headers.kind == RecordKind::kEvents) {
    counted = CountEvents(headers, value, *known, times, heard_ms);
  }
  known->source.recent.Add(counted, heard_ms);
  marks_.Touch(heard_ms);
  known->service.Heard(known->source, headers.watermark_ms, heard_ms);
  known->source.gone = headers.kind == RecordKind::kGoodbye;
  return std::nullopt;
}

std::uint64_t PartitionCounts::CountEvents(const RecordHeaders& headers, std::string_view value,
                                           Known known, RecordTimes times, WallMs heard_ms) {
  // An event that is older than what its source said to have sent broke that promise.
  const WallMs told_ms = known.source.watermark_ms;
  const WallMs late_before_ms = told_ms > 0 ? told_ms - LatenessOf(headers.source).count()
                                            : std::numeric_limits<WallMs>::min();
  // A new series' place must not hang on when its record was read, so it is the record's own time.
  const EventTimes event_times{late_before_ms, heard_ms + kFutureAllowance.count(),
                               times.record_ms > 0 ? times.record_ms : times.now_ms};
  OwnHealth& health = context_.health;
  const std::int64_t before = LastOffset(headers.source, headers.file);
  std::int64_t& last_offset = marks_.At(headers.source, headers.file, heard_ms).last_offset;
  last_offset = before;
  std::uint64_t counted = 0;
  const std::size_t skipped = context_.reader.Read(value, [&](const RecordedEvent& recorded) {
    const auto offset = static_cast<std::int64_t>(recorded.offset);
    if (offset < 0) {
      ++health.rejected_events;
    } else if (offset <= last_offset) {
      ++health.duplicates;
    } else {
      last_offset = offset;
      ++counted;
      if (told_ms > 0 && recorded.event.ts_ms >= 0) {
        known.service.delays().Add(Millis{told_ms - recorded.event.ts_ms});
      }
      CountEvent(recorded.event, known.service, event_times);
    }
  });
  health.rejected_events += skipped;
  return counted;
}

void PartitionCounts::CountEvent(const AccessEvent& event, ServiceCounts& service,
                                 const EventTimes& times) {
  OwnHealth& health = context_.health;
  RequestSample sample = SampleOf(event);
  if (event.ts_ms <= times.horizon_ms) sample.second = SecondOf(event.ts_ms);
  ++health.events;
  if (!sample.second) ++health.future;
  if (event.ts_ms < times.late_before_ms) ++health.late;
  if (!SeriesOf(event, service, times.record_ms).Add(sample)) ++health.too_old;
}

SeriesCounts& PartitionCounts::SeriesOf(const AccessEvent& event, ServiceCounts& service,
                                        WallMs record_ms) {
  const CountedRoute route = CountedRouteOf(event, context_.routes);
  const auto place = service.SeriesOf(route.key, route.origin, record_ms);
  if (place.kind == ServiceCounts::PlaceKind::kNew) {
    place.series.route_id = context_.routes.IdOf(route.match, route.key.method);
  }
  return place.series;
}

void PartitionCounts::Merge(const PartitionCounts& delta) {
  marks_.Merge(delta.marks_);
  for (const auto& [name, counts] : delta.services_) {
    ServiceCounts& service = ServiceAt(name);
    for (const auto& [pod, source] : counts->sources()) SetSource(service, pod, source);
    if (counts->known_since_ms()) service.KnownSince(*counts->known_since_ms());
    service.delays().Merge(counts->delays());
    MergeService(service, *counts);
  }
}

void PartitionCounts::MergeService(ServiceCounts& service, const ServiceCounts& delta) {
  std::uint64_t& too_old = context_.health.too_old;
  for (const auto& [key, counts] : delta.series()) {
    const auto place = service.SeriesOf(key, counts.origin, counts.known_since_ms);
    if (place.kind == ServiceCounts::PlaceKind::kNew) place.series.route_id = counts.route_id;
    if (place.kind == ServiceCounts::PlaceKind::kOther) context_.health.overflow += counts.Total();
    too_old += place.series.Merge(counts);
  }
  if (delta.other() == nullptr) return;
  context_.health.overflow += delta.other()->Total();
  too_old += service.Other().Merge(*delta.other());
}

void PartitionCounts::Forget(WallMs now) {
  marks_.Expire();
  const WallMs before = now - context_.options.forget_after.count();
  std::erase_if(services_, [&](auto& entry) {
    auto& sources = entry.second->sources();
    source_count_ -= std::erase_if(
        sources, [before](const auto& source) { return source.second.heard_ms < before; });
    return sources.empty();
  });
}

}  // namespace routerate
