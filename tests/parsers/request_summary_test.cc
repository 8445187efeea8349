// Events → rows.
#include "parsers/request_summary.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <utility>

#include "parsers/summary_record.h"

using namespace routerate;

namespace {

RouteMatcher Matcher(std::vector<RouteRule> rules = {}) {
  return *RouteMatcher::Create(std::move(rules), "routes.yaml");
}

AccessEvent Event(std::int64_t ts_ms, std::string_view path, int status = 200) {
  return {.ts_ms = ts_ms,
          .method = "GET",
          .path = path,
          .status = status,
          .bytes = 100,
          .duration_us = 5'000};
}

// "second method route id requests bytes durations", a row each, as the record's reader has them.
std::vector<std::string> RowsOf(const RequestSummary& summary) {
  std::vector<std::string> rows;
  const std::size_t skipped = SummaryReader().Read(summary.Encode(), [&](const SummaryRow& row) {
    rows.push_back(fmt::format("{} {} {} {} {} {} {}", row.second, row.key.method, row.key.route,
                               row.route_id, row.counts.Requests(), row.counts.Bytes(),
                               row.counts.latency.count));
  });
  CHECK(skipped == 0);
  return rows;
}

}  // namespace

TEST_CASE("events of one second and series are one row, in the order of the first ones") {
  RouteMatcher routes = Matcher();
  RequestSummary summary;
  CHECK(summary.Empty());
  summary.Add(100, Event(1'000, "/orders/1"), routes);
  summary.Add(200, Event(2'000, "/orders/2"), routes);
  summary.Add(300, Event(1'999, "/orders/3", 500), routes);
  summary.Add(400, Event(1'500, "/cart"), routes);
  summary.Add(500, Event(2'000, "/orders/4"), routes);
  CHECK(summary.lines().first == 100);
  CHECK(summary.lines().last == 500);
  CHECK(RowsOf(summary) == std::vector<std::string>{"1 GET /orders/{id} get-orders-id 2 200 2",
                                                    "2 GET /orders/{id} get-orders-id 2 200 2",
                                                    "1 GET /cart get-cart 1 100 1"});
}

TEST_CASE("a summary that was cleared has nothing of what it was") {
  const int paths = GENERATE(5, 2'000);  // more than what is kept
  RouteMatcher routes = Matcher();
  const auto add_all = [&](std::int64_t ts_ms, RequestSummary* summary) {
    for (int i = 0; i < paths; ++i) {
      const std::string path =
          fmt::format("/{:c}{:c}{:c}/list", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
      summary->Add(10 + i, Event(ts_ms + 1'000 * (i % 2), path), routes);
    }
  };
  RequestSummary again;
  add_all(1'000, &again);
  again.Clear();
  CHECK(again.Empty());
  CHECK(again.most_bytes() == 0);
  CHECK(again.room() == (paths == 5 ? 5 : 0));
  add_all(2'000, &again);
  RequestSummary fresh;
  add_all(2'000, &fresh);
  CHECK(again.Encode() == fresh.Encode());
  CHECK(again.most_bytes() == fresh.most_bytes());
  CHECK(again.lines().first == 10);
}

TEST_CASE("what is absent in an event is absent in its row") {
  RouteMatcher routes = Matcher();
  RequestSummary summary;
  summary.Add(0, {.ts_ms = 7'000, .path = "/a"}, routes);
  CHECK(RowsOf(summary) == std::vector<std::string>{"7  /a a 1 0 0"});
}

TEST_CASE("a template of a rule and of paths that it does not fit are told apart") {
  RouteRule rule;
  rule.path = "/orders/{id:[0-9]+}";
  rule.host = "shop";
  RouteMatcher routes = Matcher({rule});
  RequestSummary summary;
  AccessEvent event = Event(1'000, "/orders/1");
  summary.Add(0, event, routes);
  event.host = "shop";
  summary.Add(1, event, routes);
  std::vector<RouteOrigin> origins;
  (void)SummaryReader().Read(summary.Encode(), [&](const SummaryRow& row) {
    CHECK(row.key.route == "/orders/{id}");
    origins.push_back(row.origin);
  });
  CHECK(origins == std::vector{RouteOrigin::kAutomatic, RouteOrigin::kRule});
}

TEST_CASE("a summary is never larger than it says") {
  RouteMatcher routes = Matcher();
  RequestSummary summary;
  CHECK(summary.most_bytes() == 0);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const std::string path = fmt::format("/part-{}x/\"{}\"", i % 97, i % 7);
    AccessEvent event = Event(static_cast<std::int64_t>(i % 5) * 1'000, path);
    event.duration_us = static_cast<std::int64_t>(i * i * i);
    summary.Add(i, event, routes);
    if (i % 100 == 0) CHECK(summary.Encode().size() <= summary.most_bytes());
  }
  CHECK(summary.Encode().size() <= summary.most_bytes());
}
