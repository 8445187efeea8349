// What the metrics APIs answer, by path and selector, of snapshots made here.
#include "aggregator/metrics_api.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "parsers/route_matcher.h"

namespace routerate {
namespace {

namespace json = boost::json;

constexpr WallMs kNow = 1'795'000'000'000;
const std::string kCustom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/";
const std::string kExternal = "/apis/external.metrics.k8s.io/v1beta1/namespaces/";

// Rates of 2xx and 5xx, the same in each window but for the first, where they are ten times that.
SeriesStats Series(std::string route_id, std::string method, double ok, double failed) {
  SeriesStats series;
  series.route_id = std::move(route_id);
  series.method = std::move(method);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    const double times = i == 0 ? 10 : 1;
    ClassRates rates{};
    rates[1] = ok * times;
    rates[4] = failed * times;
    series.class_rates[i] = rates;
    series.requests_per_second[i] = rates[1] + rates[4];
  }
  return series;
}

SeriesStats Named(std::string rule_name, double ok, std::string host = {}) {
  SeriesStats series = Series(rule_name, "GET", ok, 0);
  series.rule_name = std::move(rule_name);
  series.host = std::move(host);
  return series;
}

PodStats Pod(std::string name, double rate, std::string workload, PodLabels labels) {
  PodStats pod;
  pod.pod = std::move(name);
  pod.workload = std::move(workload);
  pod.labels = std::make_shared<const PodLabels>(std::move(labels));
  pod.state = ServiceState::kKnown;
  pod.age_s = 1;
  pod.all = Series("", "", rate, 0);
  pod.routes.push_back(Named("checkout", rate / 2));
  return pod;
}

ServiceStats Service(std::string name_space, std::string name, std::vector<SeriesStats> series) {
  ServiceStats service;
  service.name_space = std::move(name_space);
  service.service = std::move(name);
  service.state = ServiceState::kKnown;
  service.age_s = 1;
  service.coverage = 1;
  service.window_end_s = kNow / 1000 - 3;
  double ok = 0;
  double failed = 0;
  for (const SeriesStats& one : series) {
    ok += (*one.class_rates[1])[1];
    failed += (*one.class_rates[1])[4];
  }
  service.all = Series("", "", ok, failed);
  service.series = std::move(series);
  return service;
}

// shop/web: three routes, pods of two workloads; shop/pay: one route that feeds a workload without
// pods.
struct World {
  World() {
    auto routes = RouteMatcher::Create(
        {{.name = "checkout", .path = "/checkout/**"},
         {.name = "idle", .path = "/idle"},
         {.name = "gate", .path = "/gate/**", .target = "deployments.apps/behind"}},
        "routes.yaml");
    REQUIRE(routes);
    snapshot.rules = std::make_shared<const RuleIndex>(*routes);
    snapshot.made_at_ms = kNow;
    snapshot.was_caught_up = true;
    snapshot.services.push_back(
        Service("shop", "pay", {Named("gate", 7), Named("checkout", 1, "pay.example.com")}));
    snapshot.services.push_back(
        Service("shop", "web",
                {Series("get-orders-id", "GET", 12.5, 0.5), Series("post-orders", "POST", 3, 0),
                 Named("checkout", 4)}));
    Web().pods = {Pod("web-1", 6, "deployments.apps/web", {{"app", "web"}, {"track", "stable"}}),
                  Pod("web-2", 10, "deployments.apps/web", {{"app", "web"}, {"track", "canary"}}),
                  Pod("batch-1", 4, "statefulsets.apps/batch", {{"app", "batch"}})};
  }
  ServiceStats& Web() { return snapshot.services[1]; }

