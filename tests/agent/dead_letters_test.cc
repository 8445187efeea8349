// Rejected lines on their way to the dead-letter topic, in a world of values: what is kept of them,
// and that events neither lose nor wait by it.
#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;
using Paths = std::vector<std::string>;

namespace {

struct RejectWorld : World {
  RejectWorld() {
    options.dead_letter.topic = "routerate-rejects";
    Boot();
  }
  void Write(const std::string& text) { files.Append("/logs/a.log", text); }
  std::vector<std::string> Kept() const {
    std::vector<std::string> values;
    values.reserve(dead_letters.log.size());
    for (const auto& record : dead_letters.log) values.push_back(record.value);
    return values;
  }
};

}  // namespace

TEST_CASE("a rejected line is kept byte for byte with its place and reason") {
  RejectWorld world;
  world.Write(Line("/one") + "garb\xFF\xC3\"age\r\n\n" + Line("/two"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  REQUIRE(world.Kept() == std::vector<std::string>{"garb\xFF\xC3\"age\r", ""});
  const auto& record = world.dead_letters.log[0];
  CHECK(record.key == "default/local");
  const std::string offset = std::to_string(Line("/one").size());
  CHECK(record.pairs ==
        HeaderPairs{{"rr-version", "1"},
                    {"rr-kind", "reject"},
                    {"rr-source", "default/shop/local"},
                    {"rr-file", world.broker.Of(RecordKind::kEvents)[0].headers.file},
                    {"rr-offset", offset},
                    {"rr-line", "2"},
                    {"rr-reason", "not_json"},
                    {"rr-column", "1"}});
  CHECK(world.events.dead_letters_delivered == 2);
  CHECK(world.events.gauges.bytes_in_flight == 0);
}

TEST_CASE("without a dead-letter topic rejected lines are only counted") {
  World world;
  world.files.Append("/logs/a.log", "garbage\n");
  world.Settle();
  CHECK(world.dead_letters.log.empty());
  CHECK(world.events.counts.rejected == 1);
}

TEST_CASE("an over-long line is not kept, and lines behind it keep their numbers") {
  RejectWorld world;
  world.options.max_line = 1024;
  world.Boot();
  world.Write(std::string(300'000, 'x') + "\nbad\n");
  world.Settle();
  CHECK(world.Kept() == std::vector<std::string>{"bad"});
  CHECK(world.events.rejects ==
        std::vector<std::string>{"/logs/a.log: line 2, column 1: not_json: bad"});
}

TEST_CASE("a rejected line survives a crash while Kafka does not acknowledge it") {
  RejectWorld world;
  world.dead_letters.acknowledge = 0;
  world.Write("bad\n" + Line("/one"));
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  world.Crash(0);
  CHECK(world.Kept().empty());
  world.dead_letters.acknowledge = SIZE_MAX;
  world.Boot();
  world.Settle();
  CHECK(world.Kept() == std::vector<std::string>{"bad"});
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("events of a batch leave while the dead-letter queue is full, then its rejects do") {
  RejectWorld world;
  world.dead_letters.accepts = false;
  world.Write("bad\n" + Line("/one"));
  world.Step();
  const std::int64_t watermark = world.events.gauges.watermark_ms;
  world.Settle();
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
  CHECK(world.events.gauges.watermark_ms == watermark);
  world.dead_letters.accepts = true;
  world.Settle();
  CHECK(world.Kept() == std::vector<std::string>{"bad"});
  CHECK(world.events.gauges.watermark_ms > watermark);
  CHECK(world.broker.Of(RecordKind::kEvents).size() == 1);
}

TEST_CASE("rejected lines in flight are bounded by max_in_flight, small ones too") {
  RejectWorld world;
  world.options.max_in_flight = 64 << 10;
  world.options.batch_bytes = 8 << 10;
  world.Boot();
  world.dead_letters.acknowledge = 0;
  for (int i = 0; i < 1000; ++i) world.Write("x\n");
  world.Write(Line("/one"));
  world.Settle();
  CHECK(world.events.gauges.bytes_in_flight >= 64 << 10);
  CHECK(world.events.gauges.bytes_in_flight < 72 << 10);
  CHECK(world.Kept().size() < 80);
  world.dead_letters.acknowledge = SIZE_MAX;
  for (int i = 0; i < 3; ++i) world.Settle();
  CHECK(world.Kept().size() == 1000);
  CHECK(world.broker.CountedPaths() == Paths{"/one"});
}

TEST_CASE("a dead-letter topic that Kafka refuses costs rejected lines, counted, and no event") {
  RejectWorld world;
  world.dead_letters.acknowledge = 0;
  world.Write("bad 1\nbad 2\n" + Line("/one"));
  world.Step();
  world.dead_letters.survivors = 0;
  world.dead_letters.lose = "Broker: Topic authorization failed";
  world.Step(Millis{10});
  CHECK(world.events.dead_letters_lost == 2);
  world.dead_letters.accepts = false;  // until the producer has started again
  world.Write("bad 3\n" + Line("/two"));
  world.Step(Millis{10});
  CHECK(world.events.dead_letters_lost == 3);
  world.dead_letters.accepts = true;  // one line at a time tries
  world.Write("bad 4\nbad 5\n" + Line("/three"));
  world.Step(Millis{10});
  CHECK(world.events.dead_letters_lost == 4);
  CHECK(world.Kept() == std::vector<std::string>{"bad 4"});
  world.dead_letters.acknowledge = SIZE_MAX;
  world.Step(Millis{10});
  world.Write("bad 6\nbad 7\n");
  world.Settle();
  CHECK(world.Kept() == std::vector<std::string>{"bad 4", "bad 6", "bad 7"});
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two", "/three"});
  CHECK(world.events.dead_letters_lost == 4);
}

TEST_CASE("a late delivery of a rejected line whose file was read again and closed is harmless") {
  RejectWorld world;
  world.options.rotated_wait = Millis{1};
  world.dead_letters.acknowledge = 0;
  world.Write("bad\n");
  world.Step();
  world.broker.lose = "fatal";
  world.files.Truncate("/logs/a.log");
  world.Settle();
  (void)world.files.Remove("/logs/a.log");
  world.Settle();
  CHECK(world.events.gauges.files_open == 0);
  world.dead_letters.acknowledge = SIZE_MAX;
  world.Settle();
  CHECK(world.events.gauges.bytes_in_flight == 0);
}

TEST_CASE("a drain waits for rejected lines too") {
  RejectWorld world;
  world.dead_letters.acknowledge = 0;
  world.Write("bad\n");
  world.Step();
  world.agent->BeginDrain();
  for (int i = 0; i < 20; ++i) world.Step(Millis{250});
  CHECK_FALSE(world.agent->Drained());
  world.dead_letters.acknowledge = SIZE_MAX;
  for (int i = 0; i < 20; ++i) world.Step(Millis{250});
  CHECK(world.agent->Drained());
}

TEST_CASE("line numbers go on after a restart, and without them the byte is told") {
  RejectWorld world;
  world.Write("bad\n" + Line("/one"));
  world.Settle();
  world.Crash();
  world.Write("bad\n");
  world.Boot();
  world.Settle();
  const std::string third = std::to_string(4 + Line("/one").size());
  CHECK(world.events.rejects.back() == "/logs/a.log: line 3, column 1: not_json: bad");
  CHECK(world.dead_letters.log.back().pairs[4].second == third);
  // A checkpoint of an agent that did not count lines.
  world.Crash();
  auto entries = DecodeCheckpoint(*world.files.ReadWhole("/state/checkpoint"));
  REQUIRE(entries.has_value());
  REQUIRE(entries->size() == 1);
  entries->front().lines.reset();
  world.files.Overwrite("/state/checkpoint", EncodeCheckpoint(*entries));
  world.Write("bad\n");
  world.Boot();
  world.Settle();
  const std::string fourth = std::to_string(8 + Line("/one").size());
  CHECK(world.events.rejects.back() ==
        "/logs/a.log: line at byte " + fourth + ", column 1: not_json: bad");
  const HeaderPairs& pairs = world.dead_letters.log.back().pairs;
  CHECK(std::ranges::find(pairs, "rr-line", &HeaderPairs::value_type::first) == pairs.end());
  // A file begun anew is counted from its first line again.
  world.files.Overwrite("/logs/a.log", "bad\n");
  world.Settle();
  CHECK(world.events.rejects.back() == "/logs/a.log: line 1, column 1: not_json: bad");
}
