// What the metrics APIs answer, by path and selector, of snapshots made here.
#include "aggregator/metrics_api.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "tests/aggregator/metrics_world.h"

namespace routerate {
namespace {

namespace json = boost::json;

TEST_CASE("a Service has the rate of all its requests") {
  const MetricsWorld world;
  const std::string web = kCustom + "shop/services/web/";
  CHECK(world.Items(web + "http_requests_per_second") == "web=20");
  CHECK(world.Items(web + "http_requests_per_second_10s") == "web=200");
  CHECK(world.Items(web + "http_requests_per_second_5m") == "web=20");
  CHECK(world.Items(web + "http_errors_per_second") == "web=500m");
  CHECK(world.Items(kCustom + "shop/services/*/http_requests_per_second") == "pay=8 web=20");
}

TEST_CASE("routes, methods, codes and hosts are selected") {
  const MetricsWorld world;
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
  CHECK(world.Selected("!color,color!=red,color notin (blue)") == "web=20");
  CHECK(world.Selected("service=web") == "web=20");
  CHECK(world.Selected("workload=web") == "web=16");
  CHECK(world.Items(kCustom + "shop/services/pay/http_requests_per_second",
                    {{"metricLabelSelector", "host=pay.example.com"}}) == "pay=1");
}

TEST_CASE("a route that routes.yaml names is 0 until it is requested, any other is not there") {
  const MetricsWorld world;
  CHECK(world.Selected("route_id=idle") == "web=0");
  CHECK_THAT(world.Selected("route_id=get-order-id"), Catch::StartsWith("404 "));
  CHECK_THAT(world.Selected("method=GTE"), Catch::StartsWith("404 "));
  CHECK_THAT(world.Selected("rout=x"), Catch::StartsWith("404 ") &&
                                           Catch::Contains("no request has the label rout") &&
                                           Catch::Contains("route_id, method, code"));
  CHECK_THAT(world.Selected("service=pay"), Catch::StartsWith("404 "));
}

TEST_CASE("pods are selected by their own labels") {
  const MetricsWorld world;
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
  MetricsWorld world;
  for (PodStats& pod : world.Web().pods) pod.labels = nullptr;
  CHECK_THAT(
      world.Items(kCustom + "shop/pods/*/http_requests_per_second", {{"labelSelector", "app=web"}}),
      Catch::StartsWith("404 ") && Catch::Contains("source.labels_file"));
}

TEST_CASE("a workload has the requests of its pods, all of a service's where they are its only") {
  MetricsWorld world;
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
  const MetricsWorld world;
  CHECK(world.Items(kCustom + "shop/deployments.apps/behind/http_requests_per_second_10s") ==
        "behind=70");
  CHECK_THAT(world.Items(kCustom + "pay/deployments.apps/behind/http_requests_per_second"),
             Catch::StartsWith("404 "));
}

TEST_CASE("of several that feed a target those that said goodbye are left out") {
  MetricsWorld world;
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
  const MetricsWorld world;
  CHECK(world.Items(kCustom + "shop/metrics/http_requests_per_second") == "shop=28");
  CHECK(world.Items(kExternal + "shop/http_requests_per_second") == "-=28");
  CHECK(world.Items(kExternal + "shop/HTTP_Requests_Per_Second",
                    {{"labelSelector", "service=web,route_id=checkout"}}) == "-=4");
  CHECK(world.Items(kExternal + "shop/http_requests_per_second",
                    {{"labelSelector", "route_id=checkout"}}) == "-=5");
  CHECK_THAT(world.Items(kExternal + "other/http_requests_per_second"), Catch::StartsWith("404 "));
}

TEST_CASE("a value that is withheld is an error that says what is stale and since when") {
  MetricsWorld world;
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
  MetricsWorld world;
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
  MetricsWorld world;
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
  MetricsWorld world;
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
  MetricsWorld world;
  world.Web().state = ServiceState::kGone;
  CHECK_THAT(world.Selected(""), Catch::StartsWith("404 ") && Catch::Contains("goodbye"));
  CHECK(world.Items(kExternal + "shop/http_requests_per_second") == "-=8");
}

TEST_CASE("p95 is of all series asked for together, and 0 where nobody asked") {
  MetricsWorld world;
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
  const MetricsWorld world;
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
  const MetricsWorld world;
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
  const MetricsWorld world;
  for (const char* path :
       {"/", "/openapi/v2", "/openapi/v3", "/api", "/apis/apps", "/apis/apps/v1",
        "/apis/custom.metrics.k8s.io/v1", "*", "/apis/external.metrics.k8s.io/v1beta2",
        "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/status"}) {
    INFO(path);
    CHECK_THAT(world.Items(path), Catch::StartsWith("404 "));
  }
}

}  // namespace
}  // namespace routerate
