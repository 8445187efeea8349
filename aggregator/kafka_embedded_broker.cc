// A mock cluster needs a client of librdkafka to live in: one that is connected to nothing.
#include "aggregator/kafka_embedded_broker.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
// Must come after rdkafka.h.
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <utility>

namespace routerate {

struct EmbeddedBroker::State {
  rd_kafka_t* host = nullptr;
  rd_kafka_mock_cluster_t* cluster = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (cluster != nullptr) rd_kafka_mock_cluster_destroy(cluster);
    if (host != nullptr) rd_kafka_destroy(host);
  }

  Result<void> Start(const std::vector<std::string>& topics) {
    std::array<char, 512> why = {};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (host == nullptr) {
      rd_kafka_conf_destroy(conf);
      return Fail(fmt::format("start embedded broker: {}", why.data()));
    }
    cluster = rd_kafka_mock_cluster_new(host, 1);
    if (cluster == nullptr) return Fail("start embedded broker: no port on 127.0.0.1");
    for (const std::string& topic : topics) {
      const auto made = rd_kafka_mock_topic_create(cluster, topic.c_str(), kPartitions, 1);
      if (made == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      return Fail(fmt::format("create topic {}: {}", topic, rd_kafka_err2str(made)));
    }
    return {};
  }
};

Result<std::unique_ptr<EmbeddedBroker>> EmbeddedBroker::Start(
    const std::vector<std::string>& topics) {
  auto state = std::make_unique<State>();
  if (auto started = state->Start(topics); !started) return std::unexpected(started.error());
  return std::unique_ptr<EmbeddedBroker>(new EmbeddedBroker(std::move(state)));
}

EmbeddedBroker::EmbeddedBroker(std::unique_ptr<State> state) : state_(std::move(state)) {}
EmbeddedBroker::~EmbeddedBroker() = default;

std::string EmbeddedBroker::address() const {
  return rd_kafka_mock_cluster_bootstraps(state_->cluster);
}

}  // namespace routerate
