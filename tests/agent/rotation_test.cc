// Every way in which a log file stops being the file that it was (DESIGN A1, A4, A5, A6), in a
// world of values.
#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;
using Paths = std::vector<std::string>;

namespace {

Paths Sorted(Paths paths) {
  std::ranges::sort(paths);
  return paths;
}

void CopyTruncate(World& world) {
  world.files.Copy(kLog, kCopy);
  world.files.Truncate(kLog);
}

// The agent reads nothing from now on, since nothing is acknowledged.
void Block(World& world) {
  world.options.max_in_flight = 0;
  world.Step(Millis{1001});
}
void Unblock(World& world) { world.options.max_in_flight = 1 << 20; }

}  // namespace

TEST_CASE("a copy is not read again, inside the pattern or outside") {
  for (const char* pattern : {"/logs/*.log", "/logs/*"}) {
    for (const int lines : {1, 100}) {
      INFO(pattern << ", " << lines << " lines");
      World world(pattern);
      world.files.Append(kLog, LinesOf(0, lines));
      world.Settle();
      CopyTruncate(world);
      world.files.Append(kLog, LinesOf(lines, lines + 5));
      world.Settle();
      world.files.Append(kLog, LinesOf(lines + 5, lines + 9));
      world.Settle();
      CHECK(world.broker.CountedPaths() == Numbers(0, lines + 9));
      CHECK(world.broker.Of(RecordKind::kEvents).size() == 3);
      CHECK(world.events.lost.empty());
    }
  }
}

TEST_CASE("a copy that is found before the truncation, and in the making, is not read") {
  World world("/logs/*");
  world.files.Append(kLog, LinesOf(0, 100));
  world.Settle();
  for (const std::size_t size : {0u, 100u, 2000u, 6000u}) {
    world.files.Overwrite(kCopy, world.files.Content(kLog).substr(0, size));
    world.Settle();
  }
  CopyTruncate(world);
  world.Settle();
  world.files.Append(kLog, LinesOf(100, 101));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 101));
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 2);
}

TEST_CASE("a copy that was made while the log grew is not read again") {
  for (const char* pattern : {"/logs/*.log", "/logs/*"}) {
    INFO(pattern);
    World world(pattern);
    world.files.Append(kLog, LinesOf(0, 100));
    world.Settle();
    world.files.Copy(kLog, kCopy);
    world.files.Append(kLog, LinesOf(100, 120));
    world.Settle();
    world.files.Truncate(kLog);
    world.files.Append(kLog, LinesOf(120, 130));
    world.Settle();
    world.Crash();
    world.Boot();
    world.Settle();
    CHECK(world.broker.CountedPaths() == Numbers(0, 130));
    CHECK(world.broker.Of(RecordKind::kEvents).size() == 3);
  }
}

TEST_CASE("what was not read before a truncation is read in the copy") {
  for (const char* pattern : {"/logs/*.log", "/logs/*"}) {
    for (const int before : {0, 20}) {
      INFO(pattern << ", " << before << " lines read before");
      World world(pattern);
      world.files.Append(kLog, LinesOf(0, before));
      world.Settle();
      Block(world);
      world.files.Append(kLog, LinesOf(before, 60));
      CopyTruncate(world);
      world.files.Append(kLog, LinesOf(60, 65));
      world.Settle();
      Unblock(world);
      world.Settle();
      CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, 65));
      CHECK(world.events.lost.empty());
    }
  }
}

TEST_CASE("several copies are made while nothing is read") {
  for (const char* pattern : {"/logs/*.log", "/logs/*"}) {
    INFO(pattern);
    World world(pattern);
    world.files.Append(kLog, LinesOf(0, 20));
    world.Settle();
    Block(world);
    world.files.Append(kLog, LinesOf(20, 40));
    CopyTruncate(world);
    world.files.Append(kLog, LinesOf(40, 50));
    (void)world.files.Rename(kCopy, "/logs/a.log.2");
    CopyTruncate(world);
    world.files.Append(kLog, LinesOf(50, 55));
    Unblock(world);
    world.Settle();
    CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, 55));
    CHECK(world.events.lost.empty());
  }
}

