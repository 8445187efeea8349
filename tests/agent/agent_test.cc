// The agent's promises (DESIGN A1 to A11), each against the fault that would break it, in a world
// of values.
#include "agent/agent.h"

#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;
using Paths = std::vector<std::string>;

TEST_CASE("each line is one event at its offset, with its source and key") {
  World world;
  world.files.Append("/logs/a.log", Line("/one") + Line("/two"));
  world.Settle();
  const auto records = world.broker.Of(RecordKind::kEvents);
  REQUIRE(records.size() == 1);
  CHECK(records[0].key == "default/local");
  CHECK(records[0].headers.source == "default/shop/local");
  CHECK(records[0].headers.file.size() == 16);
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK(world.events.gauges.bytes_in_flight == 0);
}

TEST_CASE("an unterminated tail waits for its newline, across a restart too") {
  World world;
  const std::string line = Line("/one");
  world.files.Append("/logs/a.log", line.substr(0, 20));
  world.Settle();
  CHECK(world.broker.CountedPaths().empty());
  world.Crash();
  world.Boot();
  world.files.Append("/logs/a.log", line.substr(20));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("a file renamed out of the pattern is read on, then closed") {
  World world;
  const auto writer = world.files.Writer("/logs/a.log");
  *writer += Line("/one");
  world.Step();
  (void)world.files.Rename("/logs/a.log", "/logs/a.log.1");
  *writer += Line("/late");
  world.files.Append("/logs/a.log", Line("/new"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/late", "/new"});
  world.clock.Advance(world.options.rotated_wait);
  world.Settle();
  CHECK_THAT(world.events.lines, Catch::VectorContains(std::string("closed /logs/a.log")));
  CHECK(world.events.gauges.files_open == 1);
}

TEST_CASE("a file renamed within the pattern is not read again") {
  World world("/logs/a.log*");
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  (void)world.files.Rename("/logs/a.log", "/logs/a.log.1");
  world.files.Append("/logs/a.log", Line("/two"));
  world.Settle();
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 2);
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
}

TEST_CASE("several generations are followed while the broker is down") {
  World world;
  world.broker.accepts = false;
  for (int generation = 1; generation <= 3; ++generation) {
    const auto writer = world.files.Writer("/logs/a.log");
    *writer += Line("/g" + std::to_string(generation));
    world.Step(Millis{1001});
    (void)world.files.Rename("/logs/a.log", "/logs/old." + std::to_string(generation));
  }
  world.broker.accepts = true;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/g1", "/g2", "/g3"});
}

TEST_CASE("a deleted file's unread lines are read") {
  World world;
  world.broker.accepts = false;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  (void)world.files.Remove("/logs/a.log");
  world.broker.accepts = true;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("the checkpoint never runs ahead of the acknowledgement") {
  World world;
  world.broker.acknowledge = 0;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.Crash(0);
  world.broker.acknowledge = SIZE_MAX;
  world.Boot();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("the first lines that are acknowledged after a start are saved at once") {
  World world;
  for (int life = 0; life < 5; ++life) {
    world.files.Append("/logs/a.log", LinesOf(life, life + 1));
    world.Step(Millis{300});  // sent
    world.Step(Millis{5});    // acknowledged
    world.Crash();
    world.Boot();
  }
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 5);
}

TEST_CASE("after a crash reading goes on at the acknowledged offset under the same file id") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.Crash();
  world.files.Append("/logs/a.log", Line("/two"));
  world.Boot();
  world.Settle();
  const auto records = world.broker.Of(RecordKind::kEvents);
  REQUIRE(records.size() == 2);
  CHECK(records[0].headers.file == records[1].headers.file);
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
}

TEST_CASE("without a checkpoint a file read again has the same id and offsets") {
  World world;
  world.files.replace_fails = ENOSPC;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.Crash();
  world.Boot();
  world.files.Append("/logs/a.log", Line("/two"));
  world.Settle();
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 2);
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
}

TEST_CASE("a file renamed out of the pattern while no agent ran is finished") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.Crash();
  world.files.Append("/logs/a.log", Line("/two"));
  (void)world.files.Rename("/logs/a.log", "/logs/a.log.1");
  world.files.Append("/logs/a.log", Line("/three"));
  world.Boot();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two", "/three"});
  CHECK_THAT(world.events.lines, Catch::VectorContains("opened /logs/a.log.1 at " +
                                                       std::to_string(Line("/one").size())));
}

TEST_CASE("an inode used again by another file is another file, even with an equal first line") {
  World world;
  world.files.Append("/logs/a.log", Line("/same") + Line("/one"));
  world.Settle();
  const auto inode = world.files.Inode("/logs/a.log");
  world.Crash();
  (void)world.files.Remove("/logs/a.log");
  world.files.Append("/logs/a.log", Line("/same") + Line("/two") + Line("/three"));
  REQUIRE(world.files.Inode("/logs/a.log") == inode);
  world.Boot();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/same", "/one", "/same", "/two", "/three"});
}

