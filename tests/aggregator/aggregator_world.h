// An aggregator with a world of values around it: sources whose records are made here, a clock that
// is told, and snapshots that can be asked.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aggregator/aggregator_options.h"
#include "aggregator/record_intake.h"
#include "aggregator/snapshot_builder.h"
#include "aggregator/stats_snapshot.h"
#include "aggregator/target_stats.h"
#include "base/check.h"
#include "base/clock.h"
#include "tests/aggregator/memory_counts_log.h"

namespace routerate {

// A pod of the service "ns/shop".
inline const std::string kSource = "ns/shop/shop-0";
inline constexpr std::size_t kTenSeconds = 0;        // of kWindows
inline constexpr WallMs kStart = 1'795'000'000'000;  // a whole minute of 2026

// One event, with what tests do not care for filled in.
struct TestEvent {
  std::uint64_t offset = 0;
  WallMs ts_ms = kStart;
  std::string path = "/";
  std::string method = "GET";
  int status = 200;
  std::int64_t bytes = 100;
  std::int64_t duration_us = 5000;
  std::string host = {};
};

// Views live as long as the test's event.
inline AccessEvent EventOf(const TestEvent& test) {
  AccessEvent event;
  event.ts_ms = test.ts_ms;
  event.method = test.method;
  event.path = test.path;
  event.host = test.host;
  event.status = test.status;
  event.bytes = test.bytes;
  event.duration_us = test.duration_us;
  return event;
}

inline std::string EventLines(const std::vector<TestEvent>& events) {
  std::string value;
  for (const TestEvent& test : events) AppendEvent(test.offset, EventOf(test), &value);
  return value;
}

// Records are delivered by hand.
class SilentSource final : public RecordSource {
 public:
  void ReadFrom(int, std::int64_t) override {}
  void Poll(Millis, RecordVisitor&) override {}
  SourceStatus Status() const override { return {}; }
};

class AggregatorWorld {
 public:
  explicit AggregatorWorld(AggregatorOptions with = {}, std::vector<RouteRule> rules = {})
      : options(std::move(with)) {
    if (!options.lateness) options.lateness = DelayHistogram::kUnmeasured;
    auto routes = RouteMatcher::Create(std::move(rules), "routes.yaml");
    RR_CHECK(routes);
    rules_of_file = std::make_shared<const RuleIndex>(*routes);
    intake = std::make_unique<RecordIntake>(options, *std::move(routes), clock, records, log, 1);
    log.Poll(*intake);
    Assign(0);
  }

  AggregatorWorld(const AggregatorWorld&) = delete;  // the intake borrows its members
  AggregatorWorld& operator=(const AggregatorWorld&) = delete;

  // A partition with an empty log.
  void Assign(int partition) {
    intake->OnAssigned(partition);
    intake->OnCaughtUp(partition);
  }

  void Deliver(const RecordHeaders& headers, std::string_view value, int partition = 0) {
    DeliverAt(clock.Wall(), headers, value, partition);
  }
  // A record that was made at `record_ms` and is read now.
  void DeliverAt(WallMs record_ms, const RecordHeaders& headers, std::string_view value,
                 int partition) {
    const HeaderPairs pairs = EncodeHeaders(headers);
    std::vector<std::pair<std::string_view, std::string_view>> views(pairs.begin(), pairs.end());
    intake->OnRecord({partition, next_offset++, record_ms, views, value});
  }
  void Events(const std::string& source, const std::vector<TestEvent>& events,
              WallMs watermark_ms = 0, int partition = 0, const std::string& file = "file") {
    Deliver({RecordKind::kEvents, source, file, watermark_ms}, EventLines(events), partition);
  }
  // A heartbeat that says "all is known up to now".
  void Beat(const std::string& source, int partition = 0) {
    Deliver({RecordKind::kHeartbeat, source, "", clock.Wall()}, "", partition);
  }
  void Goodbye(const std::string& source, int partition = 0) {
    Deliver({RecordKind::kGoodbye, source, "", clock.Wall()}, "", partition);
  }
  // Time passes, second by second, with a heartbeat of each source in each.
  void BeatFor(int seconds, const std::vector<std::string>& sources) {
    for (int i = 0; i < seconds; ++i) {
      clock.Advance(Millis{1000});
      for (const std::string& source : sources) Beat(source);
      Sync();
    }
  }

  // Time passes in which nothing comes, and its owner tells so.
  void SilentFor(Millis time) {
    constexpr Millis kTold{10'000};
    for (Millis left = time; left > Millis{0}; left -= kTold) {
      clock.Advance(std::min(left, kTold));
      Sync();
    }
  }

  // What was counted goes through the counts log.
  void Sync() {
    log.Poll(*intake);
    intake->Flush();
    log.Poll(*intake);
  }

  StatsSnapshot Snapshot() {
    Sync();
    StatsSnapshot snapshot;
    snapshot.made_at_ms = clock.Wall();
    const LogReading reading = intake->Behind() ? LogReading::kBehind : LogReading::kCaughtUp;
    snapshot.rules = rules_of_file;
    snapshot.services =
        BuildServiceStats(intake->partitions(), reading, options, *snapshot.rules, clock.Wall());
    snapshot.targets = MakeTargets(*snapshot.rules, snapshot.services);
    snapshot.health = intake->health();
    snapshot.series_count = intake->series_count();
    return snapshot;
  }
  const OwnHealth& health() {
    Sync();
    return intake->health();
  }

  AggregatorOptions options;
  ManualClock clock{kStart};
  SilentSource records;
  CountsTopic topic;
  MemoryCountsLog log{topic};
  std::shared_ptr<const RuleIndex> rules_of_file;
  std::unique_ptr<RecordIntake> intake;
  std::int64_t next_offset = 0;
};

// The service "namespace/service"; nullptr: not there.
inline const ServiceStats* FindService(const StatsSnapshot& snapshot, std::string_view name) {
  for (const ServiceStats& service : snapshot.services) {
    if (fmt::format("{}/{}", service.name_space, service.service) == name) return &service;
  }
  return nullptr;
}

inline const SeriesStats* FindSeries(const StatsSnapshot& snapshot, std::string_view service,
                                     std::string_view route) {
  const ServiceStats* found = FindService(snapshot, service);
  if (found == nullptr) return nullptr;
  for (const SeriesStats& series : found->series) {
    if (series.route == route) return &series;
  }
  return nullptr;
}

inline std::uint64_t Total(const StatsSnapshot& snapshot) {
  std::uint64_t total = 0;
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) total += series.total;
  }
  return total;
}

}  // namespace routerate
