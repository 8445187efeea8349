// ConsumerOptions → librdkafka's configuration.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

#include "aggregator/aggregator_options.h"
#include "base/result.h"

namespace routerate {

struct KafkaConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using KafkaConf = std::unique_ptr<rd_kafka_conf_t, KafkaConfDeleter>;

// Ours, and the user's properties over them. Fails for a property that is not known, has a wrong
// value, or would break what the consumer promises.
Result<KafkaConf> MakeConsumerConf(const ConsumerOptions& options);

}  // namespace routerate
