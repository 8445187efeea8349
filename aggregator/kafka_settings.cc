// The settings behind the consumer's promises, each with its reason.
#include "aggregator/kafka_settings.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace routerate {
namespace {

using Setting = std::pair<std::string, std::string>;

std::vector<Setting> Settings(const ConsumerOptions& options) {
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

Result<void> Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why = {};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
      RD_KAFKA_CONF_OK) {
    return {};
  }
  return Fail(why.data());
}

}  // namespace

void KafkaConfDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }

Result<KafkaConf> MakeConsumerConf(const ConsumerOptions& options) {
  KafkaConf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : Settings(options)) {
    if (auto set = Set(conf.get(), name, value); !set) return std::unexpected(set.error());
  }
  for (const auto& [name, value] : options.properties) {
    if (auto set = Set(conf.get(), name, value); !set) return std::unexpected(set.error());
  }
  return conf;
}

Result<void> CheckConsumerProperty(const std::string& name, const std::string& value) {
  if (std::ranges::find(kOurs, name) != kOurs.end()) {
    return Fail("is set by routerate and cannot be changed");
  }
  const KafkaConf conf(rd_kafka_conf_new());
  return Set(conf.get(), name, value);
}

}  // namespace routerate