TEST_CASE("copies are made while no agent runs") {
  for (const char* pattern : {"/logs/*.log", "/logs/*"}) {
    INFO(pattern);
    World world(pattern);
    world.files.Append(kLog, LinesOf(0, 20));
    world.Settle();
    world.Crash();
    world.files.now_ns = world.clock.Wall() * 1'000'000;
    world.files.Append(kLog, LinesOf(20, 40));
    CopyTruncate(world);
    world.files.Append(kLog, LinesOf(40, 50));
    (void)world.files.Rename(kCopy, "/logs/a.log.2");
    CopyTruncate(world);
    world.files.Append(kLog, LinesOf(50, 90));
    world.Boot();
    world.Settle();
    CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, 90));
    CHECK(world.events.lost.empty());
  }
}

TEST_CASE("a file cut and grown past what was read is begun again") {
  World world;
  world.files.Append(kLog, LinesOf(0, 30));
  world.Settle();
  for (const int to : {60, 61, 80}) {  // shorter, as long, longer than before
    INFO(to);
    world.files.Truncate(kLog);
    world.files.Append(kLog, LinesOf(30, to));
    world.Settle();
    world.files.Truncate(kLog);
    world.files.Append(kLog, LinesOf(0, 30));
    world.Settle();
  }
  CHECK(world.broker.CountedPaths().size() == 30 + 30 + 30 + 31 + 30 + 50 + 30);
  CHECK(world.events.lost.empty());
}

TEST_CASE("generations come and go while no agent runs") {
  World world;
  world.files.Append(kLog, LinesOf(0, 20));
  world.Settle();
  world.Crash();
  world.files.now_ns = world.clock.Wall() * 1'000'000;
  int line = 20;
  for (int generation = 1; generation <= 3; ++generation) {
    world.files.Append(kLog, LinesOf(line, line + 10));
    (void)world.files.Rename(kLog, fmt::format("/logs/a.log-2026112{}", generation));
    line += 10;
  }
  world.files.Append("/logs/a.log.gz", "no log");
  world.files.Append("/logs/another.log.1", "of another file");
  world.files.Append(kLog, LinesOf(line, line + 5));
  world.Boot();
  world.Settle();
  CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, 55));
  CHECK(world.events.counts.rejected == 0);
}

TEST_CASE("rotated files from before the first start are not read") {
  World world;
  world.files.Append(kCopy, LinesOf(0, 20));
  world.files.Append(kLog, LinesOf(20, 30));
  world.Settle();
  (void)world.files.Rename(kCopy, "/logs/a.log.2");
  (void)world.files.Rename(kLog, kCopy);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(20, 30));
}

TEST_CASE("a file replaced by the same content and more is read on, by another content from 0") {
  World world;
  world.files.Append(kLog, LinesOf(0, 20));
  world.Settle();
  world.files.Append("/tmp/new", LinesOf(0, 25));
  (void)world.files.Rename("/tmp/new", kLog);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 25));
  world.files.Append("/tmp/new", LinesOf(30, 40));
  (void)world.files.Rename("/tmp/new", kLog);
  world.Settle();
  CHECK(world.broker.CountedPaths().size() == 35);
}

TEST_CASE("a new file that begins like the renamed one before it is new") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1));
  world.Settle();
  (void)world.files.Rename(kLog, kCopy);
  world.files.Append(kLog, LinesOf(0, 1));
  world.Settle();
  world.files.Append(kLog, LinesOf(1, 2));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/000", "/000", "/001"});
}

TEST_CASE("a file renamed while it was empty is followed") {
  World world;
  const auto writer = world.files.Writer(kLog);
  world.Settle();
  (void)world.files.Rename(kLog, "/elsewhere/a");
  *writer += LinesOf(0, 3);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 3));
}

TEST_CASE("a rotated file that was closed is read on when it grows") {
  World world;
  const auto writer = world.files.Writer(kLog);
  *writer += LinesOf(0, 3);
  world.Settle();
  (void)world.files.Rename(kLog, kCopy);
  world.Settle();
  world.clock.Advance(world.options.rotated_wait);
  world.Settle();
  REQUIRE(world.events.gauges.files_open == 0);
  *writer += LinesOf(3, 6);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 6));
}

TEST_CASE("a file that gets its name back is read on when it is told") {
  World world;
  world.files.Append(kLog, LinesOf(0, 3));
  world.Settle();
  (void)world.files.Rename(kLog, kCopy);
  world.Settle();
  (void)world.files.Rename(kCopy, kLog);
  world.Step(Millis{60});
  world.files.Append(kLog, LinesOf(3, 6));
  world.clock.Advance(Millis{60});
  world.agent->Step({.contents = {kLog}});
  CHECK(world.broker.CountedPaths() == Numbers(0, 6));
}

