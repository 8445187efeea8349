// A record's way into the counts: whose it is, which of its lines are new, which route and second
// each belongs to.
#include "aggregator/partition_counts.h"

#include <algorithm>
#include <limits>

#include "aggregator/printable_word.h"
#include "aggregator/route_names.h"

namespace routerate {
namespace {

// No response body and no request's duration is larger: a petabyte, 35 years. What claims more is
// nonsense that would make sums overflow.
constexpr std::int64_t kMostPlausible = std::int64_t{1} << 50;

bool Plausible(std::int64_t value) { return value >= 0 && value <= kMostPlausible; }

}  // namespace

std::optional<PartitionCounts::Known> PartitionCounts::Find(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  const std::string service_name = PrintableWord(source.substr(0, slash));
  const std::string_view pod = source.substr(slash + 1);
  auto service = services_.find(service_name);
  const bool new_service = service == services_.end();
  if (!new_service) {
    auto& sources = service->second->sources();
    if (const auto found = sources.find(pod); found != sources.end()) {
      return Known{*service->second, found->second};
    }
  }
  if (source_count_ >= kMaxSources) return std::nullopt;
  if (new_service) {
    auto made = std::make_unique<ServiceCounts>(context_.options.max_routes, context_.budget);
    service = services_.emplace(service_name, std::move(made)).first;
  }
  ++source_count_;
  return Known{*service->second, service->second->sources()[std::string(pod)]};
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
  if (headers.kind == RecordKind::kEvents) {
    CountEvents(headers, value, *known, times, heard_ms);
  }
  marks_.Touch(heard_ms);
  known->service.Heard(known->source, headers.watermark_ms, heard_ms);
  known->source.gone = headers.kind == RecordKind::kGoodbye;
  return std::nullopt;
}

void PartitionCounts::CountEvents(const RecordHeaders& headers, std::string_view value, Known known,
                                  RecordTimes times, WallMs heard_ms) {
  // An event that is older than what its source said to have sent broke that promise.
  const WallMs late_before_ms = known.source.watermark_ms > 0
                                    ? known.source.watermark_ms - context_.options.lateness.count()
                                    : std::numeric_limits<WallMs>::min();
  // A new series' place must not hang on when its record was read, so it is the record's own time.
  const EventTimes event_times{late_before_ms, heard_ms + kFutureAllowance.count(),
                               times.record_ms > 0 ? times.record_ms : times.now_ms};
  OwnHealth& health = context_.health;
  std::int64_t& last_offset = marks_.At(headers.source, headers.file, heard_ms).last_offset;
  const std::size_t skipped = context_.reader.Read(value, [&](const RecordedEvent& recorded) {
    const auto offset = static_cast<std::int64_t>(recorded.offset);
    if (offset < 0) {
      ++health.rejected_events;
    } else if (offset <= last_offset) {
      ++health.duplicates;
    } else {
      last_offset = offset;
      CountEvent(recorded.event, known.service, event_times);
    }
  });
  health.rejected_events += skipped;
}

void PartitionCounts::CountEvent(const AccessEvent& event, ServiceCounts& service,
                                 const EventTimes& times) {
  OwnHealth& health = context_.health;
  RequestSample sample;
  sample.code_class = CodeClassOf(event.status);
  if (Plausible(event.bytes)) sample.bytes = static_cast<std::uint64_t>(event.bytes);
  if (Plausible(event.duration_us)) sample.duration_us = event.duration_us;
  if (event.ts_ms <= times.horizon_ms) sample.second = SecondOf(event.ts_ms);
  ++health.events;
  if (!sample.second) ++health.future;
  if (event.ts_ms < times.late_before_ms) ++health.late;
  if (!SeriesOf(event, service, times.record_ms).Add(sample)) ++health.too_old;
}

SeriesCounts& PartitionCounts::SeriesOf(const AccessEvent& event, ServiceCounts& service,
                                        WallMs record_ms) {
  const RouteMatch match = context_.routes.Match(event.method, event.host, event.path);
  const bool automatic = match.rule < 0;
  std::string_view rule_method;
  if (!automatic) {
    rule_method = context_.routes.rules()[static_cast<std::size_t>(match.rule)].method;
  }
  const SeriesKeyView key{match.route, CountedMethod(event.method, rule_method), match.name};
  const auto origin = automatic ? RouteOrigin::kAutomatic : RouteOrigin::kRule;
  const auto place = service.SeriesOf(key, origin, record_ms);
  if (place.kind == ServiceCounts::PlaceKind::kNew) {
    place.series.route_id = context_.routes.IdOf(match, key.method);
  }
  if (place.kind == ServiceCounts::PlaceKind::kOther) ++context_.health.overflow;
  return place.series;
}

void PartitionCounts::Forget(WallMs now) {
  marks_.Expire();
  if (!caught_up_) return;
  const WallMs before = now - context_.options.forget_after.count();
  std::erase_if(services_, [&](auto& entry) {
    auto& sources = entry.second->sources();
    source_count_ -= std::erase_if(
        sources, [before](const auto& source) { return source.second.heard_ms < before; });
    return sources.empty();
  });
}

}  // namespace routerate
