// A service's series are bounded whatever clients ask for, over all of its partitions, and no
// request is lost by that.
#include <malloc.h>

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "aggregator/service_series.h"
#include "parsers/route_names.h"
#include "tests/aggregator/aggregator_world.h"
#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

constexpr int kPartitions = 4;
constexpr std::size_t kMaxRoutes = 200;

// Paths that no two requests share, of all the kinds that scanners and bad luck bring.
class HostilePaths {
 public:
  explicit HostilePaths(std::uint64_t seed) : random_(seed) {}

  std::string Next() {
    const std::string number = std::to_string(++made_);
    switch (random_() % 8) {
      case 0:
        return "/" + Letters(12) + Spelled(number);  // letters only, which no template can join
      case 1:
        return "/" + Spelled(number) + "/" + Letters(5) + "/" + Letters(7);
      case 2:
        return "/" + std::string(1000 + random_() % 3000, 'x') + Spelled(number) + "/admin";
      case 3:
        return "/\xE6\x9D\xB1\xE4\xBA\xAC/" + Spelled(number) + "/\xF0\x9F\x98\x80";
      case 4:
        return "/%" + Letters(1) + "%%" + Spelled(number) + "%zz%00%C0%AF";
      case 5:
        return "//" + Letters(3) + ";jsessionid=" + number + "/../" + Spelled(number) + "/";
      case 6:
        return "/.env/" + Spelled(number) + ".php";
      default:
        return "/" + AnyBytes(30) + Spelled(number);
    }
  }

  std::uint64_t Random() { return random_(); }

 private:
  std::string Letters(std::size_t length) {
    std::string text;
    while (text.size() < length) text += static_cast<char>('a' + random_() % 26);
    return text;
  }
  // A number in letters: 407 -> eah.
  static std::string Spelled(std::string number) {
    for (char& c : number) c = static_cast<char>(c - '0' + 'a');
    return number;
  }
  // What the agent makes of them is UTF-8 always, as the record demands.
  std::string AnyBytes(std::size_t length) {
    std::string text;
    while (text.size() < length) text += static_cast<char>(1 + random_() % 0x7F);
    return text;
  }

  std::mt19937_64 random_;
  std::uint64_t made_ = 0;
};

std::string SourceOf(int partition) { return fmt::format("ns/shop/shop-{}", partition); }

// Sends `count` hostile requests, a hundred a record, to the partitions in turn.
void SendHostile(AggregatorWorld* world, HostilePaths* paths, int count,
                 std::uint64_t* next_offset) {
  constexpr int kPerRecord = 100;
  static constexpr std::array kMethods = {"GET", "POST", "HEAD", "", "XYZZY"};
  for (int sent = 0; sent < count; sent += kPerRecord) {
    std::vector<TestEvent> events;
    events.reserve(kPerRecord);
    for (int i = 0; i < kPerRecord; ++i) {
      events.push_back({.offset = (*next_offset)++,
                        .path = paths->Next(),
                        .method = kMethods[paths->Random() % kMethods.size()]});
    }
    const int partition = sent / kPerRecord % kPartitions;
    world->clock.Advance(Millis{1});
    world->Events(SourceOf(partition), events, 0, partition);
  }
}

AggregatorOptions Limited(std::size_t max_routes) {
  AggregatorOptions options;
  options.max_routes = max_routes;
  return options;
}

// Route, method and total of each series.
using RouteRequests = std::map<std::pair<std::string, std::string>, std::uint64_t>;
RouteRequests RequestsOf(AggregatorWorld& world) {
  RouteRequests shown;
  const StatsSnapshot snapshot = world.Snapshot();
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) {
      shown[{series.route, series.method}] += series.total;
    }
  }
  return shown;
}

}  // namespace

TEST_CASE(
    "100,000 distinct hostile paths are max_routes series and one, and every one is counted") {
  constexpr int kHostile = 100'000;
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  AggregatorWorld world(Limited(kMaxRoutes));
  for (int i = 1; i < kPartitions; ++i) world.Assign(i);
  std::uint64_t offset = 0;
  for (int i = 0; i < kPartitions; ++i) {
    world.Events(SourceOf(i), {{.offset = offset++, .path = "/orders/1"}}, 0, i);
  }
  HostilePaths paths(seed);
  SendHostile(&world, &paths, kHostile, &offset);
  const StatsSnapshot snapshot = world.Snapshot();
  REQUIRE(snapshot.services.size() == 1);
  CHECK(snapshot.services[0].series.size() == kMaxRoutes + 1);
  CHECK(Total(snapshot) == kHostile + kPartitions);
  CHECK(snapshot.series_count <= kMaxRoutes * kPartitions);
  REQUIRE(FindSeries(snapshot, "ns/shop", "/orders/{id}") != nullptr);
  CHECK(FindSeries(snapshot, "ns/shop", "/orders/{id}")->total == kPartitions);
  REQUIRE(FindSeries(snapshot, "ns/shop", kOtherRoute) != nullptr);
  CHECK(FindSeries(snapshot, "ns/shop", kOtherRoute)->total > kHostile / 2);
  CHECK(FindSeries(snapshot, "ns/shop", kOtherRoute)->route_id == kOtherRouteId);
}

