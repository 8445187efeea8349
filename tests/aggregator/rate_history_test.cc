// Whole histories against an oracle that stores every event: several sources in several partitions,
// repeats, late and reordered events, sources that stall, stop and return, records that come
// seconds after others, outages, and an aggregator whose clock is set. HISTORIES=n: so many of
// them.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <deque>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "parsers/request_sample.h"
#include "tests/aggregator/aggregator_world.h"
#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

constexpr int kSeconds = 420;
constexpr int kPartitionCount = 3;
constexpr std::array kStatuses = {200, 200, 201, 304, 404, 500, 503, 101, 0};

// A record on its way.
struct Batch {
  RecordKind kind = RecordKind::kEvents;
  std::vector<TestEvent> events;
  WallMs watermark_ms = 0;
  bool repeat = false;
};

struct Source {
  std::string name;
  int partition = 0;
  std::uint64_t next_offset = 0;
  std::vector<TestEvent> recent;  // to be repeated
  int stalled_for = 0;            // seconds
  std::deque<Batch> on_the_way;
  int held_for = 0;  // seconds
  // As far as its records came.
  WallMs watermark_ms = 0;
  bool gone = false;
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    world_.options.min_coverage = 0;  // the oracle stores events and judges time, not coverage
    for (int partition = 1; partition < kPartitionCount; ++partition) world_.Assign(partition);
    for (int i = 0; i < 4; ++i) {
      sources_.push_back({"ns/shop/" + std::to_string(i), i % kPartitionCount});
    }
  }

  void Run() {
    for (int second = 0; second < kSeconds; ++second) {
      now_ms_ += 1000;
      world_.clock.Advance(Millis{1000});
      if (Below(150) == 0) SetClock();
      const int outage = Below(200) == 0 ? static_cast<int>(Below(60)) : 0;
      for (Source& source : sources_) {
        if (outage > 0) source.held_for = outage;
        Live(source);
        Arrive(source);
      }
      Compare();
    }
  }

 private:
  std::int64_t Below(std::int64_t n) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
  }

  // The aggregator's alone: what sources write has the right time.
  void SetClock() {
    const Millis wrong{Below(3) == 0 ? 0 : Below(80'000) - 40'000};
    world_.clock.StepWall(Millis{now_ms_ - world_.clock.Wall()} + wrong);
  }

  // A second of a source's life.
  void Live(Source& source) {
    if (Below(150) == 0) source.stalled_for = static_cast<int>(Below(25));
    if (source.stalled_for > 0) {
      --source.stalled_for;
      return;
    }
    std::vector<TestEvent> events;
    for (std::int64_t i = Below(5); i > 0; --i) {
      const WallMs late = Below(10) == 0 ? Below(20'000) : Below(1500);
      const int status = kStatuses[static_cast<std::size_t>(Below(kStatuses.size()))];
      events.push_back({.offset = source.next_offset++, .ts_ms = now_ms_ - late, .status = status});
    }
    source.on_the_way.push_back({RecordKind::kEvents, events, now_ms_, false});
    if (Below(3) == 0) {
      source.on_the_way.push_back({RecordKind::kEvents, source.recent, now_ms_, true});
    }
    source.recent = events;
    if (Below(300) == 0) {
      source.on_the_way.push_back({RecordKind::kGoodbye, {}, now_ms_, false});
      source.stalled_for = static_cast<int>(Below(30));
    }
  }

  // Some sources' records come later than others' of the same time.
  void Arrive(Source& source) {
    if (source.held_for == 0 && Below(60) == 0) source.held_for = static_cast<int>(Below(6));
    if (source.held_for > 0) {
      --source.held_for;
      return;
    }
    for (; !source.on_the_way.empty(); source.on_the_way.pop_front()) {
      Take(source, source.on_the_way.front());
    }
  }

  void Take(Source& source, const Batch& batch) {
    const std::string file = batch.kind == RecordKind::kEvents ? "file" : "";
    world_.DeliverAt(now_ms_, {batch.kind, source.name, file, batch.watermark_ms},
                     EventLines(batch.events), source.partition);
    source.watermark_ms = batch.watermark_ms;
    source.gone = batch.kind == RecordKind::kGoodbye;
    known_since_ = std::min(known_since_, batch.watermark_ms);
    if (batch.repeat) return;
    for (const TestEvent& event : batch.events) {
      ++all_[SecondOf(event.ts_ms)][static_cast<std::size_t>(CodeClassOf(event.status))];
    }
    total_ += batch.events.size();
  }

  // Where windows end, as the oracle sees it; 0: there is no rate.
  std::int64_t End() const {
    WallMs watermark = std::numeric_limits<WallMs>::max();
    for (const Source& source : sources_) {
      const WallMs age = world_.clock.Wall() - source.watermark_ms;
      const bool live = !source.gone && age <= world_.options.stale_after.count() &&
                        age >= -kFutureAllowance.count();
      if (live) watermark = std::min(watermark, source.watermark_ms);
    }
    if (watermark == std::numeric_limits<WallMs>::max()) return 0;
    return SecondOf(watermark - world_.options.lateness->count());
  }

  void Compare() {
    const StatsSnapshot snapshot = world_.Snapshot();
    REQUIRE(Total(snapshot) == total_);
    if (total_ == 0) return;
    const SeriesStats& series = *FindSeries(snapshot, "ns/shop", "/");
    const std::int64_t end = End();
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
      const std::int64_t begin = end - kWindows[i].seconds;
      const bool warm = end != 0 && known_since_ <= begin * 1000;
      INFO("window " << kWindows[i].name << " at second " << world_.clock.Wall() / 1000);
      REQUIRE(series.requests_per_second[i].has_value() == warm);
      REQUIRE(series.class_rates[i].has_value() == warm);
      if (!warm) continue;
      CompareClasses(*series.class_rates[i], begin, end);
      const ClassRates& rates = *series.class_rates[i];
      REQUIRE(*series.requests_per_second[i] ==
              Approx(std::accumulate(rates.begin(), rates.end(), 0.0)));
      REQUIRE(*FindService(snapshot, "ns/shop")->all.class_rates[i] == rates);
    }
  }

  void CompareClasses(const ClassRates& rates, std::int64_t begin, std::int64_t end) const {
    PerCodeClass counts{};
    for (auto at = all_.lower_bound(begin); at != all_.end() && at->first < end; ++at) {
      for (std::size_t i = 0; i < kCodeClassCount; ++i) counts[i] += at->second[i];
    }
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      INFO("class " << CodeClassName(i));
      REQUIRE(rates[i] ==
              Approx(static_cast<double>(counts[i]) / static_cast<double>(end - begin)));
    }
  }

  std::mt19937_64 random_;
  WallMs now_ms_ = kStart;  // the right time
  AggregatorWorld world_;
  std::vector<Source> sources_;
  std::map<std::int64_t, PerCodeClass> all_;  // events by second
  std::uint64_t total_ = 0;
  WallMs known_since_ = std::numeric_limits<WallMs>::max();
};

TEST_CASE("random histories give the oracle's rates in every window at every second") {
  const std::uint64_t seed = RandomSeed();
  const char* wanted = std::getenv("HISTORIES");
  const std::uint64_t histories = wanted == nullptr ? 300 : std::stoul(wanted);
  for (std::uint64_t i = 0; i < histories; ++i) {
    INFO("SEED=" << seed + i);
    History(seed + i).Run();
  }
}

}  // namespace
}  // namespace routerate
