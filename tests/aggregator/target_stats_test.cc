// The demand for a workload that other services' logs show: it is a number only while all of it is
// known.
#include "aggregator/target_stats.h"

#include <catch2/catch.hpp>
#include <memory>

#include "aggregator/aged_snapshot.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

const std::string kFront = "ns/front/front-0";
const std::string kEdge = "edge/gate/gate-0";

const std::vector<RouteRule> kTargetRules = {
    {.name = "api", .path = "/api/**", .target = "deployments.apps/api"},
    {.name = "api-v2", .path = "/v2/**", .target = "ns/deployments.apps/api"},
    {.name = "shop", .path = "/shop/**", .target = "shop/deployments.apps/shop"},
    {.name = "static", .path = "/static/**"},
};

// Both fronts are known in every window; neither had a request for a target.
struct FrontWorld : AggregatorWorld {
  FrontWorld() : AggregatorWorld({}, kTargetRules) {
    Ask(kFront, "/static/app.js", 1);
    Ask(kEdge, "/static/app.js", 1);
    BeatFor(400, {kFront, kEdge});
  }

  // `count` requests of now.
  void Ask(const std::string& source, const std::string& path, int count) {
    std::vector<TestEvent> events;
    events.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      events.push_back({.offset = ++offset, .ts_ms = clock.Wall(), .path = path});
    }
    Events(source, events, clock.Wall(), 0, source);
  }

  std::uint64_t offset = 0;
};

const TargetStats* Find(const StatsSnapshot& snapshot, const std::string& name_space,
                        const std::string& target) {
  for (const TargetStats& stats : snapshot.targets) {
    if (stats.name_space == name_space && stats.target == target) return &stats;
  }
  return nullptr;
}

WindowRates Rates(AggregatorWorld& world, const std::string& name_space = "ns") {
  const StatsSnapshot snapshot = world.Snapshot();
  const TargetStats* target = Find(snapshot, name_space, "deployments.apps/api");
  return target == nullptr ? WindowRates{} : target->requests_per_second;
}

const WindowRates kNothing = {};
const WindowRates kZero = {0.0, 0.0, 0.0};

}  // namespace

TEST_CASE("a target that nobody asked for is absent") {
  FrontWorld world;
  CHECK(world.Snapshot().targets.empty());
}

TEST_CASE("a target's rate is of all its routes, and is a known zero when requests stop") {
  FrontWorld world;
  world.Ask(kFront, "/api/orders", 30);
  world.Ask(kFront, "/v2/orders", 20);
  world.Ask(kFront, "/static/app.css", 100);
  world.BeatFor(5, {kFront, kEdge});
  CHECK(Rates(world)[kTenSeconds] == 5.0);
  CHECK(*Rates(world)[kMinuteWindow] == Approx(50.0 / 60));
  world.BeatFor(400, {kFront, kEdge});
  CHECK(Rates(world) == kZero);
}

TEST_CASE("a route that only has the id of a target's rule feeds nothing") {
  SeriesStats automatic;
  automatic.route_id = "api";
  automatic.requests_per_second = {7.0, 7.0, 7.0};
  ServiceStats service;
  service.name_space = "ns";
  service.state = ServiceState::kKnown;
  service.series = {automatic};
  const RuleIndex rules(*RouteMatcher::Create(kTargetRules, "routes.yaml"));
  CHECK(MakeTargets(rules, {service}).empty());
  service.series.push_back(automatic);
  service.series.back().rule_name = "api";
  const auto stats = MakeTargets(rules, {service});
  REQUIRE(stats.size() == 1);
  CHECK(stats[0].requests_per_second[kTenSeconds] == 7.0);
}

TEST_CASE("without a namespace a target is in the namespace of the service whose log it is") {
  FrontWorld world;
  world.Ask(kEdge, "/api/orders", 10);
  world.Ask(kFront, "/shop/cart", 10);
  world.BeatFor(5, {kFront, kEdge});
  const StatsSnapshot snapshot = world.Snapshot();
  REQUIRE(snapshot.targets.size() == 2);
  CHECK(snapshot.targets[0].name_space == "edge");
  CHECK(snapshot.targets[0].target == "deployments.apps/api");
  CHECK(snapshot.targets[1].name_space == "shop");
  CHECK(snapshot.targets[1].target == "deployments.apps/shop");
}

TEST_CASE("a window that the front is not known for has no value") {
  AggregatorWorld world({}, kTargetRules);
  world.Events(kFront, {{.offset = 1, .path = "/api/orders"}}, kStart);
  CHECK(world.Snapshot().targets.size() == 1);
  CHECK(Rates(world) == kNothing);
  world.BeatFor(20, {kFront});
  CHECK(Rates(world)[kTenSeconds].has_value());
  CHECK_FALSE(Rates(world)[kMinuteWindow].has_value());
}

TEST_CASE("a target is unknown while its front is, and is never taken for idle") {
  FrontWorld world;
  world.Ask(kFront, "/api/orders", 10);
  world.BeatFor(400, {kFront, kEdge});
  REQUIRE(Rates(world) == kZero);
  world.BeatFor(11, {kEdge});
  CHECK(Rates(world) == kNothing);
  CHECK(world.Snapshot().targets.size() == 1);
  world.Beat(kFront);
  CHECK(Rates(world) == kZero);
}

// Both fronts feed ns/deployments.apps/api: 30 and 20 requests in the last ten seconds.
struct FedByTwo : FrontWorld {
  FedByTwo() {
    Ask(kFront, "/api/orders", 30);
    Ask(kEdge, "/v2/orders", 20);
    BeatFor(5, {kFront, kEdge});
  }
};

TEST_CASE("two services that feed one target are added up") {
  FedByTwo world;
  CHECK(world.Snapshot().targets.size() == 1);
  CHECK(Rates(world)[kTenSeconds] == 5.0);
}

TEST_CASE("of two services that feed a target both must be known") {
  FedByTwo world;
  world.BeatFor(11, {kEdge});
  CHECK(Rates(world) == kNothing);
  SECTION("a service that is gone counts nothing") {
    world.Goodbye(kFront);
    world.BeatFor(1, {kEdge});
    CHECK(*Rates(world)[kMinuteWindow] == Approx(20.0 / 60));
  }
  SECTION("nor does one that is gone make another known") {
    world.Goodbye(kEdge);
    CHECK(Rates(world) == kNothing);
  }
  SECTION("when all are gone there is no value") {
    world.Goodbye(kFront);
    world.Goodbye(kEdge);
    CHECK(Rates(world) == kNothing);
    CHECK(world.Snapshot().targets.size() == 1);
  }
}

TEST_CASE("a target's rates are withheld when the snapshot is older than stale_after") {
  FedByTwo world;
  auto snapshot = std::make_shared<StatsSnapshot>(world.Snapshot());
  snapshot->made_at_monotonic = world.clock.Monotonic();
  const auto aged = [&] { return AgedSnapshot(snapshot, world.clock, world.options.stale_after); };
  world.clock.Advance(world.options.stale_after);
  CHECK(Find(*aged(), "ns", "deployments.apps/api")->requests_per_second[kTenSeconds] == 5.0);
  world.clock.Advance(Millis{1});
  CHECK(Find(*aged(), "ns", "deployments.apps/api")->requests_per_second == kNothing);
}

}  // namespace routerate