// Sanitizers keep the memory themselves and tell of none.
TEST_CASE("hostile paths do not make memory grow once the limits are reached") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  AggregatorWorld world(Limited(kMaxRoutes),
                        {{.path = "/orders/{id:[0-9]+}"},
                         {.name = "help", .pattern = "/(en|de)/help(/.*)?"},
                         {.name = "php", .path = "/**/{page}.php", .method = "POST"}});
  for (int i = 1; i < kPartitions; ++i) world.Assign(i);
  std::uint64_t offset = 0;
  HostilePaths paths(seed);
  // Fills the series, and the memo, until it is as large as it may be, with the longest paths that
  // it takes.
  SendHostile(&world, &paths, 250'000, &offset);
  const std::size_t before = mallinfo2().uordblks;
  SendHostile(&world, &paths, 100'000, &offset);
  const std::size_t after = mallinfo2().uordblks;
  CHECK(after < before + (256 << 10));
}

TEST_CASE("which series have places does not depend on the order in which partitions are read") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  struct Sent {
    int partition;
    WallMs record_ms;
    std::vector<TestEvent> events;
  };
  HostilePaths paths(seed);
  std::vector<Sent> records;
  std::uint64_t offset = 0;
  for (int i = 0; i < 400; ++i) {
    Sent record{static_cast<int>(paths.Random() % kPartitions), kStart + i, {}};
    for (int j = 0; j < 5; ++j) {
      // Some in several partitions, most in one.
      const std::string path = paths.Random() % 3 == 0
                                   ? "/common/" + std::string(1 + paths.Random() % 14, 'c')
                                   : paths.Next();
      record.events.push_back({.offset = offset++, .path = path});
    }
    records.push_back(std::move(record));
  }
  const auto read = [&records](bool backwards) {
    AggregatorWorld world(Limited(100));
    for (int i = 1; i < kPartitions; ++i) world.Assign(i);
    world.clock.Advance(Millis{1000});
    for (int i = 0; i < kPartitions; ++i) {
      const int partition = backwards ? kPartitions - 1 - i : i;
      for (const Sent& record : records) {
        if (record.partition != partition) continue;
        world.DeliverAt(record.record_ms, {RecordKind::kEvents, SourceOf(partition), "file", 0},
                        EventLines(record.events), partition);
      }
    }
    return RequestsOf(world);
  };
  const RouteRequests forwards = read(false);
  CHECK(forwards == read(true));
  CHECK(forwards.size() == 101);
}

TEST_CASE("a method and a template are one of max_routes, and rules are outside of it") {
  AggregatorWorld world(Limited(2), {{.path = "/cart/{id}"}, {.name = "help", .path = "/help"}});
  std::uint64_t offset = 0;
  const auto send = [&](const std::string& method, const std::string& path) {
    world.Events(SourceOf(0), {{.offset = ++offset, .path = path, .method = method}});
  };
  for (const char* path : {"/a", "/cart/7", "/help"}) {
    for (const char* method : {"GET", "POST", "PUT"}) send(method, path);
  }
  const RouteRequests expected = {
      {{"/a", "GET"}, 1},         {{"/a", "POST"}, 1},         {{"other", ""}, 1},
      {{"/cart/{id}", "GET"}, 1}, {{"/cart/{id}", "POST"}, 1}, {{"/cart/{id}", "PUT"}, 1},
      {{"/help", "GET"}, 1},      {{"/help", "POST"}, 1},      {{"/help", "PUT"}, 1}};
  CHECK(RequestsOf(world) == expected);
}

TEST_CASE("a template that a rule has too gives its place back to the automatic ones") {
  AggregatorWorld world(Limited(1), {{.path = "/cart/{id:[0-9]+}"}});
  std::uint64_t offset = 0;
  for (const char* path : {"/cart/1-2", "/a", "/cart/7", "/b", "/c"}) {
    world.Events(SourceOf(0), {{.offset = ++offset, .path = path}});
  }
  const RouteRequests expected = {
      {{"/cart/{id}", "GET"}, 2}, {{"/b", "GET"}, 1}, {{"other", ""}, 2}};
  CHECK(RequestsOf(world) == expected);
}

TEST_CASE("rules for two hosts with one path are two series, each with its own id") {
  AggregatorWorld world({}, {{.name = "shop", .path = "/search", .host = "shop.example.com"},
                             {.name = "api", .path = "/search", .host = "api.example.com"}});
  world.Events(SourceOf(0), {{.offset = 1, .path = "/search", .host = "api.example.com"},
                             {.offset = 2, .path = "/search", .host = "shop.example.com"},
                             {.offset = 3, .path = "/search", .host = "api.example.com"},
                             {.offset = 4, .path = "/search", .host = "example.com"}});
  std::map<std::string, std::uint64_t> by_id;
  const StatsSnapshot snapshot = world.Snapshot();
  for (const SeriesStats& series : snapshot.services[0].series) {
    CHECK(series.route == "/search");
    by_id[series.route_id] += series.total;
  }
  CHECK(by_id == std::map<std::string, std::uint64_t>{{"shop", 1}, {"api", 2}, {"get-search", 1}});
}

TEST_CASE("an automatic route does not take the id that a rule was named by") {
  AggregatorWorld world({}, {{.name = "get-orders-id", .path = "/checkout"}});
  world.Events(SourceOf(0),
               {{.offset = 1, .path = "/orders/7"}, {.offset = 2, .path = "/checkout"}});
  const StatsSnapshot snapshot = world.Snapshot();
  CHECK(FindSeries(snapshot, "ns/shop", "/checkout")->route_id == "get-orders-id");
  CHECK(FindSeries(snapshot, "ns/shop", "/orders/{id}")->route_id ==
        HashedRouteId("GET", "/orders/{id}", 0));
}

}  // namespace routerate
