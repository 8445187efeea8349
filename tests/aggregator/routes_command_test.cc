// `routerate-aggregator routes`: list, explain and hpa over configs/routes.yaml, as goldens; what a
// manifest holds when YAML reads it; what each mistake is told as.
#include "aggregator/routes_command.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "aggregator/route_explanation.h"
#include "aggregator/route_hpa.h"
#include "aggregator/routes_file.h"
#include "aggregator/rule_ids.h"
#include "base/file_system.h"
#include "base/yaml_config.h"
#include "tests/golden_text.h"

namespace routerate {
namespace {

RouteMatcher ShippedRoutes() {
  PosixFileSystem files;
  auto matcher = LoadRoutes(files, ROUTERATE_TESTS_DIR "/../configs/routes.yaml");
  if (!matcher) FAIL(matcher.error().message);
  return std::move(*matcher);
}

RouteMatcher Matcher(std::vector<RouteRule> rules) {
  auto matcher = RouteMatcher::Create(std::move(rules), "routes.yaml");
  if (!matcher) FAIL(matcher.error().message);
  return std::move(*matcher);
}

// The lines of a golden file that ask, each with its answer behind it.
std::string Answers(RouteMatcher& routes, const std::string& golden) {
  std::istringstream lines(golden);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("> ")) continue;
    std::istringstream words(line.substr(2));
    RouteQuestion question;
    words >> question.method >> question.path >> question.host;
    if (question.method == "-") question.method.clear();
    out += line + "\n" + ExplainRoute(routes, question) + "\n";
  }
  return out;
}

std::string TextAt(ConfigNode node, const std::string& key) {
  std::string text;
  node.Read(key, &text, Need::kRequired);
  return text;
}

HpaRequest For(const std::string& route_id) {
  HpaRequest request;
  request.route_id = route_id;
  request.service = "shop";
  return request;
}

}  // namespace

TEST_CASE("routes list shows each rule of the shipped routes.yaml with its id") {
  CheckGolden("routes_list.txt", ListRoutes(ShippedRoutes()));
}

TEST_CASE("routes explain says how a request came to its route") {
  RouteMatcher routes = ShippedRoutes();
  CheckGolden("routes_explain.txt", Answers(routes, GoldenText("routes_explain.txt")));
}

TEST_CASE("the workload that a route feeds is told by list and explain") {
  RouteMatcher routes =
      Matcher({{.name = "api", .path = "/api", .target = "deployments.apps/api", .line = 1},
               {.name = "b", .path = "/b", .target = "shop/deployments.apps/b", .line = 2},
               {.name = "c", .path = "/c", .line = 3}});
  CHECK(ListRoutes(routes) ==
        "line route_id method host route\n"
        "   1 api      *      *    /api -> deployments.apps/api\n"
        "   2 b        *      *    /b -> shop/deployments.apps/b\n"
        "   3 c        *      *    /c\n");
  const auto told = [&routes](const std::string& path) {
    const std::string text = ExplainRoute(routes, {"GET", path, ""});
    const std::size_t begin = text.find("target ");
    return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
  };
  CHECK(told("/api") ==
        "target    deployments.apps/api, in the namespace of the service that logs it");
  CHECK(told("/b") == "target    shop/deployments.apps/b");
  CHECK(told("/c").empty());
  CHECK(told("/d").empty());
}

TEST_CASE("the ids of the rules are those that requests are counted by") {
  RouteMatcher routes = ShippedRoutes();
  const std::vector<RuleId> ids = RuleIdsOf(routes);
  for (const auto& [method, path] :
       {std::pair{"GET", "/orders/7"}, std::pair{"", "/orders/7"},
        std::pair{"POST", "/cart/7/items"}, std::pair{"PROPFIND", "/orders/7"},
        std::pair{"GET", "/products/ABC-1"}}) {
    const RouteMatch match = routes.Match(method, "", path);
    const std::string id = routes.IdOf(match, method);
    CAPTURE(method, path, id);
    const auto known = std::ranges::find(ids, id, &RuleId::id);
    REQUIRE(known != ids.end());
    CHECK(known->rule == match.rule);
  }
}

TEST_CASE("routes hpa prints the manifest of a rule's route") {
  RouteMatcher routes = ShippedRoutes();
  HpaRequest request = For("get-orders-id");
  request.name_space = "prod";
  request.workload = "statefulset/shop-backend";
  request.target = "12.5";
  request.min = 2;
  request.max = 40;
  const auto manifest = HpaManifest(routes, request);
  REQUIRE(manifest.has_value());
  CheckGolden("hpa.yaml", *manifest);
}

// One node a map: a node's unread keys are mistakes.
void CheckTexts(ConfigNode node, const std::vector<std::pair<std::string, std::string>>& texts) {
  for (const auto& [key, text] : texts) {
    CAPTURE(key);
    CHECK(TextAt(node, key) == text);
  }
}

