// What the owner of a partition counts of its records, behind what is known: told in count records,
// one delta at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/aggregator_options.h"
#include "aggregator/count_items.h"
#include "aggregator/own_health.h"
#include "aggregator/partition_counts.h"
#include "aggregator/service_delta.h"
#include "aggregator/source_positions.h"
#include "parsers/event_record.h"
#include "parsers/route_matcher.h"
#include "parsers/summary_record.h"

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
  EventReader& events;
  SummaryReader& summaries;
  OwnHealth& health;
};

// Not thread-safe.
class PartitionDelta {
 public:
  // Pods of all services. Records of further ones are rejected.
  static constexpr std::size_t kMaxSources = 100'000;

  // Borrows `known`: what is known of the partition; repeats are known by it.
  PartitionDelta(const CountingContext& context, const PartitionCounts& known)
      : context_(context), known_(known) {}

  // Counts a record whose headers are valid; `value` is read for kEvents and kSummary. Returns why
  // a record was not taken (own_health.h).
  std::optional<std::size_t> Count(const RecordHeaders& headers, std::string_view value,
                                   RecordTimes times);

  void Tell(CountItemVisitor& visitor) const;
  // What was counted was told, and will be known: what is counted from here on comes behind it.
  void Told();
  // It is known.
  void Known() { on_its_way_.reset(); }

 private:
  // What a record is about, and what it says of the times of its events.
  struct Counting {
    ServiceDelta& service;
    SourceState& source;
    DeltaSeries& pod;
    SeriesCounts& all_of_pod;
    WallMs told_ms;         // its source's watermark before; 0: none
    WallMs late_before_ms;  // an event that is older broke its source's promise
    WallMs horizon_ms;      // one that is newer comes from a clock that is ahead
    WallMs record_ms;
  };

  struct PendingSample {
    SeriesCounts* series;
    SeriesCounts* of_pod;  // nullptr: of no named route
    PlacedSample placed;
  };

  // nullptr when the source would be one too many.
  SourceState* SourceAt(const std::string& service, std::string_view pod);
  std::size_t SourceCount() const;
  // What a heartbeat tells of its pod, if it is another than before.
  void Describe(const std::string& service, std::string_view pod, const PodDescription& told);
  std::int64_t LastOffset(std::string_view source, std::string_view file) const;
  Millis LatenessOf(std::string_view service) const;
  ServiceDelta& ServiceAt(const std::string& name);

  // Of a record's requests those that are no repeats.
  struct Counted {
    std::uint64_t requests = 0;
    WallMs newest_ms = 0;  // the latest of their times
  };

  Counted CountEvents(const RecordHeaders& headers, std::string_view value,
                      const Counting& counting, WallMs heard_ms);
  Counted CountSummary(const RecordHeaders& headers, std::string_view value,
                       const Counting& counting, WallMs heard_ms);
  void CountEvent(const AccessEvent& event, const Counting& counting);
  void AddSamples(const Counting& counting);
  void CountRow(const SummaryRow& row, const Counting& counting);
  // True: a part of its lines was counted before, so none of it can be.
  bool Overlaps(const RecordHeaders& headers, std::string_view value);

  CountingContext context_;
  const PartitionCounts& known_;
  std::map<std::string, ServiceDelta, std::less<>> services_;
  SourcePositions positions_;
  std::optional<SourcePositions> on_its_way_;
  std::vector<PendingSample> samples_;  // of the record that is being counted
};

}  // namespace routerate
