// librdkafka's configuration object, made from names and values. What both programs' kafka_* files
// begin with.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

struct rd_kafka_conf_s;  // librdkafka's rd_kafka_conf_t
struct rd_kafka_s;       // librdkafka's rd_kafka_t

namespace routerate {

struct KafkaConfDeleter {
  void operator()(rd_kafka_conf_s* conf) const;
};
using KafkaConf = std::unique_ptr<rd_kafka_conf_s, KafkaConfDeleter>;

// librdkafka's CONFIGURATION.md lists them. Of repeated names the last counts.
using KafkaSettings = std::vector<std::pair<std::string, std::string>>;

// Fails for a name that librdkafka does not know or a value that it does not take.
Result<KafkaConf> MakeKafkaConf(const KafkaSettings& settings);

// A producer goes without waiting for what was not delivered, which it reports as failed.
struct KafkaProducerDeleter {
  void operator()(rd_kafka_s* producer) const;
};
using KafkaProducerHandle = std::unique_ptr<rd_kafka_s, KafkaProducerDeleter>;

// A producer with this configuration, whose main thread may be late by two milliseconds. Fails
// where settings do not fit together or lead nowhere.
Result<KafkaProducerHandle> NewKafkaProducer(KafkaConf conf);

// Whether a user may set this property so: librdkafka takes it, and it is none of `ours`, which the
// configuration sets elsewhere or which promises rest on. The failure does not name it.
Result<void> CheckKafkaProperty(const std::string& name, const std::string& value,
                                std::span<const std::string_view> ours);

}  // namespace routerate
