// Records → counts: what is counted once, what is skipped, and what is counted where.
#include "aggregator/record_intake.h"

#include <catch2/catch.hpp>

#include "parsers/route_names.h"
#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

TEST_CASE("a line that is delivered again is counted once") {
  AggregatorWorld world;
  world.Events(kSource, {{.offset = 0}, {.offset = 50}});
  world.Events(kSource, {{.offset = 0}, {.offset = 50}, {.offset = 90}});
  world.Events(kSource, {{.offset = 50}});
  CHECK(Total(world.Snapshot()) == 3);
  CHECK(world.health().duplicates == 3);
}

TEST_CASE("the same offset of another file, pod or service is another line") {
  AggregatorWorld world;
  world.Events(kSource, {{.offset = 7}}, 0, 0, "one");
  world.Events(kSource, {{.offset = 7}}, 0, 0, "two");
  world.Events("ns/shop/shop-1", {{.offset = 7}}, 0, 0, "one");
  world.Events("ns/cart/shop-0", {{.offset = 7}}, 0, 0, "one");
  CHECK(Total(world.Snapshot()) == 4);
}

TEST_CASE("what is no record of ours is counted by reason and skipped") {
  using Headers = std::vector<std::pair<std::string_view, std::string_view>>;
  struct Case {
    Headers headers;
    std::size_t reason;
  };
  const std::vector<Case> cases = {
      {{}, static_cast<std::size_t>(RecordError::kNoVersion)},
      {{{"rr-version", "2"}}, static_cast<std::size_t>(RecordError::kUnknownVersion)},
      {{{"rr-version", "1"}}, static_cast<std::size_t>(RecordError::kUnknownKind)},
      {{{"rr-version", "1"}, {"rr-kind", "heartbeat"}, {"rr-source", "shop"}},
       static_cast<std::size_t>(RecordError::kBadSource)},
      {{{"rr-version", "1"}, {"rr-kind", "summary"}, {"rr-source", "a/b/c"}, {"rr-file", "f"}},
       static_cast<std::size_t>(RecordError::kBadRange)},
  };
  AggregatorWorld world;
  for (const Case& c : cases) {
    const std::uint64_t before = world.health().rejected_records[c.reason];
    world.intake->OnRecord({0, 17, kStart, c.headers, "anything"});
    CHECK(world.health().rejected_records[c.reason] == before + 1);
    CHECK(world.intake->last_rejection().ends_with(" in partition 0 at offset 17"));
  }
  CHECK(world.health().RecordsRejected() == cases.size());
  world.Events(kSource, {{.offset = 0}});
  CHECK(Total(world.Snapshot()) == 1);
}

TEST_CASE("a line that is no event is skipped, the lines around it count") {
  AggregatorWorld world;
  const std::string good = EventLines({{.offset = 0}});
  const std::string value = good + "{\"offset\":\nnot json\n" + EventLines({{.offset = 9}}) +
                            good.substr(0, good.size() / 2);
  world.Deliver({RecordKind::kEvents, kSource, "file", 0}, value);
  CHECK(Total(world.Snapshot()) == 2);
  CHECK(world.health().rejected_events == 3);
}

TEST_CASE("routes over max_routes are counted as other, and totals stay exact") {
  AggregatorOptions options;
  options.max_routes = 10;
  AggregatorWorld world(options, {{.name = "orders", .path = "/orders/{id}"}});
  std::uint64_t offset = 0;
  for (char c = 'a'; c <= 'z'; ++c) {
    world.Events(kSource, {{.offset = ++offset, .path = std::string("/page/") + c + c + c}});
  }
  for (int i = 0; i < 5; ++i) {
    world.Events(kSource, {{.offset = ++offset, .path = "/orders/" + std::to_string(i)}});
  }
  const StatsSnapshot snapshot = world.Snapshot();
  CHECK(Total(snapshot) == 26 + 5);
  const SeriesStats* other = FindSeries(snapshot, "ns/shop", kOtherRoute);
  REQUIRE(other != nullptr);
  CHECK(other->total == 16);
  CHECK(other->route_id == kOtherRouteId);
  CHECK(world.health().overflow == 16);
  CHECK(FindSeries(snapshot, "ns/shop", "/orders/{id}")->total == 5);  // a rule's route has a place
  CHECK(FindSeries(snapshot, "ns/shop", "/orders/{id}")->route_id == "orders");
  CHECK(snapshot.services[0].series.size() == 12);
}

