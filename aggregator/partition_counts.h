// Everything known of one partition: a function of its records alone, so that it can be dropped
// when the partition is revoked and built again by whoever gets it.
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

  explicit PartitionCounts(const CountingContext& context) : context_(context) {}

  // Counts a record whose headers are valid; `value` is read for kEvents only. Returns why a record
  // was not taken (own_health.h).
  std::optional<std::size_t> Count(const RecordHeaders& headers, std::string_view value,
                                   RecordTimes times);

  // Everything that was in the log when the partition was assigned has been counted.
  void MarkCaughtUp() { caught_up_ = true; }
  bool caught_up() const { return caught_up_; }

  // Forgets what was not heard of for forget_after: sources, then their services. Before the log is
  // caught up its silence means nothing.
  void Forget(WallMs now);

  // By "namespace/service".
  using Services = std::map<std::string, std::unique_ptr<ServiceCounts>, std::less<>>;
  const Services& services() const { return services_; }

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
  void CountEvents(const RecordHeaders& headers, std::string_view value, Known known,
                   RecordTimes times, WallMs heard_ms);
  void CountEvent(const AccessEvent& event, ServiceCounts& service, const EventTimes& times);
  SeriesCounts& SeriesOf(const AccessEvent& event, ServiceCounts& service, WallMs record_ms);

  CountingContext context_;
  HighWaterMarks marks_;
  Services services_;
  std::size_t source_count_ = 0;
  bool caught_up_ = false;
};

}  // namespace routerate