  HttpResponse Ask(const std::string& path, std::map<std::string, std::string> query = {}) const {
    const MetricsApi api(options, [this] { return std::make_shared<StatsSnapshot>(snapshot); });
    HttpRequest request;
    request.path = path;
    request.query = std::move(query);
    return api.Answer(request);
  }
  // "name=value ..." of the items, or "CODE message".
  std::string Items(const std::string& path, std::map<std::string, std::string> query = {}) const {
    const HttpResponse response = Ask(path, std::move(query));
    CHECK(response.content_type == "application/json");
    const json::object body = json::parse(response.body).as_object();
    if (response.status != 200) {
      CHECK(body.at("kind") == "Status");
      CHECK(body.at("code").as_int64() == response.status);
      return fmt::format("{} {}", response.status, body.at("message").as_string().c_str());
    }
    std::string items;
    for (const json::value& item : body.at("items").as_array()) {
      const json::object& object = item.as_object();
      const auto* described = object.if_contains("describedObject");
      const std::string name =
          described == nullptr ? "-" : described->at("name").as_string().c_str();
      items += fmt::format("{}{}={}", items.empty() ? "" : " ", name,
                           object.at("value").as_string().c_str());
    }
    return items;
  }
  std::string Selected(const std::string& selector) const {
    return Items(kCustom + "shop/services/web/http_requests_per_second",
                 {{"metricLabelSelector", selector}});
  }

