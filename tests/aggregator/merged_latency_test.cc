// Quantiles of series together are those of all their requests.
#include "aggregator/merged_latency.h"

#include <catch2/catch.hpp>

#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

// A hundred requests to each of two routes, one of them slow, and a minute behind them.
struct TwoRoutes : AggregatorWorld {
  TwoRoutes() {
    std::vector<TestEvent> events;
    events.reserve(200);
    for (std::uint64_t i = 0; i < 100; ++i) {
      const auto wait_us = static_cast<std::int64_t>(1000 * (i + 1));
      events.push_back({.offset = 2 * i, .path = "/fast", .duration_us = wait_us});
      events.push_back({.offset = 2 * i + 1, .path = "/slow", .duration_us = 100'000 + wait_us});
    }
    Beat(kSource);
    BeatFor(20, {kSource});
    for (TestEvent& event : events) event.ts_ms = clock.Wall();
    Events(kSource, events, clock.Wall());
    BeatFor(5, {kSource});
  }
};

}  // namespace

TEST_CASE("a quantile of two series is that of all their requests") {
  TwoRoutes world;
  const StatsSnapshot snapshot = world.Snapshot();
  const ServiceStats* service = FindService(snapshot, "ns/shop");
  REQUIRE(service->series.size() == 2);
  MergedLatency merged;
  for (const SeriesStats& series : service->series) merged.Add(series);
  CHECK(*merged.QuantileSeconds(0.25) == Approx(0.050).epsilon(0.03));
  CHECK(*merged.QuantileSeconds(0.95) == Approx(0.190).epsilon(0.03));
  MergedLatency all;
  all.Add(service->all);
  CHECK(all.QuantileSeconds(0.95) == merged.QuantileSeconds(0.95));
  CHECK(*all.QuantileSeconds(0.95) * 1000 == Approx(service->all.quantiles->p95_ms));
}

TEST_CASE("no request has no quantile, and nor has what is not known") {
  CHECK(MergedLatency().QuantileSeconds(0.5) == std::nullopt);
  TwoRoutes world;
  const StatsSnapshot snapshot = world.Snapshot();
  MergedLatency merged;
  merged.Add(*FindSeries(snapshot, "ns/shop", "/fast"));
  CHECK(merged.QuantileSeconds(0.5) != std::nullopt);
  SeriesStats withheld;
  merged.Add(withheld);
  CHECK(merged.QuantileSeconds(0.5) == std::nullopt);
}

}  // namespace routerate
