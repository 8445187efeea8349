// The agent with both its producers against librdkafka's mock cluster: rejected lines in a topic of
// their own, and a topic that Kafka refuses.
#include <catch2/catch.hpp>
#include <string>

#include "tests/agent/kafka_mock.h"

using namespace routerate;

TEST_CASE("Kafka holds a rejected line's bytes and place before its offset is committed") {
  KafkaWorld world;
  world.files.Append("/logs/a.log", Line("/one") +
                                        "b\xFF"
                                        "d\r\n\n" +
                                        Line("/two"));
  REQUIRE(
      world.Until([&] { return world.events.dead_letters_delivered == 2 && world.AllSettled(); }));
  const auto records = Consume(world.mock.Brokers(), "routerate-rejects", 2);
  REQUIRE(records.size() == 2);
  CHECK(records[0].value ==
        "b\xFF"
        "d\r");
  CHECK(records[0].headers.at("rr-kind") == "reject");
  CHECK(records[0].headers.at("rr-offset") == std::to_string(Line("/one").size()));
  CHECK(records[0].headers.at("rr-line") == "2");
  CHECK(records[1].value.empty());
  CHECK(records[1].headers.at("rr-reason") == "empty");
  CHECK(world.events.dead_letters_lost == 0);
}

TEST_CASE("events are delivered though Kafka refuses the dead-letter topic, and later it is used") {
  KafkaWorld world;
  rd_kafka_mock_broker_push_request_error_rtts(world.mock.cluster, KafkaWorld::kRejectsBroker,
                                               kProduceRequest, 2,
                                               RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 0,
                                               RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 0);
  world.files.Append("/logs/a.log", "bad 1\n" + Line("/one"));
  REQUIRE(world.Until([&] { return world.events.dead_letters_lost == 1 && world.AllSettled(); }));
  CHECK(world.events.lines == std::vector<std::string>{"opened /logs/a.log at 0"});
  world.files.Append("/logs/a.log", Line("/two"));
  CHECK(world.Until([&] { return world.events.records_delivered == 2; }));
  int tried = 1;
  REQUIRE(world.Until([&] {
    if (world.AllSettled())
      world.files.Append("/logs/a.log", "bad " + std::to_string(++tried) + "\n");
    return world.events.dead_letters_delivered > 0;
  }));
  CHECK(world.events.dead_letters_lost >= 2);
}
