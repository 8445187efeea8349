// Reading, moving, and what no published snapshot may say.
#include "tests/sim/sim_aggregator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "parsers/request_sample.h"

namespace routerate {
namespace {

constexpr Millis kStepInterval{500};

RouteMatcher AutomaticRoutes() {
  auto routes = RouteMatcher::Create({}, "routes.yaml");
  RR_CHECK(routes);
  return *std::move(routes);
}

}  // namespace

void SimConsumer::Rebalance(RecordVisitor& visitor) {
  for (auto reading = readings_.begin(); reading != readings_.end();) {
    if (wanted_.contains(reading->first)) {
      ++reading;
      continue;
    }
    visitor.OnRevoked(reading->first);
    reading = readings_.erase(reading);
  }
  for (const int partition : wanted_) {
    if (readings_.contains(partition)) continue;
    readings_[partition] = {};
    visitor.OnAssigned(partition);
  }
}

void SimConsumer::ReadFrom(int partition, std::int64_t offset) {
  const auto found = readings_.find(partition);
  if (found == readings_.end()) return;
  found->second = {
      .begun = true,
      .next = static_cast<std::size_t>(std::max<std::int64_t>(offset, 0)),
      .end_at_assignment = topic_.partitions()[static_cast<std::size_t>(partition)].size()};
}

void SimCountsLog::Poll(CountsVisitor& visitor) {
  if (weather_.Down(clock_.Monotonic())) return;
  for (auto& [partition, value] : std::exchange(waiting_, {})) {
    topic_.values.push_back(std::move(value));
  }
  log_.Poll(visitor);
}

void SimConsumer::Bring(int partition, Reading& reading, RecordVisitor& visitor) {
  if (!reading.begun) return;
  const auto& log = topic_.partitions()[static_cast<std::size_t>(partition)];
  constexpr std::size_t kAtOnce = 100;
  const std::size_t end = std::min(log.size(), reading.next + kAtOnce);
  for (; reading.next < end; ++reading.next) {
    const SimRecord& record = log[reading.next];
    const std::vector<std::pair<std::string_view, std::string_view>> views(record.headers.begin(),
                                                                           record.headers.end());
    visitor.OnRecord(
        {partition, static_cast<std::int64_t>(reading.next), record.made_ms, views, record.value});
  }
  if (!reading.caught_up && reading.next >= reading.end_at_assignment) {
    reading.caught_up = true;
    visitor.OnCaughtUp(partition);
  }
}

void SimConsumer::Poll(Millis, RecordVisitor& visitor) {
  if (weather_.Down(clock_.Monotonic())) return;
  Rebalance(visitor);
  for (auto& [partition, reading] : readings_) Bring(partition, reading, visitor);
}

SourceStatus SimConsumer::Status() const {
  SourceStatus status;
  status.joined = true;
  if (weather_.Down(clock_.Monotonic())) status.trouble = "down";
  return status;
}

bool SimConsumer::AtEnd() const {
  return readings_.size() == wanted_.size() && std::ranges::all_of(readings_, [&](const auto& r) {
           return r.second.begun &&
                  r.second.next == topic_.partitions()[static_cast<std::size_t>(r.first)].size();
         });
}

SimReplica::SimReplica(const AggregatorOptions& options, const SimTopic& topic, CountsTopic& counts,
                       const SimWeather& weather, const Clock& clock)
    : consumer_(topic, weather, clock),
      log_(counts, weather, clock),
      aggregator_(options, AutomaticRoutes(), clock, consumer_, log_, board_) {}

SimAggregator::SimAggregator(std::size_t replicas, const SimTopic& topic, const SimWeather& weather,
                             const Millis& now, SimOracle& oracle)
    : topic_(topic),
      weather_(weather),
      now_(now),
      clock_(now),
      oracle_(oracle),
      places_(replicas),
      owner_(topic.partitions().size()) {
  options_.lateness = Millis{2'000};
  options_.max_routes = 100'000;  // none is `other`
  for (std::size_t i = 0; i < owner_.size(); ++i) owner_[i] = static_cast<unsigned>(i);
  for (Place& place : places_) Start(place);
}

void SimAggregator::Start(Place& place) {
  place.replica = std::make_unique<SimReplica>(options_, topic_, counts_, weather_, clock_);
  Distribute();
}

void SimAggregator::Distribute() {
  std::vector<SimReplica*> running;
  for (const Place& place : places_) {
    if (place.replica != nullptr) running.push_back(place.replica.get());
  }
  std::vector<std::set<int>> parts(running.size());
  for (std::size_t i = 0; i < owner_.size() && !running.empty(); ++i) {
    parts[owner_[i] % running.size()].insert(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < running.size(); ++i) running[i]->consumer().Assign(parts[i]);
}

void SimAggregator::Rebalance(unsigned how) {
  for (unsigned& owner : owner_) {
    owner = how % 4;
    how /= 4;
  }
  Distribute();
}

void SimAggregator::Crash(std::size_t replica, Millis down) {
  Place& place = places_[replica % places_.size()];
  place.replica.reset();
  place.start_at = now_ + down;
  Distribute();
}

void SimAggregator::Run() {
  if (now_ < next_step_) return;
  next_step_ = now_ + kStepInterval;
  for (Place& place : places_) {
    if (place.replica == nullptr && now_ >= place.start_at) Start(place);
    if (place.replica == nullptr) continue;
    place.replica->Step();
    Check(*place.replica);
  }
}

void SimAggregator::Check(SimReplica& replica) {
  const auto snapshot = replica.Latest();
  if (snapshot->made_at_ms == replica.checked_at) return;
  replica.checked_at = snapshot->made_at_ms;
  CheckTotals(replica, *snapshot);
  for (const ServiceStats& service : snapshot->services) {
    CheckZero(service, snapshot->made_at_ms);
  }
}

// A counter never goes backwards, whoever owns its partitions.
void SimAggregator::CheckTotals(SimReplica& replica, const StatsSnapshot& snapshot) {
  std::map<std::string, std::uint64_t> totals;
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) totals[series.route] += series.total;
  }
  for (const auto& [route, total] : replica.totals) {
    if (totals[route] < total) {
      oracle_.Blame(fmt::format("{} went from {} back to {}", route, total, totals[route]));
    }
  }
  replica.totals = std::move(totals);
}

// A rate of zero says that nothing happened in its window. Lines are told by their own time, so the
// window is known; a second at either end is left to rounding.
void SimAggregator::CheckZero(const ServiceStats& service, WallMs made_at) {
  if (now_ < distrust_until_ || !service.age_s || service.series.empty()) return;
  double rate = 0;
  for (const SeriesStats& series : service.series) {
    if (!series.requests_per_second[0]) return;
    rate += *series.requests_per_second[0];
  }
  if (rate > 0) return;
  const WallMs watermark = made_at - std::llround(*service.age_s * 1000);
  const std::int64_t end = SecondOf(watermark - options_.lateness->count());
  const auto pod = static_cast<std::size_t>(service.service.back() - '0');
  for (const SimOracle::Line& line : oracle_.lines()) {
    const bool inside = line.ts_second > end - kWindows[0].seconds && line.ts_second < end - 1;
    if (line.pod == pod && inside && line.state != SimOracle::LineState::kExcused) {
      oracle_.Blame(fmt::format("{} has a zero rate at {}, but had traffic at {}", service.service,
                                made_at, line.ts_second));
      return;
    }
  }
}

bool SimAggregator::Settled() const {
  return std::ranges::all_of(places_, [](const Place& place) {
    return place.replica != nullptr && place.replica->AtEnd();
  });
}

SimOracle::Totals SimAggregator::TotalsOf(std::size_t log) const {
  std::optional<SimOracle::Totals> all;
  for (const Place& place : places_) {
    const SimOracle::Totals totals = TotalsOf(log, *place.replica->Latest());
    if (all && !(*all == totals)) oracle_.Blame("two replicas do not say the same");
    all = totals;
  }
  return all.value_or(SimOracle::Totals{});
}

SimOracle::Totals SimAggregator::TotalsOf(std::size_t log, const StatsSnapshot& snapshot) {
  SimOracle::Totals totals;
  const std::string routes = fmt::format("/w{}/", log);
  for (const ServiceStats& service : snapshot.services) {
    for (const SeriesStats& series : service.series) {
      if (!series.route.starts_with(routes)) continue;
      totals.requests += series.total;
      for (const std::uint64_t bytes : series.bytes) totals.bytes += bytes;
    }
  }
  return totals;
}

}  // namespace routerate
