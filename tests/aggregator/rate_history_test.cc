// Whole histories against an oracle that stores every event: several sources in several partitions,
// repeats, late and reordered events, sources that stall, stop and return.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "parsers/request_sample.h"
#include "tests/aggregator/aggregator_world.h"
#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

constexpr int kSeconds = 420;
constexpr int kPartitions = 3;

struct Source {
  std::string name;
  int partition = 0;
  std::uint64_t next_offset = 0;
  std::vector<TestEvent> recent;  // to be repeated
  WallMs watermark_ms = 0;
  bool gone = false;
  int stalled_for = 0;  // seconds
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    world_.options.min_coverage = 0;  // the oracle stores events and judges time, not coverage
    for (int partition = 1; partition < kPartitions; ++partition) world_.Assign(partition);
    for (int i = 0; i < 4; ++i) {
      sources_.push_back({"ns/shop/" + std::to_string(i), i % kPartitions});
    }
  }

  void Run() {
    for (int second = 0; second < kSeconds; ++second) {
      world_.clock.Advance(Millis{1000});
      for (Source& source : sources_) Live(source);
      Compare();
    }
  }

 private:
  std::int64_t Below(std::int64_t n) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
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
      events.push_back({.offset = source.next_offset++, .ts_ms = world_.clock.Wall() - late});
      all_[SecondOf(events.back().ts_ms)] += 1;
      ++total_;
    }
    source.watermark_ms = world_.clock.Wall();
    source.gone = false;
    Send(source, events);
    if (Below(3) == 0) Send(source, source.recent);
    source.recent = events;
    if (Below(300) == 0) {
      world_.Goodbye(source.name, source.partition);
      source.gone = true;
      source.stalled_for = static_cast<int>(Below(30));
    }
  }

  void Send(const Source& source, const std::vector<TestEvent>& events) {
    world_.Events(source.name, events, source.watermark_ms, source.partition);
    known_since_ = std::min(known_since_, source.watermark_ms);
  }

  // Where windows end, as the oracle sees it; 0: there is no rate.
  std::int64_t End() const {
    WallMs watermark = std::numeric_limits<WallMs>::max();
    for (const Source& source : sources_) {
      const WallMs age = world_.clock.Wall() - source.watermark_ms;
      const bool live = !source.gone && age <= world_.options.stale_after.count();
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
      if (!warm) continue;
      std::uint64_t count = 0;
      for (auto at = all_.lower_bound(begin); at != all_.end() && at->first < end; ++at) {
        count += at->second;
      }
      REQUIRE(*series.requests_per_second[i] ==
              Approx(static_cast<double>(count) / static_cast<double>(kWindows[i].seconds)));
    }
  }

  std::mt19937_64 random_;
  AggregatorWorld world_;
  std::vector<Source> sources_;
  std::map<std::int64_t, std::uint64_t> all_;  // events by second
  std::uint64_t total_ = 0;
  WallMs known_since_ = std::numeric_limits<WallMs>::max();
};

TEST_CASE("random histories give the oracle's rates in every window at every second") {
  const std::uint64_t seed = RandomSeed();
  for (std::uint64_t i = 0; i < 100; ++i) {
    INFO("SEED=" << seed + i);
    History(seed + i).Run();
  }
}

}  // namespace
}  // namespace routerate