  AggregatorOptions options;
  StatsSnapshot snapshot;
};

TEST_CASE("a Service has the rate of all its requests") {
  const World world;
  const std::string web = kCustom + "shop/services/web/";
  CHECK(world.Items(web + "http_requests_per_second") == "web=20");
  CHECK(world.Items(web + "http_requests_per_second_10s") == "web=200");
  CHECK(world.Items(web + "http_requests_per_second_5m") == "web=20");
  CHECK(world.Items(web + "http_errors_per_second") == "web=500m");
  CHECK(world.Items(kCustom + "shop/services/*/http_requests_per_second") == "pay=8 web=20");
}

TEST_CASE("routes, methods, codes and hosts are selected") {
  const World world;
  CHECK(world.Selected("route_id=get-orders-id") == "web=13");
  CHECK(world.Selected("route_id in (get-orders-id,checkout)") == "web=17");
  CHECK(world.Selected("route_id!=get-orders-id") == "web=7");
  CHECK(world.Selected("route_id notin (get-orders-id,checkout)") == "web=3");
  CHECK(world.Selected("method=POST") == "web=3");
  CHECK(world.Selected("method,code=5xx") == "web=500m");
  CHECK(world.Selected("code in (2xx,3xx)") == "web=19500m");
  CHECK(world.Selected("code!=5xx,method=GET") == "web=16500m");
  CHECK(world.Selected("code=4xx") == "web=0");
  CHECK(world.Selected("!host") == "web=20");
  CHECK(world.Selected("service=web") == "web=20");
  CHECK(world.Selected("workload=web") == "web=16");
  CHECK(world.Items(kCustom + "shop/services/pay/http_requests_per_second",
                    {{"metricLabelSelector", "host=pay.example.com"}}) == "pay=1");
}

TEST_CASE("a route that routes.yaml names is 0 until it is requested, any other is not there") {
  const World world;
  CHECK(world.Selected("route_id=idle") == "web=0");
  CHECK_THAT(world.Selected("route_id=get-order-id"), Catch::StartsWith("404 "));
  CHECK_THAT(world.Selected("method=GTE"), Catch::StartsWith("404 "));
  CHECK_THAT(world.Selected("rout=x"), Catch::StartsWith("404 ") &&
                                           Catch::Contains("no request has the label rout") &&
                                           Catch::Contains("route_id, method, code"));
  CHECK_THAT(world.Selected("service=pay"), Catch::StartsWith("404 "));
}

TEST_CASE("pods are selected by their own labels") {
  const World world;
  const std::string pods = kCustom + "shop/pods/*/http_requests_per_second";
  CHECK(world.Items(pods) == "batch-1=4 web-1=6 web-2=10");
  CHECK(world.Items(pods, {{"labelSelector", "app=web"}}) == "web-1=6 web-2=10");
  CHECK(world.Items(pods, {{"labelSelector", "app=web,track notin (canary)"}}) == "web-1=6");
  CHECK(world.Items(pods, {{"labelSelector", "app=web"},
                           {"metricLabelSelector", "route_id=checkout"}}) == "web-1=3 web-2=5");
  CHECK(world.Items(kCustom + "shop/pods/web-2/http_requests_per_second") == "web-2=10");
  CHECK_THAT(world.Items(pods, {{"labelSelector", "app=none"}}), Catch::StartsWith("404 "));
  CHECK_THAT(world.Items(pods, {{"metricLabelSelector", "route_id=get-orders-id"}}),
             Catch::StartsWith("404 ") && Catch::Contains("only for the routes of routes.yaml"));
}

TEST_CASE("pods without labels are told, not taken for others") {
  World world;
  for (PodStats& pod : world.Web().pods) pod.labels = nullptr;
  CHECK_THAT(
      world.Items(kCustom + "shop/pods/*/http_requests_per_second", {{"labelSelector", "app=web"}}),
      Catch::StartsWith("404 ") && Catch::Contains("source.labels_file"));
}

TEST_CASE("a workload has the requests of its pods, all of a service's where they are its only") {
  World world;
  const std::string web = kCustom + "shop/deployments.apps/web/http_requests_per_second";
  CHECK(world.Items(web) == "web=16");
  CHECK(world.Items(web, {{"metricLabelSelector", "route_id=checkout"}}) == "web=8");
  CHECK_THAT(world.Items(web, {{"metricLabelSelector", "route_id=get-orders-id"}}),
             Catch::StartsWith("404 "));
  CHECK(world.Items(kCustom + "shop/statefulsets.apps/batch/http_requests_per_second") ==
        "batch=4");
  world.Web().pods.pop_back();
  CHECK(world.Items(web) == "web=20");
  CHECK(world.Items(web, {{"metricLabelSelector", "route_id=get-orders-id"}}) == "web=13");
  CHECK_THAT(world.Items(kCustom + "shop/deployments.apps/other/http_requests_per_second"),
             Catch::StartsWith("404 ") && Catch::Contains("source.workload"));
}

TEST_CASE("a workload that a route names as target has that route's requests") {
  const World world;
  CHECK(world.Items(kCustom + "shop/deployments.apps/behind/http_requests_per_second_10s") ==
        "behind=70");
  CHECK_THAT(world.Items(kCustom + "pay/deployments.apps/behind/http_requests_per_second"),
             Catch::StartsWith("404 "));
}

TEST_CASE("of several that feed a target those that said goodbye are left out") {
  World world;
  const std::string path = kCustom + "shop/deployments.apps/behind/http_requests_per_second";
  world.snapshot.services.push_back(Service("shop", "edge", {Named("gate", 2)}));
  CHECK(world.Items(path) == "behind=9");
  world.snapshot.services[0].state = ServiceState::kGone;
  world.snapshot.services[0].series[0].class_rates = {};
  CHECK(world.Items(path) == "behind=2");
  world.snapshot.services[2].state = ServiceState::kGone;
  CHECK_THAT(world.Items(path), Catch::StartsWith("404 ") && Catch::Contains("goodbye"));
}

TEST_CASE("a namespace and an external metric are sums of its services") {
  const World world;
  CHECK(world.Items(kCustom + "shop/metrics/http_requests_per_second") == "shop=28");
  CHECK(world.Items(kExternal + "shop/http_requests_per_second") == "-=28");
  CHECK(world.Items(kExternal + "shop/HTTP_Requests_Per_Second",
                    {{"labelSelector", "service=web,route_id=checkout"}}) == "-=4");
  CHECK(world.Items(kExternal + "shop/http_requests_per_second",
                    {{"labelSelector", "route_id=checkout"}}) == "-=5");
  CHECK_THAT(world.Items(kExternal + "other/http_requests_per_second"), Catch::StartsWith("404 "));
}

TEST_CASE("a value that is withheld is an error that says what is stale and since when") {
  World world;
  ServiceStats& web = world.Web();
  web.state = ServiceState::kUnknown;
  web.age_s = 42;
  web.all.class_rates = {};
  for (SeriesStats& series : web.series) series.class_rates = {};
  const std::string message = world.Selected("");
  CHECK_THAT(message, Catch::StartsWith("503 no value for http_requests_per_second of web: "
                                        "service shop/web: its logs are known up to "
                                        "2026-11-18T11:05:58Z, 42 s ago (stale_after: 10 s)"));
  CHECK_THAT(world.Selected("route_id=idle"), Catch::StartsWith("503 "));
  CHECK_THAT(world.Items(kExternal + "shop/http_requests_per_second"), Catch::StartsWith("503 "));
  CHECK(world.Items(kExternal + "shop/http_requests_per_second",
                    {{"labelSelector", "service=pay"}}) == "-=8");
  CHECK(world.Items(kCustom + "shop/services/*/http_requests_per_second") == "pay=8");
}

TEST_CASE("too little coverage names the silent pods") {
  World world;
  ServiceStats& web = world.Web();
  web.state = ServiceState::kUnknown;
  web.coverage = 0.6;
  web.all.class_rates = {};
  web.pods[1].state = ServiceState::kUnknown;
  web.pods[1].age_s = 90;
  CHECK_THAT(world.Selected(""),
             Catch::Contains("had 60 % of its recent traffic (min_coverage: 90 %); silent: web-2 "
                             "since 2026-11-18T11:05:10Z, 90 s ago"));
}

TEST_CASE("a pod that is not known is missing among pods, and an error by itself") {
  World world;
  PodStats& pod = world.Web().pods[0];
  pod.state = ServiceState::kUnknown;
  pod.age_s = 30;
  pod.all.class_rates = {};
  CHECK(world.Items(kCustom + "shop/pods/*/http_requests_per_second",
                    {{"labelSelector", "app=web"}}) == "web-2=10");
  CHECK_THAT(world.Items(kCustom + "shop/pods/web-1/http_requests_per_second"),
             Catch::StartsWith("503 ") && Catch::Contains("pod web-1: its log is known up to"));
}

TEST_CASE("what is not there may be among what was not read") {
  World world;
  const std::string path = kCustom + "shop/services/none/http_requests_per_second";
  CHECK_THAT(world.Items(path), Catch::StartsWith("404 ") && Catch::Contains("pay, web"));
  world.snapshot.partitions_behind = {3};
  CHECK_THAT(world.Items(path), Catch::StartsWith("503 "));
  world.snapshot.partitions_behind.clear();
  world.snapshot.source.trouble = "all brokers are down";
  CHECK_THAT(world.Items(path),
             Catch::StartsWith("503 ") && Catch::Contains("kafka: all brokers are down"));
}

TEST_CASE("services whose every pod said goodbye are not there") {
  World world;
  world.Web().state = ServiceState::kGone;
  CHECK_THAT(world.Selected(""), Catch::StartsWith("404 ") && Catch::Contains("goodbye"));
  CHECK(world.Items(kExternal + "shop/http_requests_per_second") == "-=8");
}

TEST_CASE("p95 is of all series asked for together, and 0 where nobody asked") {
  World world;
  const auto micros = [](std::int64_t us) { return LatencySketch::IndexOf(us); };
  ServiceStats& web = world.Web();
  web.series[0].recent_latency = {{micros(10'000), 90}};
  web.series[1].recent_latency = {{micros(500'000), 10}};
  const std::string path = kCustom + "shop/services/web/http_request_duration_p95_seconds";
  const auto seconds = [&](const std::string& selector) {
    const std::string items = world.Items(path, {{"metricLabelSelector", selector}});
    INFO(items);
    REQUIRE(items.starts_with("web="));
    const std::string number = items.substr(4);
    return std::stod(number) / (number.ends_with('u') ? 1e6 : number.ends_with('m') ? 1e3 : 1);
  };
  CHECK(seconds("route_id=get-orders-id") == Approx(0.010).epsilon(0.03));
  CHECK(seconds("route_id in (get-orders-id,post-orders)") == Approx(0.5).epsilon(0.03));
  CHECK(seconds("route_id=idle") == 0);
  CHECK_THAT(world.Items(path, {{"metricLabelSelector", "route_id=checkout"}}),
             Catch::StartsWith("404 ") && Catch::Contains("tells no durations"));
}

TEST_CASE("lists have the fields that Kubernetes' clients read") {
  const World world;
  const auto parse = [](const HttpResponse& response) {
    REQUIRE(response.status == 200);
    return json::parse(response.body);
  };
  const json::value v2 = parse(world.Ask(kCustom + "shop/services/web/http_requests_per_second",
                                         {{"metricLabelSelector", "method=GET,code in (2xx)"}}));
  CHECK(v2 == json::parse(R"({
    "kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},
    "items":[{
      "describedObject":{"kind":"Service","namespace":"shop","name":"web","apiVersion":"v1"},
      "metric":{"name":"http_requests_per_second","selector":{
        "matchLabels":{"method":"GET"},
        "matchExpressions":[{"key":"code","operator":"In","values":["2xx"]}]}},
      "timestamp":"2026-11-18T11:06:37Z","windowSeconds":60,"value":"16500m"}]})"));
  const json::value v1 =
      parse(world.Ask("/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/deployments.apps/behind/"
                      "http_requests_per_second_10s"));
  CHECK(v1 == json::parse(R"({
    "kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{},
    "items":[{
      "describedObject":{"kind":"Deployment","namespace":"shop","name":"behind",
                         "apiVersion":"apps/v1"},
      "metricName":"http_requests_per_second_10s","timestamp":"2026-11-18T11:06:37Z","window":10,
      "value":"70","selector":null}]})"));
  const json::value external = parse(
      world.Ask(kExternal + "shop/http_requests_per_second", {{"labelSelector", "service=web"}}));
  CHECK(external == json::parse(R"({
    "kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},
    "items":[{
      "metricName":"http_requests_per_second","metricLabels":{"namespace":"shop","service":"web"},
      "timestamp":"2026-11-18T11:06:37Z","window":60,"value":"20"}]})"));
}

TEST_CASE("discovery tells the groups, their versions and their metrics") {
  const World world;
  const auto parse = [&](const std::string& path) {
    const HttpResponse response = world.Ask(path);
    CHECK(response.content_type == "application/json");
    REQUIRE(response.status == 200);
    return json::parse(response.body).as_object();
  };
  CHECK(parse("/apis").at("groups").as_array().size() == 2);
  const json::object group = parse("/apis/custom.metrics.k8s.io");
  CHECK(group.at("preferredVersion").at("version") == "v1beta2");
  const json::object resources = parse("/apis/external.metrics.k8s.io/v1beta1");
  CHECK(resources.at("kind") == "APIResourceList");
  CHECK(resources.at("resources").as_array()[0] == json::parse(R"({
    "name":"http_requests_per_second","singularName":"","namespaced":true,
    "kind":"ExternalMetricValueList","verbs":["get"]})"));
  CHECK(parse("/apis/custom.metrics.k8s.io/v1beta1/").at("groupVersion") ==
        "custom.metrics.k8s.io/v1beta1");
}

TEST_CASE("what is no path of these APIs is not found, as a Status") {
  const World world;
  for (const char* path :
       {"/", "/openapi/v2", "/openapi/v3", "/api", "/apis/apps", "/apis/apps/v1",
        "/apis/custom.metrics.k8s.io/v1", "*", "/apis/external.metrics.k8s.io/v1beta2",
        "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/status"}) {
    INFO(path);
    CHECK_THAT(world.Items(path), Catch::StartsWith("404 "));
  }
  CHECK(world.Ask("/healthz").body == "ok");
}

}  // namespace
}  // namespace routerate
