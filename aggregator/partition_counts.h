// What is counted of one partition: all of it, or what came behind that (a delta). A delta is
// counted from records by the partition's owner; all that is known is the sum of deltas, so whoever
// adds the same ones up knows the same (count_record.h).
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/aggregator_options.h"
#include "aggregator/high_water_marks.h"
#include "aggregator/own_health.h"
#include "aggregator/service_counts.h"
#include "parsers/event_record.h"
#include "parsers/route_matcher.h"

namespace routerate {

// When a record was made, and when it came.
struct RecordTimes {
  WallMs record_ms;  // when it was produced, by Kafka; -1: unknown
  WallMs now_ms;     // the aggregator's wall clock
};

// What all partitions share. Owned by the intake, which outlives them.
struct CountingContext {
  const AggregatorOptions& options;
  std::size_t max_routes;
  RouteMatcher& routes;
  SeriesBudget& budget;
  EventReader& reader;
  OwnHealth& health;
};

// Not thread-safe.
class PartitionCounts {
 public:
  // Pods of all services. Records of further ones are rejected.
  static constexpr std::size_t kMaxSources = 100'000;

  // `before` is what this comes behind, if anything; borrowed. By it repeats are known.
  explicit PartitionCounts(const CountingContext& context, const PartitionCounts* before = nullptr)
      : context_(context), before_(before) {}
  void ComeBehind(const PartitionCounts* before) { before_ = before; }

  // Counts a record whose headers are valid; `value` is read for kEvents only. Returns why a record
  // was not taken (own_health.h).
  std::optional<std::size_t> Count(const RecordHeaders& headers, std::string_view value,
                                   RecordTimes times);

  // Adds a delta that came behind this.
  void Merge(const PartitionCounts& delta);

  // Forgets what was not heard of for forget_after: sources, then their services.
  void Forget(WallMs now);
  bool Empty() const { return services_.empty(); }

  // By "namespace/service".
  using Services = std::map<std::string, std::unique_ptr<ServiceCounts>, std::less<>>;
  const Services& services() const { return services_; }
  const HighWaterMarks& marks() const { return marks_; }

  // For whoever reads what was written.
  HighWaterMarks& marks() { return marks_; }
  ServiceCounts& ServiceAt(std::string_view name);
  void SetSource(ServiceCounts& service, std::string_view pod, const SourceState& source);

 private:
  struct Known {
    ServiceCounts& service;
    SourceState& source;
  };

  // What a record says of the times of its events.
  struct EventTimes {
    WallMs late_before_ms;
    WallMs horizon_ms;
    WallMs record_ms;
  };

  // nullopt when the source would be one too many.
  std::optional<Known> Find(std::string_view source);
  // Here or before; nullptr: unknown.
  const SourceState* SourceOf(std::string_view service, std::string_view pod) const;
  std::int64_t LastOffset(std::string_view source, std::string_view file) const;
  std::size_t AllSources() const;
  // As known before this delta.
  Millis LatenessOf(std::string_view source) const;
  void MergeService(ServiceCounts& service, const ServiceCounts& delta);
  // Returns how many of them are no repeats.
  std::uint64_t CountEvents(const RecordHeaders& headers, std::string_view value, Known known,
                            RecordTimes times, WallMs heard_ms);
  void CountEvent(const AccessEvent& event, ServiceCounts& service, const EventTimes& times);
  SeriesCounts& SeriesOf(const AccessEvent& event, ServiceCounts& service, WallMs record_ms);

  CountingContext context_;
  const PartitionCounts* before_;
  HighWaterMarks marks_;
  Services services_;
  std::size_t source_count_ = 0;  // that were not there before
};

}  // namespace routerate
