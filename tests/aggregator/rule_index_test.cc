// What may be asked of routes.yaml by a series' id or its rule's name.
#include "aggregator/rule_index.h"

#include <catch2/catch.hpp>

#include "base/check.h"

namespace routerate {
namespace {

RuleIndex IndexOf(std::vector<RouteRule> rules) {
  auto routes = RouteMatcher::Create(std::move(rules), "routes.yaml");
  RR_CHECK(routes);
  return RuleIndex(*routes);
}

const std::vector<RouteRule> kRules = {
    {.name = "api",
     .path = "/api/**",
     .host = "API.example",
     .target = "edge/deployments.apps/api"},
    {.name = "cart", .path = "/cart", .target = "deployments.apps/cart"},
    {.path = "/orders/{id}", .method = "POST", .host = "Shop.example"},
    {.path = "/items/{id}"},
};

}  // namespace

TEST_CASE("a rule's name and the slugs of a rule without one are ids of the file") {
  const RuleIndex index = IndexOf(kRules);
  for (const char* id : {"api", "post-orders-id", "get-items-id", "delete-items-id", "items-id"}) {
    INFO(id);
    CHECK(index.FindId(id) != nullptr);
  }
  for (const char* id : {"", "get-orders-id", "get-api--all", "get-nothing", "other"}) {
    INFO(id);
    CHECK(index.FindId(id) == nullptr);
  }
}

TEST_CASE("an id tells its rule's name, method and host") {
  const RuleIndex index = IndexOf(kRules);
  const RuleIndex::Id* orders = index.FindId("post-orders-id");
  REQUIRE(orders != nullptr);
  CHECK(orders->method == "POST");
  CHECK(orders->host == "shop.example");
  CHECK(orders->rule_name.empty());
  REQUIRE(index.FindId("api") != nullptr);
  CHECK(index.FindId("api")->rule_name == "api");
  CHECK(index.FindId("api")->method.empty());
}

TEST_CASE("a rule's name tells its host and whom it feeds") {
  const RuleIndex index = IndexOf(kRules);
  const RuleIndex::Named* api = index.FindNamed("api");
  REQUIRE(api != nullptr);
  CHECK(api->target == "deployments.apps/api");
  CHECK(api->target_name_space == "edge");
  CHECK(index.HostOf("api") == "api.example");
  REQUIRE(index.FindNamed("cart") != nullptr);
  CHECK(index.FindNamed("cart")->target_name_space.empty());
  CHECK(index.HostOf("cart").empty());
  CHECK(index.FindNamed("post-orders-id") == nullptr);
  CHECK(index.HostOf("").empty());
}

TEST_CASE("of no file nothing is known") {
  CHECK(RuleIndex().FindId("get-root") == nullptr);
  CHECK(RuleIndex().FindNamed("api") == nullptr);
}

}  // namespace routerate
