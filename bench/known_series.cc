// One series of each kind is counted; the records tell of it under many names.
#include "bench/known_series.h"

#include <fmt/format.h>

#include <cmath>

#include "aggregator/count_items.h"
#include "aggregator/count_record.h"
#include "aggregator/snapshot_builder.h"
#include "base/check.h"

namespace routerate::bench {
namespace {

constexpr std::size_t kRoutesAService = 100;
constexpr std::size_t kPodsAService = 4;
constexpr std::size_t kPartBytes = 256 << 10;
constexpr std::int64_t kNow = kBenchStart / 1000;
constexpr std::int64_t kSeconds = 300;
constexpr std::int64_t kRequestsASecond = 6;
constexpr std::int64_t kLatencies = 60;

void AddRequest(std::int64_t second, std::int64_t number, SeriesCounts* counts) {
  constexpr double kFirst = 2'000;  // microseconds
  constexpr double kStep = 1.05;    // a little more than a bucket of the sketch
  RequestSample sample;
  sample.second = second;
  sample.code_class = number % 50 == 0 ? CodeClass::k4xx : CodeClass::k2xx;
  sample.bytes = static_cast<std::uint64_t>(number % 97 * 200);
  sample.duration_us =
      static_cast<std::int64_t>(kFirst * std::pow(kStep, static_cast<double>(number % kLatencies)));
  RR_CHECK(counts->Add(PlacedSample(sample)));
}

SeriesCounts CountsOf(SeriesKind kind) {
  SeriesCounts counts;
  counts.origin = RouteOrigin::kAutomatic;
  counts.known_since_ms = counts.heard_ms = kBenchStart;
  if (kind == SeriesKind::kIdle) {
    AddRequest(kNow - kSeconds, 1, &counts);
    return counts;
  }
  for (std::int64_t i = 0; i < kSeconds * kRequestsASecond; ++i) {
    AddRequest(kNow - kSeconds + i / kRequestsASecond, i, &counts);
  }
  return counts;
}

void TellService(std::size_t service, CountItemVisitor& items) {
  items.OnService(fmt::format("shops/shop-{}", service));
  items.OnKnownSince(kBenchStart - 2 * kSeconds * 1000);
  for (std::size_t pod = 0; pod < kPodsAService; ++pod) {
    items.OnSource(fmt::format("shop-{}-{}", service, pod),
                   {.watermark_ms = kBenchStart, .heard_ms = kBenchStart});
  }
}

}  // namespace

std::vector<std::string> CountRecordsOf(SeriesKind kind, std::size_t series) {
  SeriesCounts counts = CountsOf(kind);
  CountItemWriter items(kPartBytes);
  items.OnLogTime(kBenchStart, 0);
  for (std::size_t i = 0; i < series; ++i) {
    const std::size_t service = i / kRoutesAService;
    if (i % kRoutesAService == 0) TellService(service, items);
    const std::string route =
        fmt::format("/shop-{}/part-{}x/list/{{id}}", service, i % kRoutesAService);
    counts.route_id = fmt::format("get-shop-{}-part-{}x-list-id", service, i % kRoutesAService);
    ++counts.requests[static_cast<std::size_t>(CodeClass::k2xx)];  // not all the same
    items.OnSeries({route, "GET", {}}, counts);
  }
  CountHeader header;
  header.kind = CountKind::kSnapshot;
  header.topic = AggregatorOptions().kafka.topic;
  header.end = 1;
  header.wall_ms = kBenchStart;
  return EncodeParts(header, items.TakeParts());
}

KnownSeries::KnownSeries(const std::vector<std::string>& records)
    : intake_(options_, *RouteMatcher::Create({}, ""), clock_, source_, log_, 1) {
  for (const std::string& record : records) intake_.OnCounts(record, 0);
  intake_.OnCountsRead();
}

StatsSnapshot KnownSeries::Snapshot() const {
  StatsSnapshot snapshot;
  snapshot.made_at_ms = clock_.Wall();
  snapshot.services = BuildServiceStats(intake_.partitions(), LogReading::kCaughtUp, options_,
                                        RuleIndex(), snapshot.made_at_ms);
  snapshot.series_count = intake_.series_count();
  return snapshot;
}

}  // namespace routerate::bench
