// KafkaErrorClass: what each of Kafka's and librdkafka's errors means for the records that wait for
// delivery (DESIGN A11). One table (kafka_error_class.cc) has all of them; docs/kafka_errors.md
// tells it to people.
#pragma once

#include <string_view>

namespace routerate {

enum class KafkaErrorClass {
  kNone,           // no error
  kRetry,          // librdkafka tries again by itself, in order
  kResend,         // this producer is done for: a new one sends everything unacknowledged again
  kPause,          // refused until somebody changes something: tried for ever, calmly, one record
  kTooLarge,       // the record is split; a line of its own goes to the dead letters or is counted
  kConfiguration,  // a setting is wrong: at the start the program ends, later it is as kPause
};
inline constexpr int kKafkaErrorClassCount = 6;
// A stable name: it is a metric's label value.
std::string_view KafkaErrorClassName(KafkaErrorClass error_class);

struct KafkaErrorMeaning {
  KafkaErrorClass error_class;
  std::string_view remedy;  // what to do, for people: "create the topic"
};

// Of rd_kafka_resp_err_t. A code that the table does not have, of a newer librdkafka or broker, is
// kPause: the record stays, and is tried for ever without flooding anybody.
KafkaErrorMeaning MeaningOfKafkaError(int code);

// Whether the table has it.
bool IsKnownKafkaError(int code);

}  // namespace routerate
