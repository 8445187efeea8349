// What users of other tools suffer from (docs/field.md), where no other test is about it.
#include <catch2/catch.hpp>

#include "agent/checkpoint.h"
#include "tests/agent/agent_world.h"

using namespace routerate;
using Paths = std::vector<std::string>;

namespace {

constexpr Millis kDay{24 * 3600 * 1000};

std::size_t EventRecords(const World& world) { return world.broker.Of(RecordKind::kEvents).size(); }

}  // namespace

TEST_CASE("a rotated file that waits for Kafka is not given up, however long that takes") {
  World world;
  world.options.max_in_flight = 1024;
  world.options.batch_bytes = 1024;
  world.Boot();
  world.broker.acknowledge = 0;
  world.files.Append(kLog, LinesOf(0, 100));
  world.Step();
  (void)world.files.Remove(kLog);
  for (int i = 0; i < 10; ++i) world.Step(world.options.rotated_wait);
  REQUIRE(world.events.gauges.files_open == 1);
  world.broker.acknowledge = SIZE_MAX;
  for (int i = 0; i < 4; ++i) world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 100));
  CHECK(world.events.lost.empty());
}

TEST_CASE("a deleted file is read on until it was quiet for rotated_wait, then let go") {
  World world;
  const auto writer = world.files.Writer(kLog);
  *writer += LinesOf(0, 1);
  world.Settle();
  (void)world.files.Remove(kLog);
  world.Settle();
  world.Step(world.options.rotated_wait - Millis{25'000});
  *writer += LinesOf(1, 2);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 2));
  CHECK(world.events.gauges.files_open == 1);
  world.clock.Advance(world.options.rotated_wait);
  world.Settle();
  CHECK(world.events.gauges.files_open == 0);
}

TEST_CASE("a file that its server took away holds up nobody, and what was seen of it is told") {
  World world;
  world.files.deleted = MemoryFileSystem::Deleted::kStale;
  world.files.Append(kLog, LinesOf(0, 10));
  world.Settle();
  world.options.max_in_flight = 0;
  world.files.Append(kLog, LinesOf(10, 15));
  world.Step(Millis{1001});
  (void)world.files.Remove(kLog);
  world.files.Append(kLog, LinesOf(20, 30));
  world.options.max_in_flight = 1 << 20;
  world.Settle();
  const auto counted = world.broker.CountedPaths();
  CHECK(Paths(counted.begin(), counted.begin() + 10) == Numbers(0, 10));
  CHECK(Paths(counted.begin() + 10, counted.end()) == Numbers(20, 30));
  CHECK(world.events.lost ==
        std::map<LossReason, std::uint64_t>{{LossReason::kGone, LinesOf(10, 15).size()}});
  CHECK(world.events.gauges.files_open == 1);
}

TEST_CASE("an empty file that its server took away is let go") {
  World world;
  world.files.deleted = MemoryFileSystem::Deleted::kStale;
  world.files.Append(kLog, "");
  world.Step(Millis{1001});
  world.files.Append(kLog, LinesOf(0, 5));
  (void)world.files.Remove(kLog);
  world.Settle();
  world.files.Append(kLog, LinesOf(10, 20));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(10, 20));
  CHECK(world.broker.log.back().headers.watermark_ms >= world.clock.Wall() - 2000);
}

TEST_CASE("looks at names take a fifth of the time at most, whatever is told") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1));
  Millis spent{0};
  world.files.fails = [&](std::string_view call) {
    if (call != "list") return 0;
    world.clock.Advance(Millis{100});
    spent += Millis{100};
    return 0;
  };
  const Millis begin = world.clock.Monotonic();
  for (int i = 0; i < 2000; ++i) world.Step(Millis{10});
  const Millis all = world.clock.Monotonic() - begin;
  CHECK(spent * 5 <= all);
  CHECK(spent * 6 >= all);  // and as soon as that allows
}

TEST_CASE("half a line that is truncated away is no part of the next line") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1) + Line("/half").substr(0, 40));
  world.Settle();
  world.files.Overwrite(kLog, LinesOf(1, 2));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 2));
  CHECK(world.events.counts.rejected == 0);
}

TEST_CASE("a file that is shorter than its offset in the checkpoint is read from 0, and told so") {
  World world;
  world.files.Append(kLog, LinesOf(0, 10));
  world.Settle();
  const auto inode = world.files.Inode(kLog);
  world.Crash();
  (void)world.files.Remove(kLog);
  world.files.Append(kLog, LinesOf(10, 12));
  REQUIRE(world.files.Inode(kLog) == inode);
  world.events.lines.clear();
  world.Boot();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 12));
  CHECK_THAT(world.events.lines, Catch::VectorContains("opened " + kLog + " at 0"));
}

TEST_CASE("a log whose first pages are the old content's is read from 0 after a truncation") {
  for (const bool dead : {false, true}) {
    INFO((dead ? "no agent runs" : "an agent runs"));
    World world;
    world.files.Append(kLog, LinesOf(0, 40));
    world.Settle();
    if (dead) world.Crash();
    world.files.Overwrite(kLog, LinesOf(0, 30) + LinesOf(100, 130));
    if (dead) world.Boot();
    world.Settle();
    Paths all = Numbers(0, 40);
    for (const Paths& more : {Numbers(0, 30), Numbers(100, 130)}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    CHECK(world.broker.CountedPaths() == all);
  }
}

TEST_CASE("a compressed log is no log, whatever the pattern names") {
  World world("/logs/*");
  world.files.Append(kLog, LinesOf(0, 1));
  for (const char* name : {".1.gz", ".2.zst", ".3.xz", ".4.bz2"}) {
    world.files.Append(kLog + name, "\x1F\x8B\n\n");
  }
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 1));
  CHECK(world.events.counts.rejected == 0);
}

