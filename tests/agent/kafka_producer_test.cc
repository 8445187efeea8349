// The producer against librdkafka's mock cluster: the real protocol, with errors on demand.
#include "agent/kafka_producer.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "base/waiter.h"

using namespace routerate;

namespace {

constexpr Millis kDeadline{30'000};
constexpr std::int16_t kProduceRequest = 0;  // Kafka protocol, API keys

struct MockCluster {
  rd_kafka_t* client;
  rd_kafka_mock_cluster_t* cluster;

  MockCluster() {
    client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0);
    cluster = rd_kafka_mock_cluster_new(client, 1);
    rd_kafka_mock_topic_create(cluster, "routerate-events", 1, 1);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
  }
  void FailNextProduce(rd_kafka_resp_err_t error) {
    rd_kafka_mock_push_request_errors(cluster, kProduceRequest, 1, error);
  }
};

struct Listener final : DeliveryListener {
  std::set<Ticket> delivered;
  std::vector<std::string> lost;
  void OnDelivered(Ticket ticket) override { delivered.insert(ticket); }
  void OnLost(std::string_view why) override { lost.emplace_back(why); }
};

struct Harness {
  MockCluster mock;
  SystemClock clock;
  std::unique_ptr<Waiter> waiter = Waiter::Create(WatchFiles::kNo).value();
  Listener listener;
  std::unique_ptr<KafkaProducer> producer;

  Harness() {
    KafkaOptions options;
    options.brokers = rd_kafka_mock_cluster_bootstraps(mock.cluster);
    producer = KafkaProducer::Create(options, 8 << 20, waiter->kick_fd(), clock).value();
  }
  bool Send(Ticket ticket) {
    const RecordHeaders headers{RecordKind::kEvents, "n/s/p", "f", 1};
    return producer->TrySend("n/p", EncodeHeaders(headers), "value " + std::to_string(ticket),
                             ticket);
  }
  // Polls until `done`, sleeping on the producer's own kick.
  template <typename Done>
  bool Until(Done done) {
    const Millis end = clock.Monotonic() + kDeadline;
    while (!done() && clock.Monotonic() < end) {
      waiter->Wait(Millis{100}, WatchFiles::kNo);
      producer->Poll(listener);
    }
    return done();
  }
};

// Everything in the topic, in order.
std::vector<std::string> Consume(const std::string& brokers, std::size_t count) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", "test", nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(from, "routerate-events", 0)->offset = 0;
  rd_kafka_assign(consumer, from);
  rd_kafka_topic_partition_list_destroy(from);
  std::vector<std::string> values;
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (values.size() < count && std::chrono::steady_clock::now() < end) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      values.emplace_back(static_cast<const char*>(message->payload), message->len);
    }
    rd_kafka_message_destroy(message);
  }
  rd_kafka_destroy(consumer);
  return values;
}

}  // namespace

TEST_CASE("records are delivered in order, and each is acknowledged") {
  Harness harness;
  std::vector<std::string> sent;
  for (Ticket ticket = 1; ticket <= 50; ++ticket) {
    REQUIRE(harness.Send(ticket));
    sent.push_back("value " + std::to_string(ticket));
  }
  CHECK(harness.Until([&] { return harness.listener.delivered.size() == 50; }));
  CHECK(Consume(rd_kafka_mock_cluster_bootstraps(harness.mock.cluster), 50) == sent);
}

TEST_CASE("an error that passes is retried without anybody noticing") {
  const auto error =
      GENERATE(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
               RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
  Harness harness;
  harness.mock.FailNextProduce(error);
  REQUIRE(harness.Send(1));
  CHECK(harness.Until([&] { return harness.listener.delivered.contains(1); }));
  CHECK(harness.listener.lost.empty());
}

TEST_CASE("an undeliverable record is told as lost, and a new producer takes over") {
  Harness harness;
  harness.mock.FailNextProduce(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  REQUIRE(harness.Send(1));
  REQUIRE(harness.Until([&] { return harness.listener.lost.size() == 1; }));
  CHECK(harness.listener.delivered.empty());
  CHECK(harness.Until([&] { return harness.Send(2); }));
  CHECK(harness.Until([&] { return harness.listener.delivered.contains(2); }));
}

TEST_CASE("a property that librdkafka does not know or that promises rest on is refused") {
  CHECK(CheckProducerProperty("linger.ms", "20").has_value());
  CHECK(CheckProducerProperty("lingerms", "20").error().message ==
        "No such configuration property: \"lingerms\"");
  CHECK_THAT(CheckProducerProperty("linger.ms", "x").error().message,
             Catch::StartsWith("Invalid value"));
  CHECK(CheckProducerProperty("acks", "1").error().message ==
        "is set by routerate and cannot be changed");
}
