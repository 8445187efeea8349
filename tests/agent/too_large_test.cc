// Records that Kafka refuses for their size, in a world of values: lines go in smaller records, in
// order, and one that is too large alone holds up nothing.
#include <catch2/catch.hpp>
#include <random>

#include "tests/agent/agent_world.h"
#include "tests/aggregator/random_seed.h"

using namespace routerate;
using Paths = std::vector<std::string>;

namespace {

std::string Path(std::size_t number, std::size_t filling = 0) {
  return fmt::format("/{}{}", number, std::string(filling, 'x'));
}

struct SizeWorld : World {
  Paths written;
  void Write(const std::string& path) {
    written.push_back(path);
    files.Append("/logs/a.log", Line(path));
  }
  std::size_t Largest() const {
    std::size_t largest = 0;
    for (const auto& record : broker.log) largest = std::max(largest, record.value.size());
    return largest;
  }
  void SettleAll() {
    for (int i = 0; i < 10; ++i) Settle();
  }
};

}  // namespace

TEST_CASE("lines of a batch that broker or client refuses are sent in smaller records, each once") {
  const bool by_client = GENERATE(false, true);
  SizeWorld world;
  (by_client ? world.broker.client_limit : world.broker.broker_limit) = 1000;
  for (std::size_t i = 0; i < 200; ++i) world.Write(Path(i));
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  CHECK(world.Largest() <= 1000);
  CHECK(world.events.records_split > 0);
  CHECK(world.events.oversize.empty());
  CHECK(world.events.gauges.bytes_in_flight == 0);
  const std::size_t refusals = world.broker.refusals;
  for (std::size_t i = 200; i < 1000; ++i) world.Write(Path(i));
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  CHECK(world.broker.refusals == refusals);  // what was learnt is used
}

TEST_CASE("a line that is too large alone is counted as lost, and lines around it are delivered") {
  const bool by_client = GENERATE(false, true);
  SizeWorld world;
  world.options.dead_letter.topic.clear();
  world.agent = std::make_unique<Agent>(world.options, world.files, world.watch, world.clock,
                                        Sinks{world.broker, nullptr}, world.events);
  (by_client ? world.broker.client_limit : world.broker.broker_limit) = 1000;
  world.Write("/one");
  const std::size_t offset = Line("/one").size();
  world.files.Append("/logs/a.log", Line(Path(0, 2000)));
  world.Write("/two");
  world.Write("/three");
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  REQUIRE(!world.events.oversize.empty());
  CHECK_THAT(world.events.oversize[0],
             Catch::StartsWith(fmt::format("/logs/a.log at {}: 2", offset)));
  CHECK(world.events.lost[LossReason::kTooLarge] > 2000);
  CHECK(world.events.gauges.bytes_in_flight == 0);
  const std::size_t refusals = world.broker.refusals;
  world.files.Append("/logs/a.log", Line(Path(1, 2500)));
  world.Write("/four");
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  CHECK(world.broker.refusals == refusals);  // it is not tried again
}

TEST_CASE("a line that is too large alone is kept in the dead-letter topic as its event") {
  SizeWorld world;
  world.options.dead_letter.topic = "routerate-rejects";
  world.Boot();
  world.broker.broker_limit = 1000;
  world.Write("/one");
  world.files.Append("/logs/a.log", Line(Path(0, 2000)));
  world.Write("/two");
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  REQUIRE(world.dead_letters.log.size() == 1);
  const auto& record = world.dead_letters.log[0];
  CHECK(record.pairs ==
        HeaderPairs{{"rr-version", "1"},
                    {"rr-kind", "oversize"},
                    {"rr-source", "default/shop/local"},
                    {"rr-file", world.broker.Of(RecordKind::kEvents)[0].headers.file},
                    {"rr-offset", std::to_string(Line("/one").size())},
                    {"rr-reason", "too_large"}});
  CHECK_THAT(record.value, Catch::StartsWith(fmt::format("{{\"offset\":{},", Line("/one").size())));
  CHECK_THAT(record.value, Catch::EndsWith("}\n"));
  CHECK(world.events.lost[LossReason::kTooLarge] == 0);
}

