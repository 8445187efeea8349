// The pages behind the dashboard as requests and responses.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "aggregator/dashboard_files.h"
#include "aggregator/history_page.h"
#include "aggregator/hpa_page.h"
#include "aggregator/overview_page.h"
#include "tests/aggregator/metrics_world.h"

namespace routerate {
namespace {

namespace json = boost::json;
using Query = std::map<std::string, std::string>;

HttpRequest Request(Query query, HttpHeaders headers = {}) {
  return {.query = std::move(query), .headers = std::move(headers)};
}

struct Pages {
  MetricsWorld world;
  std::shared_ptr<const StatsSnapshot> latest = std::make_shared<StatsSnapshot>(world.snapshot);
  OverviewPage overview{[this] { return latest; }};
  RecentHistory history;

  json::object Overview(Query query = {}) const {
    const HttpResponse response = overview.Answer(Request(std::move(query)));
    INFO(response.body);
    REQUIRE(response.status == 200);
    return json::parse(response.body).as_object();
  }
  std::string Refusal(Query query) const {
    const HttpResponse response = overview.Answer(Request(std::move(query)));
    REQUIRE(response.status == 400);
    return response.body;
  }
};

TEST_CASE("the overview has routes, services with their pods' states, and the pipeline") {
  Pages pages;
  pages.world.snapshot.source.lag = {{0, 3}, {1, 4}};
  pages.world.snapshot.health.duplicates = 7;
  pages.world.Web().pods[1].state = ServiceState::kUnknown;
  pages.latest = std::make_shared<StatsSnapshot>(pages.world.snapshot);
  const json::object overview = pages.Overview();
  CHECK(overview.at("time_ms") == kNow);
  CHECK(overview.at("pipeline").at("lag_records") == 7);
  CHECK(overview.at("pipeline").at("duplicates") == 7);
  CHECK(overview.at("pipeline").at("ready") == true);
  CHECK(overview.at("matching") == 5);
  const json::value& busiest = overview.at("routes").at(0);
  CHECK(busiest.at("route_id") == "get-orders-id");
  CHECK(busiest.at("req/s_1m") == 13.0);
  CHECK(busiest.at("error_share").as_double() == Approx(0.5 / 13));
  const json::value& web = overview.at("services").at(0);
  CHECK(web.at("service") == "web");
  CHECK(web.at("routes") == 3);
  CHECK(json::serialize(web.at("pods")) == R"({"known":2,"warming":0,"unknown":1,"gone":0})");
  CHECK_FALSE(overview.contains("pods"));
}

TEST_CASE("what is not known is null in the overview, never 0") {
  Pages pages;
  for (SeriesStats& series : pages.world.Web().series) {
    series.requests_per_second = {};
    series.class_rates = {};
  }
  pages.latest = std::make_shared<StatsSnapshot>(pages.world.snapshot);
  const json::object overview = pages.Overview({{"service", "web"}});
  for (const json::value& route : overview.at("routes").as_array()) {
    CHECK(route.at("req/s_1m").is_null());
    CHECK(route.at("error_share").is_null());
  }
  CHECK(overview.at("pipeline").at("lag_records").is_null());
}

TEST_CASE("the overview takes the filter of /stats, and a service's pods come with it") {
  const Pages pages;
  const json::object found = pages.Overview({{"grep", "orders|idle"}, {"limit", "1"}});
  CHECK(found.at("matching") == 0);  // these routes have an id and no text
  const json::object web =
      pages.Overview({{"namespace", "shop"}, {"service", "web"}, {"limit", "2"}});
  CHECK(web.at("routes").as_array().size() == 2);
  CHECK(web.at("matching") == 3);
  CHECK(web.at("services").as_array().size() == 1);
  CHECK(web.at("pods").as_array().size() == 3);
  CHECK(pages.Refusal({{"format", "csv"}}) ==
        "unknown key 'format'; allowed are grep, limit, method, namespace, route, service, sort\n");
  CHECK(pages.Refusal({{"limit", "1001"}}) == "limit '1001' is not a number from 1 to 1000\n");
  CHECK(pages.Refusal({{"grep", "("}}).starts_with("grep '('"));
}

TEST_CASE("whoever accepts events gets one a second, the same text for the same question") {
  const Pages pages;
  const auto stream = [&pages](Query query) {
    auto response =
        pages.overview.Answer(Request(std::move(query), {{"accept", "text/event-stream, */*"}}));
    CHECK(response.content_type == "text/event-stream");
    REQUIRE(response.stream);
    CHECK(response.stream->every == Millis{1000});
    return *response.stream;
  };
  const HttpStream one = stream({});
  const HttpStream other = stream({});
  const auto piece = one.next();
  CHECK(piece == other.next());
  CHECK(piece != stream({{"limit", "1"}}).next());
  CHECK(piece->starts_with("data: {\"time_ms\":"));
  CHECK(piece->ends_with("}\n\n"));
  CHECK(piece->find('\n') == piece->size() - 2);
}

TEST_CASE("the history of the rows asked for is in their order, with null for no value") {
  Pages pages;
  pages.history.Sample(*pages.latest);
  const auto ask = [&pages](Query query) {
    return HistoryPage(Request(std::move(query)), *pages.latest, pages.history);
  };
  const json::value routes = json::parse(ask({{"limit", "2"}}).body);
  CHECK(routes.at("step_ms") == 30'000);
  CHECK(routes.at("end_ms") == kNow - 10'000);  // a whole half minute
  CHECK(routes.at("series").as_array().size() == 2);
  const json::value& busiest = routes.at("series").at(0);
  CHECK(busiest.at("route_id") == "get-orders-id");
  const json::array& rates = busiest.at("req/s").as_array();
  CHECK(rates.size() == RecentHistory::kPoints);
  CHECK(rates.front().is_null());
  CHECK(rates.back() == 13);
  CHECK(busiest.at("5xx/s").as_array().back() == 0.5);
  CHECK(busiest.at("p95_ms").as_array().back().is_null());
  const json::value services = json::parse(ask({{"by", "service"}, {"limit", "2"}}).body);
  CHECK(services.at("series").at(0).at("service") == "web");
  CHECK(ask({{"by", "pod"}}).status == 400);
  CHECK(ask({{"by", "a\nb"}}).body == "by 'a\\nb' is not one of route, service\n");
  CHECK(ask({{"watch", "1"}}).status == 400);
}

TEST_CASE("a route that is shown has a manifest, of the workload that its pods tell") {
  Pages pages;
  const auto ask = [&pages](Query more) {
    more.merge(Query{{"namespace", "shop"}, {"service", "web"}, {"route_id", "get-orders-id"}});
    return HpaPage(Request(std::move(more)), pages.world.snapshot);
  };
  const HttpResponse given =
      ask({{"workload", "statefulset/db"}, {"target", "2.5"}, {"max", "30"}});
  CHECK(given.status == 200);
  CHECK(given.content_type == "application/yaml");
  for (const char* part : {"kind: StatefulSet", "name: \"db\"", "maxReplicas: 30", "\"2.5\"",
                           "route_id: \"get-orders-id\""}) {
    CHECK(given.body.find(part) != std::string::npos);
  }
  CHECK(ask({}).body.find("kind: Deployment\n    name: \"web\"") != std::string::npos);  // of two
  pages.world.Web().workloads = {Workload("statefulsets.apps/batch", 4)};
  CHECK(ask({}).body.find("kind: StatefulSet\n    name: \"batch\"") != std::string::npos);
}

TEST_CASE("a manifest that cannot be is refused in one line") {
  const Pages pages;
  const auto ask = [&pages](Query query) {
    const auto response = HpaPage(Request(std::move(query)), pages.world.snapshot);
    return fmt::format("{} {}", response.status, response.body);
  };
  const Query good{{"namespace", "shop"}, {"service", "web"}, {"route_id", "post-orders"}};
  const auto with = [&good](const std::string& key, const std::string& value) {
    Query query = good;
    query[key] = value;
    return query;
  };
  CHECK(ask({{"namespace", "shop"}, {"service", "web"}}) ==
        "400 route_id= is missing; keys are namespace, service, route_id (all required), workload, "
        "target, min, max\n");
  CHECK(ask(with("colour", "1")).starts_with("400 unknown key 'colour'; allowed are namespace"));
  CHECK(ask(with("service", "none")) ==
        "404 no service shop/none is known; /stats?by=service lists them\n");
  CHECK(ask(with("route_id", "a\nb")) ==
        "404 service shop/web has no route of route_id 'a\\nb' now\n");
  CHECK(ask(with("min", "-1")) == "400 min '-1' is not a number of replicas\n");
  CHECK(ask(with("min", "11")).starts_with("400 min 11, max 10: expected"));
  CHECK(ask(with("target", "x")).starts_with("400 target 'x': expected"));
  CHECK(ask(with("route_id", "other.routes")).starts_with("400 the routes beyond max_routes"));
}

HttpResponse Get(const HttpRoute& route, HttpRequest request) {
  HttpResponse answer;
  route.Answer(std::make_shared<HttpRequest>(std::move(request)),
               [&answer](HttpResponse response) { answer = std::move(response); });
  return answer;
}

TEST_CASE("browsers get the page at /, others the list of pages; files have their types") {
  const HttpRoutes routes = DashboardRoutes("the pages\n");
  CHECK(Get(routes.at("/"), {.headers = {{"Accept", "*/*"}}}).body == "the pages\n");
  const auto page = Get(routes.at("/"), {.headers = {{"Accept", "text/html,*/*;q=0.8"}}});
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(page.body.starts_with("<!doctype html>"));
  CHECK(page.headers[0].name == "Content-Security-Policy");
  for (const DashboardFile& file : DashboardFiles()) {
    const std::string path = "/dashboard/" + std::string(file.name);
    const auto response = Get(routes.at("/dashboard/"), {.path = path});
    CHECK(response.status == 200);
    CHECK(response.body == file.text);
    CHECK(response.content_type.starts_with(path.ends_with(".js")    ? "text/javascript"
                                            : path.ends_with(".css") ? "text/css"
                                            : path.ends_with(".svg") ? "image/svg+xml"
                                                                     : "text/html"));
  }
  CHECK(Get(routes.at("/dashboard/"), {.path = "/dashboard/../x"}).status == 404);
}

}  // namespace
}  // namespace routerate