TEST_CASE("files with equal first lines are told apart") {
  World world;
  world.files.Append("/logs/a.log", Line("/same"));
  world.files.Append("/logs/b.log", Line("/same"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/same", "/same"});
}

TEST_CASE("a truncated file is read from 0 under another id") {
  World world;
  world.files.Append("/logs/a.log", Line("/same") + Line("/one"));
  world.Settle();
  world.files.Overwrite("/logs/a.log", Line("/same"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/same", "/one", "/same"});
  CHECK_THAT(world.events.lines,
             Catch::VectorContains(std::string("truncated /logs/a.log at ") +
                                   std::to_string((Line("/same") + Line("/one")).size())));
}

TEST_CASE("reading stops at max_in_flight and goes on with the acknowledgements") {
  World world;
  world.options.max_in_flight = 4096;
  world.options.batch_bytes = 1024;
  world.Boot();
  world.broker.acknowledge = 0;
  for (int i = 0; i < 200; ++i) world.files.Append("/logs/a.log", Line("/" + std::to_string(i)));
  world.Settle();
  CHECK(world.events.gauges.bytes_in_flight >= 4096);
  CHECK(world.events.gauges.bytes_in_flight < 4096 + 256 * 1024);
  const auto held = world.broker.CountedPaths().size();
  world.broker.acknowledge = SIZE_MAX;
  world.Settle();
  CHECK(world.broker.CountedPaths().size() == 200);
  CHECK(held < 200);
}

TEST_CASE("lost records are sent again in order") {
  World world;
  world.broker.acknowledge = 0;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  world.files.Append("/logs/a.log", Line("/two"));
  world.Step(Millis{100});
  world.broker.survivors = 0;
  world.broker.lose = "fatal";
  world.broker.acknowledge = SIZE_MAX;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK_THAT(world.events.lines, Catch::VectorContains(std::string("lost fatal")));
}

TEST_CASE("rejected, empty and over-long lines hold nothing up") {
  World world;
  world.options.max_line = 1024;
  world.Boot();
  world.files.Append("/logs/a.log",
                     "garbage\n\n" + std::string(300'000, 'x') + "\n" + Line("/one"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  CHECK(world.events.counts.rejected == 2);
  CHECK(world.events.lost[LossReason::kLongLine] == 300'001);
}

TEST_CASE("the rest of an over-long line is never taken for a line, across a restart either") {
  World world;
  world.options.max_line = 1024;
  world.Boot();
  world.files.Append("/logs/a.log", Line("/one") + std::string(2000, 'x'));
  world.Settle();
  world.Crash();
  world.Boot();
  world.files.Append("/logs/a.log", Line("/forged") + Line("/two"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK(world.events.counts.rejected == 0);
}

TEST_CASE("a line before an over-long one that is still being written is sent at once") {
  World world;
  world.options.max_line = 1024;
  world.Boot();
  world.files.Append("/logs/a.log", Line("/one") + std::string(2000, 'x'));
  world.Step();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("what is read is accepted, repaired or rejected") {
  World world;
  world.files.Append("/logs/a.log", Line("/one") + Line("/\xFF") + "bad\n");
  world.Settle();
  CHECK(world.events.counts.accepted == 1);
  CHECK(world.events.counts.repaired == 1);
  CHECK(world.events.counts.rejected == 1);
}

TEST_CASE("events leave as fields and redact let them") {
  World world;
  world.options.redaction.fields = EventFields::None();
  world.options.redaction.fields.Add(EventField::kQuery);
  world.options.redaction.query = {QueryRedaction::Values::kOfNames, {"token"}};
  world.Boot();
  world.files.Append("/logs/a.log", Line("/a?token=s3cret&x=1"));
  world.Settle();
  const auto records = world.broker.Of(RecordKind::kEvents);
  REQUIRE(records.size() == 1);
  CHECK(records[0].value == R"({"offset":0,"ts":1795363184439,"path":"/a","query":"token=***&x=1"})"
                            "\n");
}

TEST_CASE("a hole is waited for, then passed over and counted") {
  World world;
  world.files.Append("/logs/a.log", Line("/one") + std::string(100, '\0') + Line("/two"));
  world.Step();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  for (int i = 0; i < 12; ++i) world.Step(Millis{1001});
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK(world.events.lost[LossReason::kNulBytes] == 100);
}

TEST_CASE("a hole that is filled in time loses nothing") {
  World world;
  const std::string two = Line("/two");
  world.files.Append("/logs/a.log", Line("/one") + std::string(two.size(), '\0'));
  world.Step(Millis{1001});
  world.files.Overwrite("/logs/a.log", Line("/one") + two);
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK(world.events.lost.empty());
}

TEST_CASE("files at rest are read on when they are told, after a loss too") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.agent->Step({});
  world.files.Append("/logs/a.log", Line("/two"));
  world.agent->Step({.contents = {"/logs/a.log"}});
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  world.Settle();
  world.broker.lose = "gone";
  world.agent->Step({});
  world.files.Append("/logs/a.log", Line("/three"));
  world.agent->Step({.contents = {"/logs/a.log"}});
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two", "/three"});
}

TEST_CASE("a file that may not be read is told once and read when it may") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.files.open_fails["/logs/a.log"] = EACCES;
  world.Settle();
  CHECK(world.events.lines ==
        std::vector<std::string>{"failed open /logs/a.log: Permission denied"});
  world.files.open_fails.clear();
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("a full disk at the checkpoint stops nothing") {
  World world;
  world.files.replace_fails = ENOSPC;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  CHECK_THAT(world.events.lines,
             Catch::VectorContains(std::string(
                 "checkpoint failed: write /state/checkpoint.new: No space left on device")));
}

TEST_CASE("a pattern that matches nothing is told, and its files are found later") {
  World world;
  world.Settle();
  CHECK(world.events.lines == std::vector<std::string>{"empty /logs/*.log"});
  world.files.Append("/logs/late.log", Line("/one"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("a lone line leaves at once, lines in a row leave together") {
  World world;
  world.files.Append("/logs/a.log", "");
  world.Settle();
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step(Millis{60});
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  world.files.Append("/logs/a.log", Line("/two"));
  CHECK(world.Step(Millis{1}).next == Agent::Next::kWaitForTime);
  CHECK(world.broker.CountedPaths().size() == 1);
  world.files.Append("/logs/a.log", Line("/three"));
  world.Step(world.options.linger);
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 2);
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two", "/three"});
}