TEST_CASE("max_series bounds all services together, over all partitions") {
  AggregatorOptions options;
  options.max_series = 3;
  AggregatorWorld world(options);
  world.Assign(1);
  world.Events("ns/a/0", {{.offset = 1, .path = "/a"}, {.offset = 2, .path = "/b"}});
  world.Events("ns/b/0", {{.offset = 1, .path = "/a"}, {.offset = 2, .path = "/b"}}, 0, 1);
  world.Sync();
  CHECK(world.intake->series_count() == 3);
  CHECK(FindSeries(world.Snapshot(), "ns/b", kOtherRoute)->total == 1);
  CHECK(Total(world.Snapshot()) == 4);
}

TEST_CASE("methods that clients make up are one series") {
  AggregatorWorld world({}, {{.path = "/purge", .method = "PURGE"}});
  std::uint64_t offset = 0;
  for (const char* method : {"GET", "AAAA", "BBBB", "get", ""}) {
    world.Events(kSource, {{.offset = ++offset, .path = "/x", .method = method}});
  }
  world.Events(kSource, {{.offset = ++offset, .path = "/purge", .method = "PURGE"}});
  std::map<std::string, std::uint64_t> by_method;
  const StatsSnapshot snapshot = world.Snapshot();
  for (const SeriesStats& series : snapshot.services[0].series) {
    by_method[series.method] += series.total;
  }
  const std::map<std::string, std::uint64_t> expected = {
      {"GET", 1}, {"other", 3}, {"", 1}, {"PURGE", 1}};
  CHECK(by_method == expected);
}

TEST_CASE("totals by code class add up") {
  AggregatorWorld world;
  std::uint64_t offset = 0;
  for (const int status : {101, 200, 204, 301, 404, 499, 500, 503, 599, 600, 0}) {
    world.Events(kSource, {{.offset = ++offset, .status = status, .bytes = 10}});
  }
  const StatsSnapshot snapshot = world.Snapshot();
  const SeriesStats& series = snapshot.services[0].series[0];
  CHECK(series.requests == PerCodeClass{1, 2, 1, 2, 3, 2});
  CHECK(series.bytes == PerCodeClass{10, 20, 10, 20, 30, 20});
  CHECK(series.total == 11);
}

TEST_CASE("nonsense numbers do not make sums overflow") {
  AggregatorWorld world;
  const std::int64_t huge = std::int64_t{1} << 53;
  for (std::uint64_t i = 0; i < 8; ++i) {
    world.Events(kSource, {{.offset = i, .bytes = huge, .duration_us = huge}});
  }
  const StatsSnapshot snapshot = world.Snapshot();
  const SeriesStats& series = snapshot.services[0].series[0];
  CHECK(series.total == 8);
  CHECK(series.bytes[1] == 0);
  CHECK(series.latency.count == 0);
}

TEST_CASE("an event of the future or of long ago counts in totals, not in rates") {
  AggregatorWorld world;
  world.Beat(kSource);
  world.BeatFor(400, {kSource});
  const WallMs now = world.clock.Wall();
  world.Events(kSource,
               {{.offset = 1, .ts_ms = now - 5000},
                {.offset = 2, .ts_ms = now + 3'600'000},
                {.offset = 3, .ts_ms = now - 3'600'000}},
               now);
  const StatsSnapshot snapshot = world.Snapshot();
  const SeriesStats& series = snapshot.services[0].series[0];
  CHECK(series.total == 3);
  CHECK(series.requests_per_second[0] == Approx(0.1));
  CHECK(series.requests_per_second[2] == Approx(1 / 300.0));
  CHECK(world.health().future == 1);
  CHECK(world.health().too_old == 1);
  CHECK(world.health().late == 2);
}

TEST_CASE("what is known of a revoked partition stays, and who reads on counts nothing twice") {
  AggregatorWorld world;
  world.Assign(1);
  const auto fill = [&world] { world.Events("ns/shop/b", {{.offset = 0}, {.offset = 10}}, 0, 1); };
  world.Events("ns/shop/a", {{.offset = 0}});
  fill();
  CHECK(Total(world.Snapshot()) == 3);
  world.intake->OnRevoked(1);
  CHECK(Total(world.Snapshot()) == 3);
  world.Assign(1);
  fill();
  fill();
  CHECK(Total(world.Snapshot()) == 3);
}

}  // namespace
}  // namespace routerate
