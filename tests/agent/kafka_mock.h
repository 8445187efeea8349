// librdkafka's mock cluster: the real protocol, with errors on demand; and what its topics hold.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/kafka_producer.h"
#include "base/waiter.h"
#include "tests/agent/agent_world.h"

namespace routerate {

inline constexpr Millis kKafkaDeadline{60'000};
inline constexpr std::int16_t kProduceRequest = 0;  // Kafka protocol, API keys
inline constexpr std::int16_t kInitProducerIdRequest = 22;

struct MockCluster {
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0);
  rd_kafka_mock_cluster_t* cluster;

  explicit MockCluster(int brokers) : cluster(rd_kafka_mock_cluster_new(client, brokers)) {}
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
  }
  std::string Brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster); }
  void CreateTopic(const std::string& topic, std::int32_t leader = 1) {
    rd_kafka_mock_topic_create(cluster, topic.c_str(), 1, 1);
    rd_kafka_mock_partition_set_leader(cluster, topic.c_str(), 0, leader);
  }
  // Of the next requests of this kind each gets one of the errors.
  void FailNext(std::int16_t request, const std::vector<rd_kafka_resp_err_t>& errors) {
    rd_kafka_mock_push_request_errors_array(cluster, request, errors.size(), errors.data());
  }
  void SetTopicError(const std::string& topic, rd_kafka_resp_err_t error) {
    rd_kafka_mock_topic_set_error(cluster, topic.c_str(), error);
  }
};

struct Consumed {
  std::string value;
  std::map<std::string, std::string> headers;
};

inline Consumed Taken(rd_kafka_message_t* message) {
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

// The topic's first records, in order, until `enough` of them says so.
template <typename Enough>
std::vector<Consumed> ConsumeUntil(const std::string& brokers, const std::string& topic,
                                   Enough enough) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", "test", nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(from, topic.c_str(), 0)->offset = 0;
  rd_kafka_assign(consumer, from);
  rd_kafka_topic_partition_list_destroy(from);
  std::vector<Consumed> records;
  const auto end = std::chrono::steady_clock::now() + kKafkaDeadline;
  while (!enough(records) && std::chrono::steady_clock::now() < end) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) records.push_back(Taken(message));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_destroy(consumer);
  return records;
}

inline std::vector<Consumed> Consume(const std::string& brokers, const std::string& topic,
                                     std::size_t count) {
  return ConsumeUntil(brokers, topic,
                      [count](const auto& records) { return records.size() >= count; });
}

// An agent that follows files in memory and sends to a mock cluster, where each topic has a broker
// of its own.
struct KafkaWorld {
  static constexpr std::int32_t kEventsBroker = 1;
  static constexpr std::int32_t kRejectsBroker = 2;

  MockCluster mock{2};
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
    options.kafka.brokers = mock.Brokers();
    // Kafka refuses what follows a refused request, the mock cluster would take it.
    options.kafka.properties["max.in.flight"] = "1";
    options.kafka.properties["topic.metadata.propagation.max.ms"] = "1000";
    options.dead_letter.topic = "routerate-rejects";
    mock.CreateTopic(options.kafka.topic, kEventsBroker);
    mock.CreateTopic(options.dead_letter.topic, kRejectsBroker);
    Boot();
  }
  void Boot() {
    agent.reset();
    producer = Start(options.kafka);
    KafkaOptions rejects = options.kafka;
    rejects.topic = options.dead_letter.topic;
    dead_letters = Start(rejects);
    agent = std::make_unique<Agent>(options, files, watch, clock,
                                    Sinks{*producer, dead_letters.get()}, events);
  }
  std::unique_ptr<KafkaProducer> Start(const KafkaOptions& kafka) {
    return KafkaProducer::Create(kafka, options.max_in_flight, waiter->kick_fd(), clock, events)
        .value();
  }
  // Steps the agent, sleeping on its producers' kicks.
  template <typename Done>
  bool Until(Done done) {
    const Millis end = clock.Monotonic() + kKafkaDeadline;
    bool reached = done();
    for (; !reached && clock.Monotonic() < end; reached = done()) {
      const auto plan = agent->Step({.all = true});
      waiter->Wait(std::min(plan.wait, Millis{50}), WatchFiles::kNo);
    }
    return reached;
  }
  bool AllSettled() {
    return events.gauges.bytes_in_flight == 0 && events.gauges.bytes_behind == 0;
  }
  // Steps until every line that is written now has been sent and acknowledged.
  bool Settles() {
    const WallMs written_at = clock.Wall();
    return Until([&] {
      return events.gauges.watermark_ms > written_at && events.gauges.bytes_in_flight == 0;
    });
  }
};

}  // namespace routerate
