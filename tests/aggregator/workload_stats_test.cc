// What is shown of a workload: the requests of its pods, while it is scaled, too.
#include "aggregator/workload_stats.h"

#include <catch2/catch.hpp>

#include "aggregator/aged_snapshot.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

struct ShopWorld : AggregatorWorld {
  ShopWorld() : AggregatorWorld({}, {{.name = "order", .path = "/orders/{id}"}}) {}

  void Tell(const std::string& pod, const std::string& workload) {
    RecordHeaders headers{RecordKind::kHeartbeat, "ns/shop/" + pod, "", clock.Wall()};
    headers.pod.workload = workload;
    Deliver(headers, "");
  }
  // Each second a request to an order of each pod, and one to something else, which fails.
  void Serve(int seconds, const std::vector<std::string>& pods) {
    for (int i = 0; i < seconds; ++i) {
      clock.Advance(Millis{1000});
      const WallMs now = clock.Wall();
      const auto offset = static_cast<std::uint64_t>(2 * now);
      for (const std::string& pod : pods) {
        Events("ns/shop/" + pod,
               {{.offset = offset, .ts_ms = now - 500, .path = "/orders/7"},
                {.offset = offset + 1, .ts_ms = now - 500, .path = "/list", .status = 500}},
               now);
      }
      Sync();
    }
  }
};

const WorkloadStats* Find(const ServiceStats& service, std::string_view name) {
  const auto found = std::ranges::find(service.workloads, name, &WorkloadStats::workload);
  return found == service.workloads.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a workload has the rates of its pods, and of the routes that rules name") {
  ShopWorld world;
  for (const char* pod : {"a", "b"}) world.Tell(pod, "deployments.apps/shop");
  world.Tell("c", "deployments.apps/canary");
  world.Serve(60, {"a", "b", "c"});
  const StatsSnapshot snapshot = world.Snapshot();
  const ServiceStats& service = *FindService(snapshot, "ns/shop");
  REQUIRE(service.workloads.size() == 2);
  const WorkloadStats* shop = Find(service, "deployments.apps/shop");
  REQUIRE(shop != nullptr);
  CHECK(shop->all.requests_per_second[kTenSeconds] == 4.0);
  CHECK((*shop->all.class_rates[kTenSeconds])[static_cast<std::size_t>(CodeClass::k5xx)] == 2.0);
  REQUIRE(shop->routes.size() == 1);
  CHECK(shop->routes[0].route_id == "order");
  CHECK(shop->routes[0].requests_per_second[kTenSeconds] == 2.0);
  CHECK(Find(service, "deployments.apps/canary")->all.requests_per_second[kTenSeconds] == 2.0);
}

TEST_CASE("a workload's rate stays known when a pod is new") {
  ShopWorld world;
  world.Tell("a", "deployments.apps/shop");
  world.Serve(60, {"a"});
  world.Tell("b", "deployments.apps/shop");
  world.Serve(5, {"a", "b"});
  const StatsSnapshot snapshot = world.Snapshot();
  const ServiceStats& service = *FindService(snapshot, "ns/shop");
  REQUIRE(service.pods.size() == 2);
  CHECK_FALSE(service.pods[1].all.requests_per_second[kTenSeconds].has_value());
  const WorkloadStats* shop = Find(service, "deployments.apps/shop");
  REQUIRE(shop->all.requests_per_second[kTenSeconds].has_value());
  CHECK(*shop->all.requests_per_second[kTenSeconds] ==
        *service.all.requests_per_second[kTenSeconds]);
}

TEST_CASE("a workload's rate is withheld with its service's, never 0") {
  ShopWorld world;
  world.Tell("a", "deployments.apps/shop");
  world.Serve(60, {"a"});
  auto snapshot = std::make_shared<const StatsSnapshot>(world.Snapshot());
  world.SilentFor(Millis{30'000});
  const StatsSnapshot later = world.Snapshot();
  const auto aged = AgedSnapshot(snapshot, world.clock, world.options.stale_after);
  for (const StatsSnapshot* stale : {&later, aged.get()}) {
    const WorkloadStats* shop = Find(*FindService(*stale, "ns/shop"), "deployments.apps/shop");
    REQUIRE(shop != nullptr);
    CHECK(shop->all.requests_per_second == WindowRates{});
    CHECK(shop->routes.front().requests_per_second == WindowRates{});
  }
}

TEST_CASE("pods that tell no workload are of none") {
  ShopWorld world;
  world.Serve(20, {"a"});
  CHECK(FindService(world.Snapshot(), "ns/shop")->workloads.empty());
}

}  // namespace routerate