TEST_CASE("half a line at the end of a file given up is in the ledger once") {
  World world;
  world.files.Append(kLog, LinesOf(0, 3) + "half a line");
  world.Settle();
  (void)world.files.Rename(kLog, kCopy);
  world.Settle();
  for (int i = 0; i < 3; ++i) {
    world.clock.Advance(world.options.rotated_wait);
    world.Settle();
  }
  CHECK(world.events.lost[LossReason::kNoNewline] == 11);
}

TEST_CASE("a switched symbolic link leads to another file, and the first is read to its end") {
  World world("/logs/current.log");
  world.files.Append("/data/1.log", LinesOf(0, 3));
  world.files.Symlink("/data/1.log", "/data/latest");
  world.files.Symlink("/data/latest", "/logs/current.log");
  world.Settle();
  world.files.Append("/data/1.log", LinesOf(3, 6));
  world.files.Append("/data/2.log", LinesOf(6, 9));
  world.files.Symlink("/data/2.log", "/data/latest");
  world.Settle();
  CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, 9));
}

TEST_CASE("a writer that goes on behind a truncation leaves a hole that is passed at once") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1000));
  world.Settle();
  const std::size_t size = world.files.Content(kLog).size();
  world.files.Overwrite(kLog, std::string(20 * size, '\0') + LinesOf(1000, 1002));
  world.Step(Millis{60});
  world.Step(Millis{60});
  world.Settle();
  CHECK(world.broker.CountedPaths() == Numbers(0, 1002));
}

TEST_CASE("no more files are open at once than may be, and none is forgotten") {
  World world;
  world.options.max_open_files = 16;
  world.Boot();
  int lines = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) {
      world.files.Append(fmt::format("/logs/{}.log", i), LinesOf(lines, lines + 1));
      ++lines;
    }
    for (int i = 0; i < 20; ++i) {
      world.Step(Millis{1001});
      REQUIRE(world.events.gauges.files_open <= 16);
    }
  }
  CHECK(Sorted(world.broker.CountedPaths()) == Numbers(0, lines));
}

TEST_CASE("with all changes told, only what was told is looked at") {
  World world;
  world.files.Append(kLog, LinesOf(0, 1));
  world.Settle();
  std::size_t calls = 0;
  world.files.fails = [&](std::string_view) { return static_cast<int>(0 * ++calls); };
  world.clock.Advance(Millis{200});
  const auto plan = world.agent->Step({});
  CHECK(calls == 0);
  CHECK(plan.wait <= Millis{1000});
  world.files.Append(kLog, LinesOf(1, 2));
  world.clock.Advance(Millis{200});
  world.agent->Step({.contents = {kLog}});
  CHECK(calls > 0);
  CHECK(world.broker.CountedPaths() == Numbers(0, 2));
}

TEST_CASE("without being told, files are looked at by themselves, and names too") {
  for (const bool network : {false, true}) {
    World world;
    world.watch.watches = network;
    world.files.type.tells = !network;
    world.files.Append(kLog, LinesOf(0, 1));
    const auto until_counted = [&](int lines) {
      for (int i = 0; i < 30 && world.broker.CountedPaths() != Numbers(0, lines); ++i) {
        world.clock.Advance(Millis{50});
        world.agent->Step({});
      }
      CHECK(world.broker.CountedPaths() == Numbers(0, lines));
    };
    until_counted(1);
    world.files.Append(kLog, LinesOf(1, 2));
    until_counted(2);
    world.files.Append("/logs/b.log", LinesOf(2, 3));
    until_counted(3);
  }
}

TEST_CASE("what was unread when the agent ended and is nowhere when it begins is told") {
  World world;
  world.files.Append(kLog, LinesOf(0, 3));
  world.Settle();
  world.broker.acknowledge = 0;
  world.files.Append(kLog, LinesOf(3, 5));
  world.Step(Millis{1001});
  world.agent->SaveCheckpoint();
  world.Crash(0);
  world.broker.acknowledge = SIZE_MAX;
  world.files.Append("/logs/b.log", LinesOf(7, 8));
  (void)world.files.Remove(kLog);
  world.Boot();
  world.Settle();
  CHECK(world.events.lost[LossReason::kGone] == LinesOf(3, 5).size());
}
