// The settings behind the consumer's promises, each with its reason.
#include "aggregator/kafka_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace routerate {
namespace {

KafkaSettings Settings(const ConsumerOptions& options) {
  return {
      {"bootstrap.servers", options.brokers},
      {"group.id", options.group},
      {"client.id", "routerate-aggregator"},
      {"enable.auto.commit", "false"},  // an assignment is read from its beginning
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},  // where retention was faster than us
      {"enable.partition.eof", "true"},   // tells that an idle partition has been read
      {"partition.assignment.strategy", "cooperative-sticky"},
      {"session.timeout.ms", "10000"},    // so long are a dead replica's partitions nobody's
      {"heartbeat.interval.ms", "1000"},  // how soon a member hears of a rebalance
      // A topic made later is found soon. No divisor of the embedded broker's 3 s for joining: news
      // of topics that arrives together with the join makes librdkafka join again, 9 s later.
      {"topic.metadata.refresh.interval.ms", "1100"},
      {"allow.auto.create.topics", "true"},  // where the broker allows it, there is one to wait on
      {"statistics.interval.ms", "0"},
      {"fetch.wait.max.ms", "100"},
      {"queued.max.messages.kbytes", "65536"},
      {"reconnect.backoff.max.ms", "2000"},
      {"socket.keepalive.enable", "true"},
      {"log.connection.close", "false"},
  };
}

// What aggregator.yaml says elsewhere, and what the counts rest on.
constexpr std::array<std::string_view, 9> kOurs = {
    "bootstrap.servers",    "metadata.broker.list",          "group.id",
    "enable.auto.commit",   "enable.auto.offset.store",      "auto.offset.reset",
    "enable.partition.eof", "partition.assignment.strategy", "isolation.level"};

Result<KafkaConf> MakeConf(KafkaSettings settings, const ConsumerOptions& options) {
  settings.insert(settings.end(), options.properties.begin(), options.properties.end());
  return MakeKafkaConf(settings);
}

}  // namespace

Result<KafkaConf> MakeConsumerConf(const ConsumerOptions& options) {
  KafkaSettings settings = Settings(options);
  if (!options.instance.empty()) settings.emplace_back("group.instance.id", options.instance);
  return MakeConf(std::move(settings), options);
}

Result<KafkaConf> MakeCountsConsumerConf(const ConsumerOptions& options) {
  return MakeConf({{"bootstrap.servers", options.brokers},
                   {"group.id", options.group},  // asked for, and not used
                   {"client.id", "routerate-aggregator-counts"},
                   {"enable.auto.commit", "false"},
                   {"enable.auto.offset.store", "false"},
                   {"auto.offset.reset", "earliest"},
                   {"enable.partition.eof", "true"},
                   {"fetch.wait.max.ms", "100"},
                   {"queued.max.messages.kbytes", "65536"},
                   {"reconnect.backoff.max.ms", "2000"},
                   {"socket.keepalive.enable", "true"},
                   {"log.connection.close", "false"}},
                  options);
}

Result<KafkaConf> MakeCountsProducerConf(const ConsumerOptions& options) {
  return MakeConf({{"bootstrap.servers", options.brokers},
                   {"client.id", "routerate-aggregator-counts"},
                   {"enable.idempotence", "true"},  // parts stay in order
                   {"message.timeout.ms", "0"},
                   {"compression.type", "lz4"},
                   {"linger.ms", "2"},
                   {"reconnect.backoff.max.ms", "2000"},
                   {"socket.keepalive.enable", "true"},
                   {"log.connection.close", "false"}},
                  options);
}

Result<void> CheckConsumerProperty(const std::string& name, const std::string& value) {
  return CheckKafkaProperty(name, value, kOurs);
}

}  // namespace routerate