TEST_CASE("the offset behind an oversize line is not committed before the line is kept") {
  SizeWorld world;
  world.options.dead_letter.topic = "routerate-rejects";
  world.Boot();
  world.broker.broker_limit = 1000;
  world.dead_letters.acknowledge = 0;
  world.files.Append("/logs/a.log", Line(Path(0, 2000)));
  world.Write("/one");
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  world.Crash(0);
  CHECK(world.dead_letters.log.empty());
  world.dead_letters.acknowledge = SIZE_MAX;
  world.Boot();
  world.SettleAll();
  CHECK(world.dead_letters.log.size() == 1);
  CHECK(world.broker.CountedPaths() == world.written);
}

TEST_CASE("a line too large for the dead-letter topic too is given up and counted, alone") {
  const bool by_client = GENERATE(false, true);
  SizeWorld world;
  world.options.dead_letter.topic = "routerate-rejects";
  world.Boot();
  world.broker.broker_limit = 1000;
  (by_client ? world.dead_letters.client_limit : world.dead_letters.broker_limit) = 1500;
  world.Write("/one");
  world.files.Append("/logs/a.log", Line(Path(0, 2000)) + "bad\n");
  world.Write("/two");
  world.SettleAll();
  CHECK(world.broker.CountedPaths() == world.written);
  REQUIRE(!world.dead_letters.log.empty());  // more than once: it is read again with the rest
  for (const auto& record : world.dead_letters.log) CHECK(record.value == "bad");
  CHECK(world.events.dead_letters_lost >= 1);
  CHECK(world.events.lost[LossReason::kTooLarge] > 2000);
  CHECK(world.events.gauges.bytes_in_flight == 0);
}

TEST_CASE(
    "dead letters lost on the way are read and sent again, those of a refused topic are not") {
  SizeWorld world;
  world.options.dead_letter.topic = "routerate-rejects";
  world.Boot();
  world.dead_letters.acknowledge = 0;
  world.files.Append("/logs/a.log", "bad\n");
  world.Write("/one");
  world.Step();
  world.dead_letters.survivors = 0;
  world.dead_letters.lose = "Local: Inconsistent state";
  world.dead_letters.loss = Loss::kOnTheWay;
  world.Step(Millis{10});
  CHECK(world.events.dead_letters_lost == 0);
  world.dead_letters.acknowledge = SIZE_MAX;
  world.SettleAll();
  REQUIRE(world.dead_letters.log.size() == 1);
  CHECK(world.dead_letters.log[0].value == "bad");
  CHECK(world.broker.CountedPaths() == world.written);
  CHECK(world.events.gauges.bytes_in_flight == 0);
}

TEST_CASE("random lines, limits, losses and crashes: what fits is counted once and in order") {
  const auto seed = RandomSeed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto below = [&random](std::size_t end) { return random() % end; };
  SizeWorld world;
  world.options.batch_bytes = 8 << 10;
  world.options.max_in_flight = 64 << 10;
  world.Boot();
  constexpr std::size_t kLargestLine = 700;
  for (std::size_t round = 0; round < 300; ++round) {
    for (std::size_t i = below(40); i > 0; --i) world.Write(Path(world.written.size(), below(500)));
    if (below(3) == 0) world.broker.broker_limit = kLargestLine + below(10'000);
    if (below(3) == 0) world.broker.client_limit = kLargestLine + below(10'000);
    world.broker.acknowledge = below(4) == 0 ? SIZE_MAX : below(5);
    world.broker.accepts = below(5) != 0;
    if (below(20) == 0) {
      world.broker.survivors = below(4);
      world.broker.lose = "fatal";
    }
    if (below(40) == 0) {
      world.Crash(below(4));
      world.Boot();
    }
    world.Step(Millis{static_cast<std::int64_t>(below(300))});
  }
  world.broker.accepts = true;
  world.broker.acknowledge = SIZE_MAX;
  world.SettleAll();
  CHECK(world.events.oversize.empty());
  CHECK(world.broker.CountedPaths() == world.written);
}
