// A route's metrics as plain JSON.
#include "aggregator/route_values.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>

#include "tests/aggregator/metrics_world.h"

namespace routerate {
namespace {

namespace json = boost::json;

TEST_CASE("a route's metrics are JSON by their names, null where they are withheld") {
  MetricsWorld world;
  const auto ask = [&](const std::string& route_id, std::map<std::string, std::string> query) {
    HttpRequest request;
    request.path = "/v1/routes/" + route_id;
    request.query = std::move(query);
    const HttpResponse response = RouteValues(request, world.snapshot, world.options);
    return std::pair(response.status, json::parse(response.body));
  };
  CHECK(ask("checkout", {{"namespace", "shop"}, {"service", "web"}}) ==
        std::pair(200, json::parse(R"({
          "namespace":"shop","route_id":"checkout","http_requests_per_second":4.0,
          "http_requests_per_second_10s":40.0,"http_requests_per_second_5m":4.0,
          "http_errors_per_second":0.0,"http_request_duration_p95_seconds":null})")));
  CHECK(ask("checkout", {{"namespace", "shop"}}).second.at("http_requests_per_second") == 5.0);
  CHECK(ask("idle", {{"namespace", "shop"}, {"service", "web"}})
            .second.at("http_requests_per_second") == 0.0);
  CHECK(ask("none", {{"namespace", "shop"}}).first == 404);
  CHECK(ask("checkout", {}).first == 400);
  CHECK(ask("checkout", {{"namespace", "shop"}, {"methd", "GET"}}).first == 400);
  CHECK(ask("a b", {{"namespace", "shop"}}).first == 400);
  ServiceStats& web = world.Web();
  web.state = ServiceState::kUnknown;
  web.all.class_rates = {};
  for (SeriesStats& series : web.series) series.class_rates = {};
  const auto [status, body] = ask("checkout", {{"namespace", "shop"}, {"service", "web"}});
  CHECK(status == 503);
  CHECK_THAT(std::string(body.at("error").as_string()), Catch::Contains("service shop/web"));
}

}  // namespace
}  // namespace routerate
