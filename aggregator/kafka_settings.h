// ConsumerOptions → librdkafka's configuration.
#pragma once

#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "base/result.h"

struct rd_kafka_conf_s;  // librdkafka's rd_kafka_conf_t

namespace routerate {

struct KafkaConfDeleter {
  void operator()(rd_kafka_conf_s* conf) const;
};
using KafkaConf = std::unique_ptr<rd_kafka_conf_s, KafkaConfDeleter>;

// Ours, and the user's properties over them. Fails for a property that is not known, has a wrong
// value.
Result<KafkaConf> MakeConsumerConf(const ConsumerOptions& options);

// Whether a user may set this property so. The failure does not name it.
Result<void> CheckConsumerProperty(const std::string& name, const std::string& value);

}  // namespace routerate
