// The agent with its producers against librdkafka's mock cluster, under load and under each class
// of error: every line is counted once, without a restart of the agent.
#include <catch2/catch.hpp>
#include <string>

#include "tests/agent/kafka_mock.h"

using namespace routerate;
using Paths = std::vector<std::string>;

namespace {

struct Recovery : KafkaWorld {
  Paths written;

  void Write(std::size_t lines) {
    std::string text;
    for (; lines > 0; --lines) {
      written.push_back("/" + std::to_string(written.size()));
      text += Line(written.back());
    }
    files.Append("/logs/a.log", text);
  }
  void FailNextProduce(const std::vector<rd_kafka_resp_err_t>& errors) {
    mock.FailNext(kProduceRequest, errors);
  }
  // As the aggregator counts: what does not lie above the highest offset was counted before.
  Paths Counted() {
    return CountedPaths(ConsumeUntil(
        mock.Brokers(), options.kafka.topic,
        [this](const auto& records) { return CountedPaths(records).size() >= written.size(); }));
  }
  static Paths CountedPaths(const std::vector<Consumed>& records) {
    MemoryBroker topic;
    for (const Consumed& record : records) {
      const HeaderPairs pairs(record.headers.begin(), record.headers.end());
      topic.log.push_back({"", pairs, Decoded(pairs), record.value, 0});
    }
    return topic.CountedPaths();
  }
};

}  // namespace

TEST_CASE("a broker that goes and comes back under load costs no line") {
  Recovery world;
  world.Write(100);
  REQUIRE(world.Settles());
  rd_kafka_mock_broker_set_down(world.mock.cluster, KafkaWorld::kEventsBroker);
  world.Write(100);
  REQUIRE(world.Until([&] { return !world.events.kafka.empty(); }));
  world.Write(100);
  rd_kafka_mock_broker_set_up(world.mock.cluster, KafkaWorld::kEventsBroker);
  REQUIRE(world.Settles());
  CHECK(world.Counted() == world.written);
}

TEST_CASE("a producer that its broker no longer follows costs no line") {
  Recovery world;
  world.options.batch_bytes = 1024;
  world.Boot();
  world.Write(100);
  REQUIRE(world.Settles());
  world.FailNextProduce({RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
  world.Write(500);
  REQUIRE(world.Settles());
  CHECK(world.events.kafka_errors[KafkaErrorClass::kResend] == 1);
  CHECK(world.Counted() == world.written);
}

TEST_CASE("a topic that is away for a while pauses the agent and costs no line") {
  Recovery world;
  world.Write(100);
  REQUIRE(world.Settles());
  world.mock.SetTopicError("routerate-events", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  world.FailNextProduce({RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART});
  world.Write(100);
  REQUIRE(world.Until([&] { return !world.events.kafka.empty(); }));
  CHECK_THAT(world.events.kafka[0], Catch::StartsWith("routerate-events pause "));
  world.Write(100);
  world.mock.SetTopicError("routerate-events", RD_KAFKA_RESP_ERR_NO_ERROR);
  REQUIRE(world.Settles());
  CHECK_THAT(world.events.kafka.back(), Catch::StartsWith("routerate-events recovered "));
  CHECK(world.Counted() == world.written);
}

TEST_CASE("a permission that is lost and regained pauses the agent and costs no line") {
  Recovery world;
  world.options.batch_bytes = 1024;
  world.Boot();
  world.Write(100);
  REQUIRE(world.Settles());
  const std::vector refusals(2, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  world.FailNextProduce(refusals);
  world.Write(500);
  REQUIRE(world.Until([&] { return !world.events.kafka.empty(); }));
  CHECK_THAT(world.events.kafka[0], Catch::Contains("WRITE and DESCRIBE"));
  world.Write(500);
  REQUIRE(world.Settles());
  CHECK(world.Counted() == world.written);
}

TEST_CASE("a record too large for the topic goes in parts, each line once") {
  Recovery world;
  world.Write(100);
  REQUIRE(world.Settles());
  // The request; the record, alone; its half.
  const std::vector refusals(3, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  world.FailNextProduce(refusals);
  world.Write(500);
  REQUIRE(world.Settles());
  CHECK(world.events.kafka_errors[KafkaErrorClass::kTooLarge] == 3);
  CHECK(world.events.records_split > 0);
  CHECK(world.events.lost.empty());
  CHECK(world.Counted() == world.written);
}

TEST_CASE("a line too large for the topic becomes a dead letter, and the lines behind it go on") {
  Recovery world;
  world.Write(1);
  REQUIRE(world.Settles());
  const std::vector refusals(2, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  world.FailNextProduce(refusals);
  world.files.Append("/logs/a.log", Line("/" + std::string(3000, 'x')));
  REQUIRE(world.Until([&] { return world.events.dead_letters_delivered == 1; }));
  world.Write(100);
  REQUIRE(world.Settles());
  CHECK(world.events.oversize.size() == 1);
  CHECK(world.Counted() == world.written);
  const auto kept = Consume(world.mock.Brokers(), "routerate-rejects", 1);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].headers.at("rr-kind") == "oversize");
}