TEST_CASE("a file that nobody touched for a month is known after a restart") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1));
  world.Settle();
  world.clock.Advance(30 * kDay);
  world.Settle();
  world.agent->SaveCheckpoint();
  world.Crash();
  world.Boot();
  world.Settle();
  CHECK(EventRecords(world) == 1);
}

TEST_CASE("the checkpoint forgets a file a week after it is gone and read, and not before") {
  World world;
  world.files.Append("/logs/gone.log", LinesOf(0, 1));
  world.files.Append(kLog, LinesOf(1, 2));
  world.Settle();
  (void)world.files.Remove("/logs/gone.log");
  world.Step(world.options.rotated_wait);
  const auto entries = [&] {
    world.agent->SaveCheckpoint();
    return DecodeCheckpoint(world.files.Content("/state/checkpoint"))->size();
  };
  world.clock.Advance(6 * kDay);
  world.Settle();
  CHECK(entries() == 2);
  world.clock.Advance(2 * kDay);
  world.Settle();
  CHECK(entries() == 1);
}

TEST_CASE("a file that has much to read starves no other, also when Kafka is slow") {
  World world;
  world.options.max_in_flight = 4096;
  world.options.batch_bytes = 4096;
  world.Boot();
  for (int i = 0; i < 5; ++i) {
    world.files.Append(fmt::format("/logs/{}.log", i), LinesOf(0, 1000));
  }
  world.files.Append("/logs/small.log", Line("/small"));
  for (int i = 0; i < 10; ++i) world.Step(Millis{100});
  CHECK_THAT(world.broker.CountedPaths(), Catch::VectorContains(std::string("/small")));
}

TEST_CASE("a file of garbage holds up neither heartbeats nor the search for new files") {
  World world;
  world.files.Append(kLog, std::string(64 << 20, '\n'));
  CHECK(world.Step().wait == Millis{0});
  CHECK(world.events.gauges.bytes_behind > 0);
  CHECK(world.broker.Of(RecordKind::kHeartbeat).size() == 1);
}

TEST_CASE("what is written while Kafka takes nothing is told to be behind") {
  World world;
  world.options.max_in_flight = 4096;
  world.files.Append(kLog, LinesOf(0, 1000));
  world.Boot();
  world.broker.accepts = false;
  world.Settle();
  const std::uint64_t before = world.events.gauges.bytes_behind;
  const std::string more = LinesOf(1000, 2000);
  world.files.Append(kLog, more);
  for (int i = 0; i < 12; ++i) world.Step(Millis{100});
  CHECK(world.events.gauges.bytes_behind == before + more.size());
}

TEST_CASE("of deleted files that wait for Kafka no more is held than max_deleted, the newest") {
  World world;
  world.options.max_in_flight = 4096;
  world.options.max_deleted = 100'000;
  world.Boot();
  world.Settle();
  world.broker.accepts = false;
  for (int i = 0; i < 5; ++i) {
    world.files.Append(fmt::format("/logs/{}.log", i), LinesOf(1000 * i, 1000 * (i + 1)));
    world.Settle();
  }
  for (int i = 0; i < 5; ++i) (void)world.files.Remove(fmt::format("/logs/{}.log", i));
  for (int i = 0; i < 12; ++i) world.Step(Millis{100});
  const std::uint64_t lost = world.events.lost[LossReason::kDeleted];
  CHECK(lost > 0);
  world.broker.accepts = true;
  for (int i = 0; i < 10; ++i) world.Settle();
  const std::vector<std::string> counted = world.broker.CountedPaths();
  std::uint64_t counted_bytes = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string path = fmt::format("/{:03}", i);
    if (std::ranges::count(counted, path) == 1) counted_bytes += Line(path).size();
  }
  CHECK(counted_bytes + lost == LinesOf(0, 5000).size());
  CHECK_THAT(counted, Catch::VectorContains(std::string("/4999")));
}

TEST_CASE("batches that wait are bounded for all files together") {
  World world;
  world.options.max_in_flight = 64 << 10;
  world.Boot();
  world.broker.accepts = false;
  for (int i = 0; i < 100; ++i) {
    world.files.Append(fmt::format("/logs/{:03}.log", i), LinesOf(100 * i, 100 * (i + 1)));
  }
  world.Settle();
  CHECK(world.events.counts.accepted < 1500);
  world.broker.accepts = true;
  for (int i = 0; i < 10; ++i) world.Settle();
  CHECK(world.broker.CountedPaths().size() == 10'000);
}

TEST_CASE("a queue that is full is waited for, and nothing is left out or sent twice") {
  World world;
  world.options.batch_bytes = 1024;
  world.Boot();
  for (int from = 0; from < 100; from += 20) {
    world.broker.accepts = false;
    world.files.Append(kLog, LinesOf(from, from + 20));
    for (int i = 0; i < 5; ++i) CHECK(world.Step(Millis{100}).wait > Millis{0});
    world.broker.accepts = true;
    world.Step(Millis{100});
  }
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 100));
  std::size_t lines = 0;
  for (const auto& record : world.broker.Of(RecordKind::kEvents)) {
    lines += static_cast<std::size_t>(std::ranges::count(record.value, '\n'));
  }
  CHECK(lines == 100);
}
