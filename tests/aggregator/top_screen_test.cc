// The screen of `top`, drawn of real overviews.
#include "aggregator/top_screen.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "aggregator/overview_json.h"
#include "tests/aggregator/metrics_world.h"

namespace routerate {
namespace {

std::string OverviewOf(const StatsSnapshot& snapshot) {
  const auto query = OverviewQuery::Parse({});
  REQUIRE(query);
  return OverviewJson(*query, snapshot);
}

std::vector<std::string> Lines(const StatsSnapshot& snapshot, TerminalSize size,
                               TopColours colours = TopColours::kNone) {
  const auto screen = TopScreen(OverviewOf(snapshot), size, colours);
  REQUIRE(screen);
  std::vector<std::string> lines;
  std::istringstream in(*screen);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("top shows the pipeline, then routes with their numbers, the busiest first") {
  MetricsWorld world;
  world.snapshot.health.late = 12;
  world.Web().series[0].route = "/orders/{id}";
  const auto lines = Lines(world.snapshot, {200, 50});
  CHECK(lines[1] == "services 2  known 2");
  CHECK(lines[2] == "lag -  late 12  repeats 0  rejected 0  overflow 0  series 0  routes 5");
  CHECK(lines[3] ==
        "req/s_10s  req/s_1m  req/s_5m   err%   p50_ms   p95_ms   p99_ms  age_s  "
        "service method route");
  CHECK(lines[4] ==
        "   130.00     13.00     13.00   3.85        -        -        -    1.0  "
        "shop/web GET /orders/{id}");
  CHECK(lines.size() == 4 + 5);
}

TEST_CASE("no line is longer than the terminal, and there are fewer than it has rows") {
  MetricsWorld world;
  for (SeriesStats& series : world.Web().series)
    series.route = "/gr\u00FC\u00DFe/" + std::string(300, 'x');
  for (const std::size_t columns : {20, 60, 80, 132, 400}) {
    const auto lines = Lines(world.snapshot, {columns, 7});
    CHECK(lines.size() == 6);
    for (const std::string& line : lines) {
      std::size_t characters = 0;
      for (const char c : line) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      CHECK(characters <= columns);
    }
  }
}

TEST_CASE("top says what is wrong in red, and what is not known as a dash") {
  MetricsWorld world;
  world.Web().state = ServiceState::kUnknown;
  for (SeriesStats& series : world.Web().series) series.requests_per_second = {};
  auto lines = Lines(world.snapshot, {200, 50}, TopColours::kAnsi);
  CHECK(lines[1] == "\x1B[31mservices 2  known 1  unknown 1\x1B[0m");
  CHECK(lines.back().find("        -         -         -      -") == 0);
  world.snapshot.source.trouble = "no broker answers";
  lines = Lines(world.snapshot, {200, 50}, TopColours::kNone);
  CHECK(lines[1] == "kafka: no broker answers");
  world.snapshot.source.trouble.clear();
  world.snapshot.was_caught_up = false;
  CHECK(Lines(world.snapshot, {200, 50})[1] == "not ready: rates are withheld");
}

TEST_CASE("what is no overview is told, whatever it is") {
  for (const char* text : {"", "ok\n", "[]", "{}", R"({"pipeline": 1})"}) {
    const auto screen = TopScreen(text, {80, 24}, TopColours::kNone);
    REQUIRE_FALSE(screen);
    CHECK_THAT(screen.error().message, Catch::StartsWith("the answer is no overview"));
  }
}

}  // namespace
}  // namespace routerate
