// What people, programs and Prometheus are shown of one snapshot.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "aggregator/stats_csv.h"
#include "aggregator/stats_json.h"
#include "aggregator/stats_metrics.h"
#include "aggregator/stats_prom.h"
#include "aggregator/stats_query.h"
#include "aggregator/stats_text.h"
#include "parsers/route_names.h"
#include "tests/golden_text.h"

namespace routerate {
namespace {

SeriesStats MakeSeries(std::string route, std::string method, std::uint64_t ok) {
  SeriesStats series;
  series.route_id = RouteId(method, route);
  series.route = std::move(route);
  series.method = std::move(method);
  series.requests = {0, ok, 1, 2, 0, 0};
  series.bytes = {0, ok * 1000, 10, 20, 0, 0};
  series.total = ok + 3;
  for (std::int64_t i = 1; i <= 3; ++i) series.latency.Add(i * 4000);
  return series;
}

ServiceStats MakeService(std::string name_space, std::string name, ServiceState state,
                         std::optional<double> age_s) {
  ServiceStats service;
  service.name_space = std::move(name_space);
  service.service = std::move(name);
  service.state = state;
  service.age_s = age_s;
  return service;
}

// Rates of which a tenth are errors.
void SetRates(const WindowRates& rates, SeriesStats* series) {
  series->requests_per_second = rates;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (rates[i]) series->class_rates[i] = {0, *rates[i] * 0.9, 0, 0, *rates[i] * 0.1, 0};
  }
}

// One pod that is known and one that is new, of one workload, and a named route.
void AddPods(ServiceStats* service) {
  SeriesStats order = MakeSeries("/orders/{id}", "GET", 450);
  order.route_id = order.rule_name = "order";
  order.host = "shop.example";
  SetRates({6.0, 5.0, 4.0}, &order);
  PodStats pod;
  pod.pod = "shop-1";
  pod.workload = "deployments.apps/shop";
  pod.labels = std::make_shared<const PodLabels>(PodLabels{{"app", "shop"}, {"tier", "web"}});
  pod.state = ServiceState::kKnown;
  pod.all.total = 500;
  SetRates({8.0, 7.0, 6.0}, &pod.all);
  pod.routes = {order};
  service->pods = {pod, PodStats()};
  service->pods[1].pod = "shop-2";
  WorkloadStats workload;
  workload.workload = pod.workload;
  SetRates({8.5, 7.5, 6.5}, &workload.all);
  service->workloads = {workload};
}

// A service of each state, and names that are hard to show.
StatsSnapshot MakeSnapshot() {
  StatsSnapshot snapshot;
  ServiceStats known = MakeService("prod", "shop", ServiceState::kKnown, 1.234);
  known.series.push_back(MakeSeries("/orders/{id}", "GET", 900));
  SetRates({12.5, 10.0, 7.25}, &known.series.back());
  known.series.back().bytes_per_second = 51234.4;
  known.series.back().quantiles = LatencyQuantiles{4.04, 12.2, 250.0};
  known.series.push_back(MakeSeries("/idle", "GET", 5));
  known.series.back().requests_per_second = {0.0, 0.0, 0.0};
  known.series.back().bytes_per_second = 0.0;
  known.series.push_back(MakeSeries("/a \"b\\c\n\xC3\xA9", "", 7));
  SetRates({30.0, 20.0, 10.0}, &known.series.back());
  known.series.back().host = "www.example";
  SetRates({42.5, 30.0, 17.25}, &known.all);
  known.all.quantiles = known.series.front().quantiles;
  AddPods(&known);
  ServiceStats warming = MakeService("prod", "cart", ServiceState::kWarming, 0.5);
  warming.series.push_back(MakeSeries("/cart", "POST", 40));
  warming.series.back().requests_per_second[0] = 4.0;
  ServiceStats unknown = MakeService("prod", "login", ServiceState::kUnknown, 99.0);
  unknown.series.push_back(MakeSeries("/login", "POST", 4000));
  ServiceStats gone = MakeService("test", "old", ServiceState::kGone, std::nullopt);
  gone.series.push_back(MakeSeries("/", "GET", 1));
  snapshot.services = {warming, unknown, known, gone};
  snapshot.targets = {{"prod", "deployments.apps/api", {2.5, 1.0, std::nullopt}, 0.5, 0},
                      {"prod", "deployments.apps/idle", {0.0, 0.0, 0.0}, 0.5, 0},
                      {"test", "deployments.apps/api", {}, std::nullopt, 0}};
  snapshot.health.records = {10, 0, 20, 1};
  snapshot.health.duplicates = 3;
  snapshot.source.lag = {{0, 0}, {3, 17}};
  snapshot.series_count = 6;
  return snapshot;
}

std::vector<StatsRow> Ask(const StatsSnapshot& snapshot,
                          const std::map<std::string, std::string>& query) {
  auto parsed = StatsQuery::Parse(query);
  REQUIRE(parsed);
  return parsed->Rows(snapshot);
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("the text has the promised columns, one line a series, the busiest first") {
  const StatsSnapshot snapshot = MakeSnapshot();
  CheckGolden("stats.txt", StatsText(Ask(snapshot, {})));
}

TEST_CASE("every line has as many words as the header") {
  const StatsSnapshot snapshot = MakeSnapshot();
  for (const std::string& line : Lines(StatsText(Ask(snapshot, {})))) {
    std::istringstream words(line);
    std::size_t count = 0;
    for (std::string word; words >> word;) ++count;
    CHECK(count == 17);
  }
}

TEST_CASE("the text of nothing is its header") { CHECK(Lines(StatsText(Ask({}, {}))).size() == 1); }

TEST_CASE("the JSON has the same values, null where there is none, and code classes that add up") {
  const StatsSnapshot snapshot = MakeSnapshot();
  const std::string text = StatsJson(Ask(snapshot, {}));
  CheckGolden("stats.json", text);
  const boost::json::value parsed = boost::json::parse(text);
  REQUIRE(parsed.as_array().size() == 6);
  for (const boost::json::value& row : parsed.as_array()) {
    std::int64_t sum = 0;
    for (const char* key : {"1xx", "2xx", "3xx", "4xx", "5xx", "unknown"}) {
      sum += row.at(key).to_number<std::int64_t>();
    }
    CHECK(sum == row.at("total").to_number<std::int64_t>());
  }
  CHECK(boost::json::parse(StatsJson({})).as_array().empty());
}

TEST_CASE("a query selects, sorts and limits") {
  struct Case {
    std::map<std::string, std::string> query;
    std::vector<std::string> routes;
  };
  const std::string odd = "/a \"b\\c\n\xC3\xA9";
  const std::vector<Case> cases = {
      {{{"service", "shop"}}, {odd, "/orders/{id}", "/idle"}},
      {{{"namespace", "test"}}, {"/"}},
      {{{"route", "/orders/{id}"}}, {"/orders/{id}"}},
      {{{"route", "get-orders-id"}}, {"/orders/{id}"}},
      {{{"method", "POST"}}, {"/login", "/cart"}},
      {{{"method", "-"}}, {odd}},
      {{{"grep", "orders|idle"}}, {"/orders/{id}", "/idle"}},
      {{{"grep", "^prod login"}}, {"/login"}},
      {{{"sort", "total"}, {"limit", "2"}}, {"/login", "/orders/{id}"}},
      {{{"sort", "route"}, {"limit", "2"}}, {"/", odd}},
      {{{"sort", "req/s_10s"}, {"limit", "3"}}, {odd, "/orders/{id}", "/cart"}},
      {{{"sort", "p99_ms"}, {"limit", "1"}}, {"/orders/{id}"}},
      {{{"service", "nobody"}}, {}},
  };
  const StatsSnapshot snapshot = MakeSnapshot();
  for (const Case& c : cases) {
    std::vector<std::string> routes;
    for (const StatsRow& row : Ask(snapshot, c.query)) routes.push_back(row.series->route);
    INFO(c.query.begin()->first << "=" << c.query.begin()->second);
    CHECK(routes == c.routes);
  }
}

TEST_CASE("a query that is not understood says what is allowed") {
  struct Case {
    std::string key, value, message;
  };
  const std::vector<Case> cases = {
      {"servce", "x",
       "unknown key 'servce'; allowed are by, colour, format, grep, limit, method, namespace, "
       "route, service, sort, watch"},
      {"by", "node", "by 'node' is not one of route, service, pod"},
      {"format", "xml", "format 'xml' is not one of text, json, csv, ndjson, prom"},
      {"colour", "yes", "colour 'yes' is not one of 0, 1"},
      {"watch", "0", "watch '0' is not a number from 1 to 60"},
      {"watch", "61", "watch '61' is not a number from 1 to 60"},
      {"watch", "1s", "watch '1s' is not a number from 1 to 60"},
      {"a\nb", "x", "unknown key 'a\\nb'; allowed are by, "},
      {"grep", "(\n", "grep '(\\n': missing ): (\\n"},
      {"limit", "0", "limit '0' is not a number from 1 to 1000000"},
      {"limit", "12x", "limit '12x' is not a number from 1 to 1000000"},
      {"grep", "(", "grep '(': missing ): ("},
      {"grep", std::string(1'001, 'x'), "grep is longer than 1000 bytes"},
      {"sort", "rate", "sort 'rate' is not one of namespace, service, "},
  };
  for (const Case& c : cases) {
    const auto parsed = StatsQuery::Parse({{c.key, c.value}});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.starts_with(c.message));
    CHECK(parsed.error().message.find('\n') == std::string::npos);
  }
}

TEST_CASE("keys that do not go together are told") {
  const auto told = [](const std::map<std::string, std::string>& query) {
    const auto parsed = StatsQuery::Parse(query);
    return parsed ? "nothing" : parsed.error().message;
  };
  CHECK(told({{"by", "service"}, {"route", "/"}}) ==
        "by=service has no routes and methods; ask by=route or by=pod");
  for (const std::string format : {"json", "csv", "prom"}) {
    CHECK(told({{"watch", "1"}, {"format", format}}) ==
          "watch is for format=text and format=ndjson, whose answers can go on");
  }
  for (const std::string format : {"json", "csv", "prom", "ndjson"}) {
    CHECK(told({{"colour", "1"}, {"format", format}}) == "colour=1 is for format=text");
    CHECK(told({{"colour", "0"}, {"format", format}}) == "nothing");
  }
  for (const std::string format : {"text", "ndjson"}) {
    CHECK(told({{"watch", "60"}, {"format", format}}) == "nothing");
  }
}

TEST_CASE("the CSV is RFC 4180 with JSON's keys, nothing where there is no value") {
  CheckGolden("stats.csv", StatsCsv(Ask(MakeSnapshot(), {})));
}

TEST_CASE("CSV has a pod's labels as JSON in one field") {
  const StatsSnapshot snapshot = MakeSnapshot();
  CHECK_THAT(StatsCsv(Ask(snapshot, {{"by", "pod"}, {"sort", "pod"}, {"limit", "1"}})),
             Catch::EndsWith(",known,deployments.apps/shop,"
                             "\"{\"\"app\"\":\"\"shop\"\",\"\"tier\"\":\"\"web\"\"}\",shop-1\r\n"));
}

TEST_CASE("NDJSON is the JSON's objects, a line each, with the moment before them when told") {
  const StatsSnapshot snapshot = MakeSnapshot();
  const auto rows = Ask(snapshot, {});
  boost::json::array objects;
  for (const std::string& line : Lines(StatsNdjson(rows))) {
    objects.push_back(boost::json::parse(line));
  }
  CHECK(objects == boost::json::parse(StatsJson(rows)).as_array());
  for (const std::string& line : Lines(StatsNdjson(rows, 1'795'312'800'123))) {
    CHECK_THAT(line, Catch::StartsWith(R"({"time_ms":1795312800123,"namespace":")"));
  }
  CHECK(StatsNdjson({}).empty());
}

TEST_CASE("as Prometheus' text rows have the samples that they have among the metrics") {
  const StatsSnapshot snapshot = MakeSnapshot();
  const auto lines = Lines(StatsMetrics(snapshot, PodMetrics::kAll));
  struct Case {
    std::map<std::string, std::string> query;
    std::string family, label;
  };
  const std::vector<Case> cases = {
      {{{"route", "get-orders-id"}}, "routerate_http_", "service=\"shop\",route=\"/orders/{id}\""},
      {{{"by", "service"}, {"service", "shop"}}, "routerate_service_http_", "service=\"shop\""},
      {{{"by", "pod"}}, "routerate_pod_http_", "route_id=\"\""},
      {{{"by", "pod"}, {"route", "order"}}, "routerate_pod_http_", "route_id=\"order\""}};
  for (const Case& c : cases) {
    std::vector<std::string> samples;
    for (const std::string& line : lines) {
      if (line.starts_with(c.family) && line.find(c.label) != std::string::npos) {
        samples.push_back(line);
      }
    }
    std::vector<std::string> shown;
    for (const std::string& line : Lines(StatsProm(Ask(snapshot, c.query)))) {
      if (!line.starts_with('#')) shown.push_back(line);
    }
    CHECK_FALSE(shown.empty());
    CHECK(shown == samples);
  }
  CHECK(StatsProm({}).empty());
}

TEST_CASE("in colour the lines are the same but for escapes around them") {
  StatsSnapshot snapshot = MakeSnapshot();
  snapshot.services[2].series[1].class_rates[kMinuteWindow] = ClassRates{};
  const auto rows = Ask(snapshot, {});
  const auto coloured = Lines(ColouredStatsText(rows, StatsBy::kRoute));
  const auto plain = Lines(StatsText(rows));
  const std::vector<std::string> colours = {"1", "31", "31", "", "33", "33", "2"};
  REQUIRE(coloured.size() == colours.size());
  for (std::size_t i = 0; i < colours.size(); ++i) {
    CHECK(coloured[i] ==
          (colours[i].empty() ? plain[i] : "\x1B[" + colours[i] + "m" + plain[i] + "\x1B[0m"));
  }
}

TEST_CASE("the metrics of a snapshot") {
  CheckGolden("metrics.txt", StatsMetrics(MakeSnapshot(), PodMetrics::kAll));
}

TEST_CASE("a rate without a value is absent from the metrics, a known zero is there") {
  const std::string text = StatsMetrics(MakeSnapshot(), PodMetrics::kAll);
  const auto rates = [&text](const std::string& service) {
    std::size_t count = 0;
    for (const std::string& line : Lines(text)) {
      if (line.starts_with("routerate_http_requests_per_second{") &&
          line.find("service=\"" + service + "\"") != std::string::npos) {
        ++count;
      }
    }
    return count;
  };
  CHECK(rates("shop") == 9);
  CHECK(rates("cart") == 1);
  CHECK(rates("login") == 0);
  CHECK(rates("old") == 0);
}

TEST_CASE("a target's rates are its own metric, absent where there is no value") {
  std::vector<std::string> targets;
  for (const std::string& line : Lines(StatsMetrics(MakeSnapshot(), PodMetrics::kAll))) {
    if (line.starts_with("routerate_target_requests_per_second{")) targets.push_back(line);
  }
  REQUIRE(targets.size() == 5);
  CHECK(targets.front() ==
        "routerate_target_requests_per_second{namespace=\"prod\",target=\"deployments.apps/api\","
        "window=\"10s\"} 2.5");
}

TEST_CASE("a page has of each pod its routes too, its requests alone, or nothing") {
  const auto pods = [](PodMetrics choice) {
    std::vector<std::string> lines;
    for (const std::string& line : Lines(StatsMetrics(MakeSnapshot(), choice))) {
      if (line.starts_with("routerate_pod_http_requests_per_second{")) lines.push_back(line);
    }
    return lines;
  };
  CHECK(pods(PodMetrics::kAll).size() == 6);
  REQUIRE(pods(PodMetrics::kTotals).size() == 3);
  for (const std::string& line : pods(PodMetrics::kTotals)) {
    CHECK_THAT(line, Catch::Contains("pod=\"shop-1\"") && Catch::Contains("route_id=\"\""));
  }
  CHECK(pods(PodMetrics::kNone).empty());
}

TEST_CASE("JSON of pods has their workload and labels, null where they are not told") {
  const StatsSnapshot snapshot = MakeSnapshot();
  const auto rows =
      boost::json::parse(StatsJson(Ask(snapshot, {{"by", "pod"}, {"sort", "pod"}}))).as_array();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("workload") == "deployments.apps/shop");
  CHECK(rows[0].at("labels").at("tier") == "web");
  CHECK(rows[1].at("workload").is_null());
  CHECK(rows[1].at("labels").is_null());
}

TEST_CASE("every line of the metrics follows the text format's rules") {
  const std::regex comment("# (HELP|TYPE) [a-z_0-9]+ .+");
  const std::regex sample(
      R"re([a-z_0-9]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? [-+0-9.eInf]+)re");
  for (const std::string& line : Lines(StatsMetrics(MakeSnapshot(), PodMetrics::kAll))) {
    INFO(line);
    CHECK(std::regex_match(line, line.starts_with("#") ? comment : sample));
  }
}

}  // namespace
}  // namespace routerate
