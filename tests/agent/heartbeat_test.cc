// What tells readers that the agent lives, and up to when they have every line.
#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;

TEST_CASE("heartbeats come each second, and their watermark stands while lines are unsent") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  const auto beats = world.broker.Of(RecordKind::kHeartbeat);
  REQUIRE(beats.size() >= 9);
  const std::int64_t before = beats.back().headers.watermark_ms;
  CHECK(before > beats.front().headers.watermark_ms);
  CHECK(before >= world.clock.Wall() - 2002);
  world.options.max_in_flight = 0;  // always full: nothing is read
  world.files.Append("/logs/a.log", Line("/two"));
  world.Settle();
  const auto later = world.broker.Of(RecordKind::kHeartbeat);
  CHECK(later.back().headers.watermark_ms <= before + 1001);
}

TEST_CASE("a heartbeat that found no room goes before the next batch") {
  World world;
  world.Settle();
  world.broker.accepts = false;
  world.Step(Millis{1001});
  world.files.Append("/logs/a.log", Line("/one"));
  world.broker.accepts = true;
  world.broker.log.clear();
  world.broker.unacknowledged.clear();
  world.Step();
  world.Step(Millis{1001});
  REQUIRE(world.broker.log.size() >= 2);
  CHECK(world.broker.log[0].headers.kind == RecordKind::kHeartbeat);
  CHECK(world.broker.log[1].headers.kind == RecordKind::kEvents);
}

TEST_CASE("an outage piles up no heartbeats") {
  World world;
  world.broker.acknowledge = 0;
  for (int i = 0; i < 100; ++i) world.Step(Millis{1001});
  CHECK(world.broker.Of(RecordKind::kHeartbeat).size() == 1);
}
