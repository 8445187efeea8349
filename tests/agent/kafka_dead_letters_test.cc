// The agent with both its producers against librdkafka's mock cluster: rejected lines in a topic of
// their own, and a topic that Kafka refuses.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/agent.h"
#include "agent/kafka_producer.h"
#include "base/waiter.h"
#include "tests/agent/agent_world.h"

using namespace routerate;

namespace {

constexpr Millis kDeadline{60'000};

constexpr std::int16_t kProduceRequest = 0;  // Kafka protocol, API keys
constexpr std::int32_t kEventsBroker = 1;
constexpr std::int32_t kRejectsBroker = 2;

// An agent that follows files in memory and sends to a mock cluster, where each topic has a broker
// of its own.
struct KafkaWorld {
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0);
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(client, 2);
  SystemClock clock;
  MemoryFileSystem files;
  MemoryWatch watch;
  EventLog events;
  AgentOptions options;
  std::unique_ptr<Waiter> waiter = Waiter::Create(WatchFiles::kNo).value();
  std::unique_ptr<KafkaProducer> producer;
  std::unique_ptr<KafkaProducer> dead_letters;
  std::unique_ptr<Agent> agent;

  KafkaWorld() {
    options.source.service = "shop";
    options.inputs = {{.path = "/logs/*.log", .format = LogFormat::kNginx}};
    options.checkpoint = "/state/checkpoint";
    options.kafka.brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    options.dead_letter.topic = "routerate-rejects";
    CreateTopic(options.kafka.topic, kEventsBroker);
    CreateTopic(options.dead_letter.topic, kRejectsBroker);
    producer = Start(options.kafka);
    KafkaOptions rejects = options.kafka;
    rejects.topic = options.dead_letter.topic;
    dead_letters = Start(rejects);
    agent = std::make_unique<Agent>(options, files, watch, clock,
                                    Sinks{*producer, dead_letters.get()}, events);
  }
  KafkaWorld(const KafkaWorld&) = delete;
  KafkaWorld& operator=(const KafkaWorld&) = delete;
  ~KafkaWorld() {
    agent.reset();
    dead_letters.reset();
    producer.reset();
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
  }

  void CreateTopic(const std::string& topic, std::int32_t leader) {
    rd_kafka_mock_topic_create(cluster, topic.c_str(), 1, 1);
    rd_kafka_mock_partition_set_leader(cluster, topic.c_str(), 0, leader);
  }
  std::unique_ptr<KafkaProducer> Start(const KafkaOptions& kafka) {
    return KafkaProducer::Create(kafka, options.max_in_flight, waiter->kick_fd(), clock).value();
  }
  // Steps the agent, sleeping on its producers' kicks.
  template <typename Done>
  bool Until(Done done) {
    const Millis end = clock.Monotonic() + kDeadline;
    while (!done() && clock.Monotonic() < end) {
      const auto plan = agent->Step({.all = true});
      waiter->Wait(std::min(plan.wait, Millis{50}), WatchFiles::kNo);
    }
    return done();
  }
  bool AllSettled() {
    return events.gauges.bytes_in_flight == 0 && events.gauges.bytes_behind == 0;
  }
};

struct Consumed {
  std::string value;
  std::map<std::string, std::string> headers;
};

Consumed Taken(rd_kafka_message_t* message) {
  Consumed record{{static_cast<const char*>(message->payload), message->len}, {}};
  rd_kafka_headers_t* headers = nullptr;
  rd_kafka_message_headers(message, &headers);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       headers != nullptr &&
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    record.headers[name] = std::string(static_cast<const char*>(value), size);
  }
  return record;
}

std::vector<Consumed> Consume(const KafkaWorld& world, const std::string& topic,
                              std::size_t count) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", world.options.kafka.brokers.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", "test", nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(from, topic.c_str(), 0)->offset = 0;
  rd_kafka_assign(consumer, from);
  rd_kafka_topic_partition_list_destroy(from);
  std::vector<Consumed> records;
  const Millis end = world.clock.Monotonic() + kDeadline;
  while (records.size() < count && world.clock.Monotonic() < end) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) records.push_back(Taken(message));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_destroy(consumer);
  return records;
}

}  // namespace

TEST_CASE("Kafka holds a rejected line's bytes and place before its offset is committed") {
  KafkaWorld world;
  world.files.Append("/logs/a.log", Line("/one") +
                                        "b\xFF"
                                        "d\r\n\n" +
                                        Line("/two"));
  REQUIRE(
      world.Until([&] { return world.events.dead_letters_delivered == 2 && world.AllSettled(); }));
  const auto records = Consume(world, "routerate-rejects", 2);
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
  rd_kafka_mock_broker_push_request_error_rtts(world.cluster, kRejectsBroker, kProduceRequest, 2,
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
