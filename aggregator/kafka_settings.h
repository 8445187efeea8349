// ConsumerOptions → librdkafka's configuration.
#pragma once

#include <string>

#include "aggregator/aggregator_options.h"
#include "base/kafka_conf.h"
#include "base/result.h"

namespace routerate {

// Ours, and the user's properties over them. Fails for a property that is not known, has a wrong
// value.
Result<KafkaConf> MakeConsumerConf(const ConsumerOptions& options);
// Of the topic routerate-counts.
Result<KafkaConf> MakeCountsConsumerConf(const ConsumerOptions& options);
Result<KafkaConf> MakeCountsProducerConf(const ConsumerOptions& options);

// Whether a user may set this property so. The failure does not name it.
Result<void> CheckConsumerProperty(const std::string& name, const std::string& value);

}  // namespace routerate
