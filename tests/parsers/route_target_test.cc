// `target` of a rule: its form, and what a rule with one needs.
#include "parsers/route_target.h"

#include <catch2/catch.hpp>

#include "parsers/route_rule.h"

namespace routerate {
namespace {

Result<std::vector<RouteExpression>> Compile(const std::string& target, const std::string& name) {
  RouteRule rule;
  rule.path = "/orders/{id}";
  rule.name = name;
  rule.target = target;
  rule.line = 7;
  return CompileRules({rule}, "routes.yaml");
}

}  // namespace

TEST_CASE("a target is a workload, with or without a namespace in front") {
  struct Case {
    std::string text, name_space, workload;
  };
  const std::vector<Case> kCases = {
      {"deployments.apps/api", "", "deployments.apps/api"},
      {"shop/deployments.apps/api", "shop", "deployments.apps/api"},
      {"services/api", "", "services/api"},
      {"shop-2/rollouts.argoproj.io/api.v2", "shop-2", "rollouts.argoproj.io/api.v2"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.text);
    const auto target = ParseRouteTarget(c.text);
    REQUIRE(target);
    CHECK(target->name_space == c.name_space);
    CHECK(target->workload == c.workload);
    CHECK(Compile(c.text, "orders"));
  }
}

TEST_CASE("what is no target is told with file, line and what was expected") {
  const std::string label(64, 'a');
  for (const std::string& text :
       {std::string("api"), std::string("/api"), std::string("deployments.apps/"),
        std::string("/deployments.apps/api"), std::string("shop//api"), std::string("a/b/c/d"),
        std::string("Deployments.apps/api"), std::string("deployments.apps/API"),
        std::string("deployments..apps/api"), std::string("deployments.apps/-api"),
        std::string("deployments.apps/api "), std::string("a.b/deployments.apps/api"),
        std::string("deployment_s/api"), label + "/deployments.apps/api",
        "deployments.apps/" + label}) {
    const auto compiled = Compile(text, "orders");
    CAPTURE(text);
    REQUIRE_FALSE(compiled);
    CHECK(compiled.error().message ==
          "routes.yaml:7: target '" + text +
              "': expected [NAMESPACE/]RESOURCE[.GROUP]/NAME in lower case, such as "
              "deployments.apps/api or shop/deployments.apps/api");
  }
}

TEST_CASE("a rule with a target needs a name, for by its name its requests are known") {
  CHECK(Compile("", ""));
  const auto compiled = Compile("deployments.apps/api", "");
  REQUIRE_FALSE(compiled);
  CHECK(compiled.error().message ==
        "routes.yaml:7: target 'deployments.apps/api': expected a name beside it: what feeds it is "
        "counted by name");
}

}  // namespace routerate
