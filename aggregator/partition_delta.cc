// A record's way into the counts: whose it is, which of its lines are new, which route and second
// each belongs to.
#include "aggregator/partition_delta.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "aggregator/printable_word.h"
#include "parsers/counted_route.h"

namespace routerate {
namespace {

struct SourceName {
  std::string service;  // "namespace/service"
  std::string_view pod;
};

SourceName NameOf(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  return {PrintableWord(source.substr(0, slash)), source.substr(slash + 1)};
}

// A series of one of the pod's routes, or of all its requests.
SeriesCounts& PodSeriesOf(DeltaSeries& pod, const SeriesKeyView& key, WallMs record_ms) {
  if (SeriesCounts* known = pod.Find(key, record_ms)) return *known;
  return pod.Make(key, record_ms);
}

}  // namespace

SourceState* PartitionDelta::SourceAt(const std::string& service, std::string_view pod) {
  if (SourceState* counted = positions_.Find(service, pod)) return counted;
  const SourceState* known = on_its_way_ ? on_its_way_->Find(service, pod) : nullptr;
  if (known == nullptr) known = known_.SourceOf(service, pod);
  if (known == nullptr && SourceCount() >= kMaxSources) return nullptr;
  if (known == nullptr) ++positions_.new_sources;
  SourceState& made = positions_.services[service][std::string(pod)];
  if (known != nullptr) made = *known;
  return &made;
}

std::size_t PartitionDelta::SourceCount() const {
  const std::size_t on_its_way = on_its_way_ ? on_its_way_->new_sources : 0;
  return known_.source_count() + on_its_way + positions_.new_sources;
}

void PartitionDelta::Describe(const std::string& service, std::string_view pod,
                              const PodDescription& told) {
  static const PodDescription kNothing;
  const PodDescription* known = positions_.FindDescription(service, pod);
  if (known == nullptr && on_its_way_) known = on_its_way_->FindDescription(service, pod);
  if (known == nullptr) known = known_.DescriptionOf(service, pod);
  if (told == (known == nullptr ? kNothing : *known)) return;
  positions_.described[service][std::string(pod)] = told;
}

std::int64_t PartitionDelta::LastOffset(std::string_view source, std::string_view file) const {
  const HighWaterMarks::Mark* mark = positions_.marks.Find(source, file);
  if (mark == nullptr && on_its_way_) mark = on_its_way_->marks.Find(source, file);
  if (mark == nullptr) mark = known_.marks().Find(source, file);
  return mark == nullptr ? -1 : mark->last_offset;
}

// As known, so that a record is judged by what came before its delta.
Millis PartitionDelta::LatenessOf(std::string_view service) const {
  if (context_.options.lateness) return *context_.options.lateness;
  const ServiceCounts* known = known_.ServiceOf(service);
  return known == nullptr ? DelayHistogram::kUnmeasured : known->delays().Lateness();
}

ServiceDelta& PartitionDelta::ServiceAt(const std::string& name) {
  return services_.try_emplace(name, context_.options.max_routes).first->second;
}

std::optional<std::size_t> PartitionDelta::Count(const RecordHeaders& headers,
                                                 std::string_view value, RecordTimes times) {
  if (headers.kind == RecordKind::kSummary && Overlaps(headers, value)) return kRejectedOverlap;
  const SourceName name = NameOf(headers.source);
  const std::size_t known_sources = SourceCount();
  SourceState* source = SourceAt(name.service, name.pod);
  if (source == nullptr) return kRejectedSourceLimit;
  context_.health.RecordAccepted(headers.kind);
  // The producer's clock may be ahead, and so may be ours.
  const WallMs heard_ms =
      times.record_ms > 0 ? std::min(times.record_ms, times.now_ms) : times.now_ms;
  ServiceDelta& service = ServiceAt(name.service);
  // A new source is known from here on, if only to have no requests.
  if (SourceCount() > known_sources) (void)PodSeriesOf(service.PodOf(name.pod), {}, heard_ms);
  Counted counted;
  if (headers.kind == RecordKind::kEvents || headers.kind == RecordKind::kSummary) {
    const WallMs told_ms = source->watermark_ms;
    // A new series' place must not hang on when its record was read, so it is the record's own
    // time.
    const WallMs record_ms = times.record_ms > 0 ? times.record_ms : times.now_ms;
    DeltaSeries& pod = service.PodOf(name.pod);
    const Counting counting{service,
                            *source,
                            pod,
                            PodSeriesOf(pod, {}, record_ms),
                            told_ms,
                            told_ms > 0 ? told_ms - LatenessOf(name.service).count()
                                        : std::numeric_limits<WallMs>::min(),
                            heard_ms + kFutureAllowance.count(),
                            record_ms};
    counted = headers.kind == RecordKind::kEvents
                  ? CountEvents(headers, value, counting, heard_ms)
                  : CountSummary(headers, value, counting, heard_ms);
  }
  if (headers.kind == RecordKind::kHeartbeat) Describe(name.service, name.pod, headers.pod);
  positions_.marks.Touch(heard_ms);
  // A log that is read late has its traffic at its own time, which does not fade meanwhile.
  const WallMs log_ms = std::max(headers.watermark_ms, counted.newest_ms);
  source->recent.Add(counted.requests, log_ms > 0 ? std::min(log_ms, heard_ms) : heard_ms);
  source->heard_ms = std::max(source->heard_ms, heard_ms);
  source->gone = headers.kind == RecordKind::kGoodbye;
  if (headers.watermark_ms > 0) {
    source->watermark_ms = headers.watermark_ms;
    service.KnownSince(headers.watermark_ms);
  }
  return std::nullopt;
}

PartitionDelta::Counted PartitionDelta::CountEvents(const RecordHeaders& headers,
                                                    std::string_view value,
                                                    const Counting& counting, WallMs heard_ms) {
  OwnHealth& health = context_.health;
  const std::int64_t before = LastOffset(headers.source, headers.file);
  std::int64_t& last_offset =
      positions_.marks.At(headers.source, headers.file, heard_ms).last_offset;
  last_offset = before;
  Counted counted;
  const std::size_t skipped = context_.events.Read(value, [&](const RecordedEvent& recorded) {
    const auto offset = static_cast<std::int64_t>(recorded.offset);
    if (offset < 0) {
      ++health.rejected_events;
    } else if (offset <= last_offset) {
      ++health.duplicates;
    } else {
      last_offset = offset;
      ++counted.requests;
      counted.newest_ms = std::max(counted.newest_ms, recorded.event.ts_ms);
      CountEvent(recorded.event, counting);
    }
  });
  health.rejected_events += skipped;
  AddSamples(counting);
  return counted;
}

void PartitionDelta::CountEvent(const AccessEvent& event, const Counting& counting) {
  OwnHealth& health = context_.health;
  if (counting.told_ms > 0 && event.ts_ms >= 0) {
    counting.service.delays().Add(Millis{counting.told_ms - event.ts_ms});
  }
  PlacedSample placed(SampleOf(event));
  if (event.ts_ms <= counting.horizon_ms) placed.sample.second = SecondOf(event.ts_ms);
  ++health.events;
  if (!placed.sample.second) ++health.future;
  if (event.ts_ms < counting.late_before_ms) ++health.late;
  const CountedRoute route = CountedRouteOf(event, context_.routes);
  const auto series = counting.service.SeriesOf(route.key, route.origin, counting.record_ms);
  if (series.is_new) series.counts.route_id = context_.routes.IdOf(route.match, route.key.method);
  series.counts.Prefetch();
  SeriesCounts* of_pod = nullptr;
  if (route.origin == RouteOrigin::kRule) {
    of_pod = &PodSeriesOf(counting.pod, route.key, counting.record_ms);
    of_pod->route_id = series.counts.route_id;
  }
  samples_.push_back({&series.counts, of_pod, placed});
}

// Behind all of the record, so that what they are added to has come from memory meanwhile.
void PartitionDelta::AddSamples(const Counting& counting) {
  for (const PendingSample& pending : samples_) {
    if (!pending.series->Add(pending.placed)) ++context_.health.too_old;
    (void)counting.all_of_pod.Add(pending.placed);
    if (pending.of_pod != nullptr) (void)pending.of_pod->Add(pending.placed);
  }
  samples_.clear();
}

bool PartitionDelta::Overlaps(const RecordHeaders& headers, std::string_view value) {
  const std::int64_t last_offset = LastOffset(headers.source, headers.file);
  if (headers.lines.first > last_offset || headers.lines.last <= last_offset) return false;
  (void)context_.summaries.Read(value, [this](const SummaryRow& row) {
    context_.health.rejected_requests += row.counts.Requests();
  });
  return true;
}

PartitionDelta::Counted PartitionDelta::CountSummary(const RecordHeaders& headers,
                                                     std::string_view value,
                                                     const Counting& counting, WallMs heard_ms) {
  OwnHealth& health = context_.health;
  const std::int64_t before = LastOffset(headers.source, headers.file);
  positions_.marks.At(headers.source, headers.file, heard_ms).last_offset =
      std::max(before, headers.lines.last);
  const bool repeat = headers.lines.last <= before;
  Counted counted;
  health.rejected_events += context_.summaries.Read(value, [&](const SummaryRow& row) {
    if (repeat) {
      health.duplicates += row.counts.Requests();
    } else {
      counted.requests += row.counts.Requests();
      counted.newest_ms = std::max(counted.newest_ms, row.second * kMsASecond);
      CountRow(row, counting);
    }
  });
  return counted;
}

// All its requests are of one second, so they are late together.
void PartitionDelta::CountRow(const SummaryRow& row, const Counting& counting) {
  OwnHealth& health = context_.health;
  const std::uint64_t requests = row.counts.Requests();
  const WallMs begin_ms = row.second * kMsASecond;
  if (counting.told_ms > 0) {
    counting.service.delays().Add(Millis{counting.told_ms - begin_ms}, requests);
  }
  const bool future = begin_ms > counting.horizon_ms;
  const auto second = future ? std::nullopt : std::optional(row.second);
  health.events += requests;
  if (future) health.future += requests;
  if (begin_ms + kMsASecond <= counting.late_before_ms) health.late += requests;
  const auto series = counting.service.SeriesOf(row.key, row.origin, counting.record_ms);
  if (series.is_new) series.counts.route_id = row.route_id;
  if (!series.counts.Add(second, row.counts)) health.too_old += requests;
  (void)counting.all_of_pod.Add(second, row.counts);
  if (row.origin != RouteOrigin::kRule) return;
  SeriesCounts& of_pod = PodSeriesOf(counting.pod, row.key, counting.record_ms);
  of_pod.route_id = row.route_id;
  (void)of_pod.Add(second, row.counts);
}

void PartitionDelta::Tell(CountItemVisitor& visitor) const {
  visitor.OnLogTime(positions_.marks.newest_ms(), 0);
  for (const auto& [key, mark] : positions_.marks.all()) visitor.OnMark(key, mark);
  for (const auto& [name, pods] : positions_.services) {
    visitor.OnService(name);
    for (const auto& [pod, source] : pods) visitor.OnSource(pod, source);
    if (const auto told = positions_.described.find(name); told != positions_.described.end()) {
      for (const auto& [pod, description] : told->second) visitor.OnPod(pod, description);
    }
    if (const auto counted = services_.find(name); counted != services_.end()) {
      counted->second.Tell(visitor);
    }
  }
}

// Places are kept of those services alone that are still heard of.
void PartitionDelta::Told() {
  std::erase_if(services_, [this](const auto& service) {
    return !positions_.services.contains(service.first);
  });
  for (auto& [name, service] : services_) service.Clear();
  on_its_way_ = std::exchange(positions_, {});
}

}  // namespace routerate
