// Known zero, warming up, unknown and gone are four things.
#include "aggregator/service_time.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/aggregator/aggregator_world.h"

namespace routerate {
namespace {

const std::string kService = "ns/shop";

std::optional<double> Rate(AggregatorWorld& world, std::size_t window) {
  const StatsSnapshot snapshot = world.Snapshot();
  return FindSeries(snapshot, kService, "/")->requests_per_second[window];
}

ServiceState State(AggregatorWorld& world) {
  return FindService(world.Snapshot(), kService)->state;
}

// A service that had a request and has been idle for long enough to be known in every window.
struct KnownWorld : AggregatorWorld {
  KnownWorld() {
    Events(kSource, {{.offset = 0}}, kStart);
    BeatFor(400, {kSource});
  }
};

TEST_CASE("an idle service with heartbeats is a known zero") {
  KnownWorld world;
  CHECK(State(world) == ServiceState::kKnown);
  for (std::size_t i = 0; i < kWindows.size(); ++i) CHECK(Rate(world, i) == 0.0);
}

TEST_CASE("a window has no value before the service was known for its whole length") {
  AggregatorWorld world;
  world.Events(kSource, {{.offset = 0}}, kStart);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    const int enough =
        static_cast<int>(kWindows[i].seconds + world.options.lateness->count() / 1000);
    const int passed = static_cast<int>((world.clock.Wall() - kStart) / 1000);
    world.BeatFor(enough - 1 - passed, {kSource});
    CHECK_FALSE(Rate(world, i).has_value());
    CHECK(State(world) == ServiceState::kWarming);
    world.BeatFor(1, {kSource});
    CHECK(Rate(world, i).has_value());
  }
  CHECK(State(world) == ServiceState::kKnown);
}

TEST_CASE("a silent source is unknown after stale_after, and known again when it is heard") {
  KnownWorld world;
  world.clock.Advance(world.options.stale_after);
  CHECK(Rate(world, 0) == 0.0);
  world.clock.Advance(Millis{1});
  CHECK(State(world) == ServiceState::kUnknown);
  CHECK_FALSE(Rate(world, 0).has_value());
  CHECK(*FindService(world.Snapshot(), kService)->age_s == Approx(10.001));
  world.Beat(kSource);
  CHECK(State(world) == ServiceState::kKnown);
}

TEST_CASE("a source that said goodbye is gone at once, its totals stay for forget_after") {
  KnownWorld world;
  world.Goodbye(kSource);
  CHECK(State(world) == ServiceState::kGone);
  CHECK_FALSE(Rate(world, 0).has_value());
  world.SilentFor(world.options.forget_after);
  CHECK(Total(world.Snapshot()) == 1);
  world.SilentFor(Millis{10'000});
  CHECK(world.Snapshot().services.empty());
  CHECK(world.intake->series_count() == 0);
}

TEST_CASE("a time in which nobody counted is no pod's silence") {
  KnownWorld world;
  world.Sync();
  const WallMs before_ms = world.clock.Wall();
  world.clock.Advance(world.options.forget_after + Millis{100'000});
  SECTION("whether nothing comes at first") { world.Sync(); }
  SECTION("or what had been on its way") {
    world.DeliverAt(before_ms, {RecordKind::kHeartbeat, kSource, "", before_ms}, "", 0);
  }
  SECTION("or what was written meanwhile, by a pod that nobody knew, too") {
    const std::string value = EventLines({{.offset = 0, .ts_ms = before_ms + 1000}});
    const RecordHeaders headers{RecordKind::kEvents, "ns/shop/new", "file", before_ms + 1000};
    world.DeliverAt(before_ms + 1000, headers, value, 0);
    CHECK(Total(world.Snapshot()) == 2);
  }
  CHECK(Total(world.Snapshot()) >= 1);
  world.SilentFor(world.options.forget_after / 2);
  CHECK(Total(world.Snapshot()) >= 1);
  world.SilentFor(world.options.forget_after / 2 + Millis{20'000});
  CHECK(world.Snapshot().services.empty());
}

TEST_CASE("a source that comes back after goodbye lives again") {
  KnownWorld world;
  world.Goodbye(kSource);
  world.clock.Advance(Millis{1000});
  world.Beat(kSource);
  CHECK(State(world) == ServiceState::kKnown);
}

TEST_CASE("the slowest live source decides where windows end, and nobody waits for a stale one") {
  KnownWorld world;
  const std::string slow = "ns/shop/slow";
  world.Beat(slow);
  world.BeatFor(5, {kSource});
  CHECK(*FindService(world.Snapshot(), kService)->age_s == Approx(5));
  world.BeatFor(6, {kSource});
  CHECK(*FindService(world.Snapshot(), kService)->age_s == Approx(0));
  CHECK(State(world) == ServiceState::kKnown);
}

// Two pods; of `requests` of the second.
struct BusyPodAndOther : KnownWorld {
  static constexpr const char* kOther = "ns/shop/other";

  explicit BusyPodAndOther(std::uint64_t requests) {
    std::vector<TestEvent> events;
    events.reserve(90);
    for (std::uint64_t i = 0; i < 90; ++i) {
      events.push_back({.offset = i + 1, .ts_ms = clock.Wall()});
    }
    Events(kSource, events, clock.Wall(), 0, "busy");
    events.resize(requests);
    Events(kOther, events, clock.Wall(), 0, "other");
  }
};

TEST_CASE("while pods that had much of the traffic are silent, a service has no value") {
  BusyPodAndOther world(20);
  CHECK(State(world) == ServiceState::kKnown);
  world.BeatFor(11, {kSource});
  CHECK(State(world) == ServiceState::kUnknown);
  CHECK_FALSE(Rate(world, 0).has_value());
  // The busy pod has been idle for 11 s of the minute.
  const double live = 90 * std::exp(-11.0 / 60);
  CHECK(FindService(world.Snapshot(), kService)->coverage ==
        Approx(live / (live + 20)).margin(0.01));
  SECTION("until they are heard of") { world.Beat(BusyPodAndOther::kOther); }
  SECTION("or said goodbye") { world.Goodbye(BusyPodAndOther::kOther); }
  SECTION("or are forgotten") { world.BeatFor(600, {kSource}); }
  CHECK(State(world) == ServiceState::kKnown);
  CHECK(FindService(world.Snapshot(), kService)->coverage == 1);
}

// Ten requests of each second from begin to end, in records of five seconds. Their pod said that
// all up to `watermark_ms` had been sent before.
void Traffic(AggregatorWorld& world, const std::string& source, WallMs begin_ms, WallMs end_ms,
             WallMs watermark_ms) {
  constexpr WallMs kRecordMs = 5000;
  constexpr WallMs kEventMs = 100;
  for (WallMs from_ms = begin_ms; from_ms < end_ms; from_ms += kRecordMs) {
    std::vector<TestEvent> events;
    for (WallMs ms = from_ms; ms < from_ms + kRecordMs; ms += kEventMs) {
      events.push_back({.offset = static_cast<std::uint64_t>(ms), .ts_ms = ms});
    }
    world.Events(source, events, watermark_ms, 0, source);
  }
}

TEST_CASE("a pod that is being caught up with has as much traffic as it had") {
  KnownWorld world;
  const std::vector<std::string> pods = {"ns/shop/a", "ns/shop/b"};
  const WallMs begin_ms = world.clock.Wall();
  world.clock.Advance(Millis{60'000});
  const WallMs cut_ms = world.clock.Wall();
  for (const std::string& pod : pods) Traffic(world, pod, begin_ms, cut_ms, cut_ms);
  world.Sync();
  world.clock.Advance(Millis{120'000});
  const WallMs mended_ms = world.clock.Wall();
  Traffic(world, pods[0], cut_ms, mended_ms, cut_ms);
  world.Beat(pods[0]);
  Traffic(world, pods[1], cut_ms, cut_ms + 20'000, cut_ms);
  CHECK(State(world) == ServiceState::kUnknown);
  CHECK(FindService(world.Snapshot(), kService)->coverage == Approx(0.5).margin(0.05));
  Traffic(world, pods[1], cut_ms + 20'000, mended_ms, cut_ms);
  for (const std::string& pod : pods) world.Beat(pod);
  world.Beat(kSource);
  CHECK(State(world) == ServiceState::kKnown);
}

TEST_CASE("pods that had little traffic withhold nothing when they are silent") {
  BusyPodAndOther world(5);
  world.BeatFor(11, {kSource});
  CHECK(State(world) == ServiceState::kKnown);
  CHECK(FindService(world.Snapshot(), kService)->coverage < 1);
}

TEST_CASE("lateness is as long as a service's logs hold lines back") {
  for (const std::int64_t held_back : {0, 1, 10}) {
    AggregatorWorld world;
    world.options.lateness.reset();
    std::uint64_t offset = 0;
    for (int i = 0; i < 100; ++i) {
      world.BeatFor(1, {kSource});
      // What was held back since the last time it was written out.
      if (held_back != 0 && i % held_back != 0) continue;
      std::vector<TestEvent> events;
      for (WallMs age = 0; age <= 1000 * held_back; age += 200) {
        events.push_back({.offset = ++offset, .ts_ms = world.clock.Wall() - age});
      }
      world.Events(kSource, events, world.clock.Wall());
    }
    world.Snapshot();
    const PartitionCounts& counts = world.intake->partitions().at(0).counts();
    CHECK(counts.services().at(kService)->delays().Lateness() ==
          Millis{std::max<std::int64_t>(held_back, 1) * 1000});
  }
}

TEST_CASE(
    "too few events tell nothing of lateness, and one late one of a thousand does not count") {
  DelayHistogram delays;
  for (int i = 0; i < 99; ++i) delays.Add(Millis{30'000});
  CHECK(delays.Lateness() == DelayHistogram::kUnmeasured);
  DelayHistogram other;
  for (int i = 0; i < 2000; ++i) other.Add(Millis{500});
  other.Add(Millis{50'000});
  CHECK(other.Lateness() == Millis{1000});
}

TEST_CASE("a source with a clock far ahead is not believed") {
  KnownWorld world;
  world.Deliver({RecordKind::kHeartbeat, kSource, "", world.clock.Wall() + 3'600'000}, "");
  CHECK(State(world) == ServiceState::kUnknown);
  CHECK_FALSE(Rate(world, 0).has_value());
}

TEST_CASE("an aggregator whose clock steps back withholds, and never shows less than zero") {
  KnownWorld world;
  world.clock.StepWall(Millis{-300'000});
  CHECK(State(world) == ServiceState::kUnknown);
  CHECK_FALSE(Rate(world, 0).has_value());
  world.Beat(kSource);  // the pod's clock stepped, too
  for (std::size_t i = 0; i < kWindows.size(); ++i) CHECK(Rate(world, i).value_or(0) >= 0);
}

TEST_CASE("while a partition is read to its end no service has a rate") {
  KnownWorld world;
  world.intake->OnAssigned(1);
  CHECK(State(world) == ServiceState::kWarming);
  CHECK_FALSE(Rate(world, 0).has_value());
  CHECK(Total(world.Snapshot()) == 1);
  world.intake->OnCaughtUp(1);
  CHECK(Rate(world, 0) == 0.0);
}

TEST_CASE("a log with enough history makes every window warm at once") {
  AggregatorWorld world;
  world.clock.Advance(Millis{1'000'000});
  world.Deliver({RecordKind::kHeartbeat, kSource, "", kStart}, "");
  const WallMs now = world.clock.Wall();
  world.Events(kSource, {{.offset = 0, .ts_ms = now - 4000}}, now);
  CHECK(State(world) == ServiceState::kKnown);
  CHECK(Rate(world, 0) == Approx(0.1));
}

TEST_CASE("events that come late after an outage give the rates of their own time") {
  KnownWorld world;
  // Ten requests a second for five minutes, which the agent sends at once, much later.
  std::vector<TestEvent> backlog;
  backlog.reserve(3000);
  const WallMs begin = world.clock.Wall();
  for (std::uint64_t i = 0; i < 3000; ++i) {
    backlog.push_back({.offset = i + 1, .ts_ms = begin + static_cast<WallMs>(i) * 100});
  }
  world.clock.Advance(Millis{300'000});
  CHECK(State(world) == ServiceState::kUnknown);
  world.Events(kSource, backlog, world.clock.Wall());
  for (std::size_t i = 0; i + 1 < kWindows.size(); ++i) CHECK(Rate(world, i) == Approx(10));
}

}  // namespace
}  // namespace routerate