void CheckMetric(ConfigNode metric, const std::string& service, const std::string& route_id) {
  CheckTexts(metric, {{"type", "Object"}});
  ConfigNode object = metric.Map("object");
  CheckTexts(object.Map("describedObject"),
             {{"apiVersion", "v1"}, {"kind", "Service"}, {"name", service}});
  ConfigNode name = object.Map("metric");
  CheckTexts(name, {{"name", "http_requests_per_second"}});
  CheckTexts(name.Map("selector").Map("matchLabels"), {{"route_id", route_id}});
  CheckTexts(object.Map("target"), {{"type", "AverageValue"}, {"averageValue", "100"}});
}

void CheckPolicies(ConfigNode rules) {
  for (ConfigNode policy : rules.List("policies")) {
    for (const char* key : {"type", "value", "periodSeconds"}) {
      CHECK_FALSE(TextAt(policy, key).empty());
    }
  }
}

TEST_CASE("a manifest is YAML with each value where autoscaling/v2 has it, and nothing else") {
  RouteMatcher routes = Matcher({{.name = "007", .path = "/a"}});
  HpaRequest request = For("007");
  request.service = "true";
  const auto manifest = HpaManifest(routes, request);
  REQUIRE(manifest.has_value());
  CHECK(manifest->find("route_id: \"007\"") != std::string::npos);
  CHECK(manifest->find("name: \"true\"") != std::string::npos);
  auto yaml = YamlConfig::Parse(*manifest, "hpa.yaml");
  REQUIRE(yaml.has_value());
  ConfigNode root = yaml->root();
  CheckTexts(root, {{"apiVersion", "autoscaling/v2"}, {"kind", "HorizontalPodAutoscaler"}});
  CheckTexts(root.Map("metadata"), {{"name", "true"}, {"namespace", "default"}});
  ConfigNode spec = root.Map("spec");
  CheckTexts(spec, {{"minReplicas", "1"}, {"maxReplicas", "10"}});
  CheckTexts(spec.Map("scaleTargetRef"),
             {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "true"}});
  const std::vector<ConfigNode> metrics = spec.List("metrics");
  REQUIRE(metrics.size() == 1);
  CheckMetric(metrics[0], "true", "007");
  ConfigNode behavior = spec.Map("behavior");
  ConfigNode up = behavior.Map("scaleUp");
  CheckTexts(up, {{"stabilizationWindowSeconds", "0"}, {"selectPolicy", "Max"}});
  CheckPolicies(up);
  ConfigNode down = behavior.Map("scaleDown");
  CheckTexts(down, {{"stabilizationWindowSeconds", "300"}});
  CheckPolicies(down);
  const auto finished = yaml->Finish();
  CHECK((finished ? "" : finished.error().message) == "");
}

TEST_CASE("an automatic route's manifest is made from one of its requests") {
  RouteMatcher routes = ShippedRoutes();
  HpaRequest request = For("get-users-id");
  request.example = {"GET", "//users/7?x=1", ""};
  const auto manifest = HpaManifest(routes, request);
  REQUIRE(manifest.has_value());
  CHECK(manifest->find("#   GET /users/{id} (automatic)\n") != std::string::npos);
  CHECK(manifest->find("route_id: \"get-users-id\"") != std::string::npos);
}

TEST_CASE("a manifest that would not work is refused with the reason") {
  struct Case {
    std::string route_id;
    RouteQuestion example;
    void (*change)(HpaRequest&);
    std::string message;
  };
  const auto nothing = [](HpaRequest&) {};
  const std::vector<Case> kCases = {
      {"get-order-id",
       {},
       nothing,
       "no rule of routes.yaml makes route_id 'get-order-id' (similar: get-orders-id, "},
      {"chekout",
       {},
       nothing,
       "no rule of routes.yaml makes route_id 'chekout' (similar: checkout, "},
      {"get-x-id", {"GET", "/y/7", ""}, nothing, "GET /y/7 counts as route_id 'get-y-id', not"},
      {"checkout", {}, [](HpaRequest& r) { r.min = 11; }, "min 11, max 10: expected"},
      {"checkout", {}, [](HpaRequest& r) { r.min = r.max = 0; }, "min 0, max 0: expected"},
      {"checkout", {}, [](HpaRequest& r) { r.target = "0"; }, "target '0': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.target = "0.0005"; }, "target '0.0005': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.target = "1.5m"; }, "target '1.5m': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.target = "ten"; }, "target 'ten': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.service = "a\"b"; }, "service 'a\"b': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.name_space = "A"; }, "namespace 'A': expected"},
      {"checkout",
       {},
       [](HpaRequest& r) { r.workload = "daemonset/a"; },
       "workload 'daemonset/a': expected"},
      {"checkout", {}, [](HpaRequest& r) { r.workload = "-a"; }, "workload '-a': expected"},
  };
  RouteMatcher routes = ShippedRoutes();
  for (const Case& c : kCases) {
    HpaRequest request = For(c.route_id);
    request.example = c.example;
    c.change(request);
    const auto manifest = HpaManifest(routes, request);
    REQUIRE_FALSE(manifest.has_value());
    CHECK_THAT(manifest.error().message, Catch::Matchers::StartsWith(c.message));
  }
  RouteMatcher none = Matcher({});
  CHECK(
      HpaManifest(none, For("x")).error().message ==
      "no rule of routes.yaml makes route_id 'x'; for an automatic route give one of its requests "
      "too: routes hpa x METHOD PATH");
}

}  // namespace routerate
