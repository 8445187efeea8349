// Names and values into rd_kafka_conf_t, one by one, so that a refusal is of one of them.
#include "base/kafka_conf.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>

namespace routerate {

void KafkaConfDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }

Result<KafkaConf> MakeKafkaConf(const KafkaSettings& settings) {
  KafkaConf conf(rd_kafka_conf_new());
  std::array<char, 512> why = {};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      return Fail(why.data());
    }
  }
  return conf;
}

Result<void> CheckKafkaProperty(const std::string& name, const std::string& value,
                                std::span<const std::string_view> ours) {
  if (std::ranges::find(ours, name) != ours.end()) {
    return Fail("is set by routerate and cannot be changed");
  }
  auto conf = MakeKafkaConf({{name, value}});
  if (!conf) return std::unexpected(std::move(conf.error()));
  return {};
}

}  // namespace routerate
