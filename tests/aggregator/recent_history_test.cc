// The last hour as it was shown: values, zeros, and gaps where nothing was known.
#include "aggregator/recent_history.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/aggregator/metrics_world.h"

namespace routerate {
namespace {

constexpr std::int64_t kFirst = kNow / RecentHistory::kStep.count();

// shop/web with two routes, `step` steps after kNow.
StatsSnapshot Shown(int step, double orders, double carts) {
  StatsSnapshot snapshot;
  snapshot.made_at_ms = kNow + step * RecentHistory::kStep.count();
  snapshot.services = {Service(
      "shop", "web", {Series("orders", "GET", orders, 0.5), Series("carts", "POST", carts, 0)})};
  return snapshot;
}

void Withhold(ServiceStats* service) {
  service->state = ServiceState::kUnknown;
  service->all.requests_per_second = {};
  service->all.class_rates = {};
  for (SeriesStats& series : service->series) {
    series.requests_per_second = {};
    series.class_rates = {};
  }
}

// "3 - 0": the last `count` rates of the route at `index`.
std::string Rates(const RecentHistory& history, const StatsSnapshot& snapshot, std::size_t index,
                  std::size_t count) {
  const ServiceStats& service = snapshot.services[0];
  const auto points = history.Of({&service, &service.series[index]}, history.last_step());
  REQUIRE(points.size() == RecentHistory::kPoints);
  std::string text;
  for (std::size_t i = points.size() - count; i < points.size(); ++i) {
    const auto& rate = points[i].requests_per_second;
    text += (text.empty() ? "" : " ") + (rate ? fmt::format("{:.3g}", *rate) : "-");
  }
  return text;
}

TEST_CASE("each half minute has the value that was shown first, and the newest is the last") {
  RecentHistory history;
  CHECK(history.last_step() == 0);
  history.Sample(Shown(0, 2.5, 8));
  auto later = Shown(0, 100, 100);
  later.made_at_ms += 19'999;  // kNow is 10 s behind a whole half minute
  history.Sample(later);
  history.Sample(Shown(1, 4.5, 0));
  CHECK(history.last_step() == kFirst + 1);
  CHECK(Rates(history, later, 0, 3) == "- 3 5");
  CHECK(Rates(history, later, 1, 3) == "- 8 0");
}

TEST_CASE("errors and latencies are kept beside the rates, within 0.4 %") {
  RecentHistory history;
  auto snapshot = Shown(0, 1234.5, 0);
  snapshot.services[0].series[0].quantiles = LatencyQuantiles{1, 87.3, 200};
  history.Sample(snapshot);
  const ServiceStats& service = snapshot.services[0];
  const auto point = history.Of({&service, &service.series[0]}, history.last_step()).back();
  CHECK(point.requests_per_second == Approx(1235).epsilon(0.004));
  CHECK(point.errors_per_second == Approx(0.5).epsilon(0.004));
  CHECK(point.p95_ms == Approx(87.3).epsilon(0.004));
  const auto all = history.Of({&service, &service.all}, history.last_step()).back();
  CHECK(all.requests_per_second == Approx(1235).epsilon(0.004));
}

TEST_CASE("what was withheld is a gap and never 0, whether or not it had an entry") {
  RecentHistory history;
  const auto known = Shown(0, 2.5, 0);
  history.Sample(known);
  auto blind = Shown(1, 2.5, 0);
  Withhold(&blind.services[0]);
  history.Sample(blind);
  history.Sample(Shown(3, 2.5, 0));
  CHECK(Rates(history, known, 0, 4) == "3 - - 3");
  CHECK(Rates(history, known, 1, 4) == "0 - - 0");
}

TEST_CASE("a window that is warming up is a gap while its service has others") {
  RecentHistory history;
  auto snapshot = Shown(0, 2.5, 8);
  snapshot.services[0].series[1].requests_per_second[kMinuteWindow] = {};
  history.Sample(snapshot);
  CHECK(Rates(history, snapshot, 0, 1) == "3");
  CHECK(Rates(history, snapshot, 1, 1) == "-");
}

TEST_CASE("beyond the limit the busiest are kept, and the others are gaps") {
  RecentHistory history(2);
  const auto snapshot = Shown(0, 99.5, 8);  // with the service itself three
  history.Sample(snapshot);
  CHECK(Rates(history, snapshot, 0, 1) == "100");
  CHECK(Rates(history, snapshot, 1, 1) == "-");
}

TEST_CASE("an hour is kept; a clock that goes back begins anew") {
  RecentHistory history;
  const auto snapshot = Shown(0, 2.5, 8);
  for (int i = 0; i <= static_cast<int>(RecentHistory::kPoints); ++i)
    history.Sample(Shown(i, i, 8));
  const ServiceStats& service = snapshot.services[0];
  const auto points = history.Of({&service, &service.series[0]}, history.last_step());
  CHECK(points.front().requests_per_second == Approx(1.5));
  CHECK(points.back().requests_per_second == Approx(120.5).epsilon(0.004));
  history.Sample(Shown(-5, 7.5, 8));
  CHECK(history.last_step() == kFirst - 5);
  CHECK(Rates(history, snapshot, 0, 2) == "- 8");
}

}  // namespace
}  // namespace routerate
