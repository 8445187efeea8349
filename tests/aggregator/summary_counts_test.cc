// Summaries are counted as the events would be that they are of.
#include "parsers/summary_record.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "parsers/request_summary.h"
#include "tests/aggregator/aggregator_world.h"
#include "tests/aggregator/random_seed.h"
#include "tests/aggregator/same_counts.h"

namespace routerate {
namespace {

const std::string kWebPod = "shop/web/pod-1";

struct Summary {
  LineRange lines;
  std::string value;
};

Summary SummaryOf(const std::vector<TestEvent>& events, std::vector<RouteRule> rules = {}) {
  auto routes = *RouteMatcher::Create(std::move(rules), "routes.yaml");
  RequestSummary summary;
  for (const TestEvent& event : events) summary.Add(event.offset, EventOf(event), routes);
  return {summary.lines(), summary.Encode()};
}

void Deliver(AggregatorWorld& world, const Summary& summary, WallMs watermark_ms = 0) {
  world.Deliver({RecordKind::kSummary, kWebPod, "file", watermark_ms, summary.lines},
                summary.value);
}

std::vector<RouteRule> SomeRules() {
  RouteRule orders;
  orders.path = "/orders/{order}";
  orders.method = "BREW";
  RouteRule named;
  named.name = "checkout";
  named.pattern = "/(de|en)/checkout";
  named.host = "shop.example.com";
  return {orders, named};
}

TestEvent RandomEvent(std::uint64_t offset, std::mt19937_64& random) {
  const std::vector<std::string> paths = {"/orders/17", "/orders/18", "/de/checkout",
                                          "/",          "/cart",      "/img/a.png"};
  const std::vector<std::string> methods = {"GET", "POST", "BREW", "NONSENSE", ""};
  TestEvent event;
  event.offset = offset;
  // Some older than all that is kept, some from a clock that is far ahead.
  event.ts_ms = kStart - static_cast<WallMs>(random() % 20'000);
  if (random() % 20 == 0) event.ts_ms -= 3'600'000;
  if (random() % 20 == 0) event.ts_ms += 3'600'000;
  event.path = paths[random() % paths.size()];
  event.method = methods[random() % methods.size()];
  event.host = random() % 2 == 0 ? "shop.example.com" : "";
  event.status = static_cast<int>(random() % 8 * 100);
  event.bytes = static_cast<std::int64_t>(random() % 10'000) - 1;
  if (random() % 50 == 0) event.bytes = std::int64_t{1} << 55;  // nonsense
  event.duration_us = static_cast<std::int64_t>(random() % (std::uint64_t{1} << random() % 30)) - 1;
  return event;
}

}  // namespace

TEST_CASE("summaries are counted as the events that they are of") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  std::mt19937_64 random(seed);
  AggregatorWorld one({}, SomeRules());
  AggregatorWorld other({}, SomeRules());
  std::uint64_t offset = 0;
  for (int record = 0; record < 40; ++record) {
    std::vector<TestEvent> events;
    for (std::size_t i = 0; i <= random() % 100; ++i) {
      offset += 1 + random() % 300;
      events.push_back(RandomEvent(offset, random));
    }
    one.Events(kWebPod, events, kStart);
    Deliver(other, SummaryOf(events, SomeRules()), kStart);
  }
  CheckSame(one, other);
  CHECK(other.health().rejected_events == 0);
}

TEST_CASE("series beyond max_routes are those of the events, too") {
  AggregatorOptions options;
  options.max_routes = 3;
  AggregatorWorld one(options);
  AggregatorWorld other(options);
  std::vector<TestEvent> events;
  for (std::uint64_t i = 0; i < 30; ++i) {
    const char letter = static_cast<char>('a' + i * 7 % 10);
    events.push_back({.offset = i, .path = std::string("/") + letter});
  }
  one.Events(kWebPod, events);
  Deliver(other, SummaryOf(events));
  CheckSame(one, other);
  CHECK(other.health().overflow > 0);
}

TEST_CASE("a summary that comes again is dropped, its requests are duplicates") {
  AggregatorWorld world;
  const Summary summary = SummaryOf({{.offset = 10}, {.offset = 20}, {.offset = 30}});
  Deliver(world, summary);
  Deliver(world, summary);
  CHECK(Total(world.Snapshot()) == 3);
  CHECK(world.health().duplicates == 3);
  CHECK(world.health().RecordsRejected() == 0);
}

TEST_CASE("events of a summary's lines are repeats, and those behind it are not") {
  AggregatorWorld world;
  Deliver(world, SummaryOf({{.offset = 10}, {.offset = 20}, {.offset = 30}}));
  world.Events(kWebPod, {{.offset = 20}, {.offset = 30}, {.offset = 40}});
  Deliver(world, SummaryOf({{.offset = 50}}));
  CHECK(Total(world.Snapshot()) == 5);
  CHECK(world.health().duplicates == 2);
}

TEST_CASE("a summary that overlaps what was counted is rejected and counted") {
  AggregatorWorld world;
  world.Events(kWebPod, {{.offset = 10}, {.offset = 20}});
  Deliver(world, SummaryOf({{.offset = 20}, {.offset = 30}}), kStart);
  CHECK(Total(world.Snapshot()) == 2);
  CHECK(world.health().rejected_records[kRejectedOverlap] == 1);
  CHECK(world.health().rejected_requests == 2);
  CHECK(world.health().duplicates == 0);
  Deliver(world, SummaryOf({{.offset = 30}}));
  CHECK(Total(world.Snapshot()) == 3);
}

TEST_CASE("offsets are a file's own, for summaries as well") {
  AggregatorWorld world;
  const Summary summary = SummaryOf({{.offset = 10}});
  Deliver(world, summary);
  world.Deliver({RecordKind::kSummary, kWebPod, "another", 0, summary.lines}, summary.value);
  CHECK(Total(world.Snapshot()) == 2);
}

TEST_CASE("a summary of lines before its source's watermark is late as a whole") {
  AggregatorWorld world;
  world.Beat(kWebPod);
  Deliver(world, SummaryOf({{.offset = 1, .ts_ms = kStart - 3'500},
                            {.offset = 2, .ts_ms = kStart - 3'600},
                            {.offset = 3, .ts_ms = kStart - 2'000}}));
  CHECK(world.health().late == 2);
  CHECK(Total(world.Snapshot()) == 3);
}

TEST_CASE("a service's lateness is measured by its summaries") {
  AggregatorWorld world;
  world.options.lateness.reset();
  world.Beat(kWebPod);
  constexpr std::uint64_t kEvents = 200;
  std::vector<TestEvent> events;
  events.reserve(kEvents);
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    events.push_back({.offset = i, .ts_ms = kStart - 7'000});
  }
  Deliver(world, SummaryOf(events));
  world.Sync();
  const auto& services = world.intake->partitions().at(0).counts().services();
  CHECK(services.at("shop/web")->delays().Lateness() == Millis{7'000});
}

TEST_CASE("a line of a summary that is no row is skipped, the lines around it count") {
  AggregatorWorld world;
  Summary summary = SummaryOf({{.offset = 10}, {.offset = 20}});
  summary.value += "nonsense\n";
  Deliver(world, summary);
  CHECK(Total(world.Snapshot()) == 2);
  CHECK(world.health().rejected_events == 1);
}

}  // namespace routerate
