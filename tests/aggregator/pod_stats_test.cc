// What is shown of pods and of whole services, and what is left of routes that were forgotten.
#include <catch2/catch.hpp>

#include "aggregator/stats_query.h"
#include "aggregator/stats_text.h"
#include "parsers/route_names.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

const std::string kOne = "ns/shop/one";
const std::string kTwo = "ns/shop/two";

// Two pods with a request a second each: the first asked for an order, the second for whatever.
struct TwoPods : AggregatorWorld {
  explicit TwoPods(int seconds, AggregatorOptions with = {})
      : AggregatorWorld(std::move(with), {{.name = "order", .path = "/orders/{id}"}}) {
    Beat(kOne);
    Beat(kTwo);
    Serve(seconds);
  }
  void Serve(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      clock.Advance(Millis{1000});
      const WallMs now = clock.Wall();
      const std::uint64_t offset = static_cast<std::uint64_t>(now);
      Events(kOne, {{.offset = offset, .ts_ms = now - 500, .path = "/orders/7"}}, now);
      Events(kTwo, {{.offset = offset, .ts_ms = now - 500, .path = "/list", .status = 500}}, now);
      Sync();
    }
  }
  ServiceStats Shop() {
    const StatsSnapshot snapshot = Snapshot();
    const ServiceStats* found = FindService(snapshot, "ns/shop");
    REQUIRE(found != nullptr);
    return *found;
  }
};

TEST_CASE("a pod's row has all its requests, and those of the routes that rules name") {
  TwoPods world(100);
  const ServiceStats shop = world.Shop();
  REQUIRE(shop.pods.size() == 2);
  for (const PodStats& pod : shop.pods) {
    CHECK(pod.state == ServiceState::kWarming);  // no five minutes yet
    CHECK(pod.all.total == 100);
    CHECK(pod.all.requests_per_second[0] == 1.0);
    CHECK(pod.all.requests_per_second[1] == 1.0);
    CHECK_FALSE(pod.all.requests_per_second[2].has_value());
    CHECK(pod.all.quantiles.has_value());
  }
  REQUIRE(shop.pods[0].routes.size() == 1);
  CHECK(shop.pods[0].routes[0].route == "/orders/{id}");
  CHECK(shop.pods[0].routes[0].route_id == "order");
  CHECK(shop.pods[0].routes[0].requests_per_second[1] == 1.0);
  CHECK(shop.pods[1].routes.empty());
}

TEST_CASE("a service's row has the requests of all its routes") {
  TwoPods world(100);
  const ServiceStats shop = world.Shop();
  CHECK(shop.all.total == 200);
  CHECK(shop.all.requests_per_second[1] == 2.0);
  CHECK_FALSE(shop.all.requests_per_second[2].has_value());
  CHECK(shop.all.requests[static_cast<std::size_t>(CodeClass::k5xx)] == 100);
  CHECK(shop.all.bytes_per_second == 200.0);
  CHECK(shop.all.quantiles.has_value());
}

TEST_CASE("a pod that is idle has 0, one that is new or silent has no value") {
  TwoPods world(100);
  const std::string idle = "ns/shop/idle";
  for (int i = 0; i < 30; ++i) {
    world.clock.Advance(Millis{1000});
    for (const std::string& pod : {kOne, idle}) world.Beat(pod);
    world.Sync();
  }
  const ServiceStats shop = world.Shop();
  REQUIRE(shop.pods.size() == 3);
  CHECK(shop.pods[0].pod == "idle");
  CHECK(shop.pods[0].all.total == 0);
  CHECK_FALSE(shop.pods[0].all.requests_per_second[1].has_value());
  CHECK(shop.pods[2].state == ServiceState::kUnknown);
  CHECK_FALSE(shop.pods[2].all.requests_per_second[0].has_value());
  CHECK(shop.pods[2].all.total == 100);
  // The silent one had half of the traffic, so the service has no value, and nor have its pods.
  CHECK_FALSE(shop.pods[0].all.requests_per_second[0].has_value());
  world.Goodbye(kTwo);
  const ServiceStats known = world.Shop();
  CHECK(known.pods[0].all.requests_per_second[0] == 0.0);
  CHECK(known.pods[2].state == ServiceState::kGone);
}

TEST_CASE("rows by service and by pod") {
  TwoPods world(20);
  const StatsSnapshot snapshot = world.Snapshot();
  const auto ask = [&snapshot](const std::map<std::string, std::string>& query) {
    const auto parsed = StatsQuery::Parse(query);
    REQUIRE(parsed);
    return StatsText(parsed->Rows(snapshot), parsed->by());
  };
  const std::string services = ask({{"by", "service"}});
  CHECK(std::ranges::count(services, '\n') == 2);
  CHECK(services.find(" total\n") != std::string::npos);
  const std::string pods = ask({{"by", "pod"}});
  CHECK(std::ranges::count(pods, '\n') == 3);
  CHECK(pods.find(" total pod\n") != std::string::npos);
  CHECK(pods.find(" 20 one\n") != std::string::npos);
  const std::string orders = ask({{"by", "pod"}, {"route", "order"}});
  CHECK(std::ranges::count(orders, '\n') == 2);
  CHECK(orders.find("/orders/{id}") != std::string::npos);
  CHECK(ask({{"by", "pod"}, {"grep", "two$"}}).find("one") == std::string::npos);
  CHECK_FALSE(StatsQuery::Parse({{"by", "service"}, {"route", "order"}}));
}

TEST_CASE(
    "an automatic route that nobody asks for leaves, and its service's total does not go back") {
  AggregatorOptions options;
  options.max_routes = 1;
  options.forget_routes_after = Millis{600'000};
  TwoPods world(10, options);
  CHECK(world.Shop().all.total == 20);
  for (Millis idle{0}; idle <= options.forget_routes_after + Millis{10'000};
       idle += Millis{10'000}) {
    world.BeatFor(10, {kOne, kTwo});
    world.Sync();
  }
  const ServiceStats shop = world.Shop();
  REQUIRE(shop.series.size() == 1);
  CHECK(shop.series[0].route == "/orders/{id}");  // routes.yaml names it
  CHECK(shop.series[0].requests_per_second[1] == 0.0);
  CHECK(shop.all.total == 20);
  CHECK(world.intake->series_count() == 1);
  const WallMs now = world.clock.Wall();
  world.Events(kOne, {{.offset = static_cast<std::uint64_t>(now), .ts_ms = now, .path = "/new"}});
  const StatsSnapshot snapshot = world.Snapshot();
  REQUIRE(FindSeries(snapshot, "ns/shop", "/new") != nullptr);
  CHECK(FindSeries(snapshot, "ns/shop", kOtherRoute) == nullptr);
  CHECK(FindService(snapshot, "ns/shop")->all.total == 21);
}

}  // namespace
}  // namespace routerate
