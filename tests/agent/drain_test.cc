// The agent's end: everything is read, sent and acknowledged, then it says goodbye.
#include <catch2/catch.hpp>

#include "tests/agent/agent_world.h"

using namespace routerate;
using Paths = std::vector<std::string>;

TEST_CASE("a drain reads to the end, waits for quiet, and says goodbye last") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  world.agent->BeginDrain();
  world.files.Append("/logs/a.log", Line("/two"));
  for (int i = 0; i < 20 && !world.agent->Drained(); ++i) world.Step(Millis{250});
  REQUIRE(world.agent->Drained());
  CHECK(world.broker.CountedPaths() == Paths{"/one", "/two"});
  CHECK(world.broker.log.back().headers.kind == RecordKind::kGoodbye);
  CHECK(world.broker.log.back().headers.source == "default/shop/local");
}

TEST_CASE("a drain does not end while something is not acknowledged") {
  World world;
  world.broker.acknowledge = 0;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Step();
  world.agent->BeginDrain();
  world.Settle();
  CHECK_FALSE(world.agent->Drained());
  CHECK_THAT(world.agent->Remains(), Catch::Contains("of 1 files sent but not acknowledged"));
}

TEST_CASE("a drain with nothing to do takes the quiet time and a round trip") {
  World world;
  world.files.Append("/logs/a.log", Line("/one"));
  world.Settle();
  world.agent->BeginDrain();
  const Millis begin = world.clock.Monotonic();
  for (int i = 0; i < 20; ++i) {
    const Millis wait = world.agent->Step({}).wait;
    if (world.agent->Drained()) break;
    world.clock.Advance(world.broker.unacknowledged.empty() ? wait : std::min(wait, Millis{10}));
  }
  REQUIRE(world.agent->Drained());
  CHECK(world.clock.Monotonic() - begin <= world.options.drain_quiet + Millis{250});
}
