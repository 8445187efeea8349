// The table of errors against librdkafka's own list of them.
#include "agent/kafka_error_class.h"

#include <librdkafka/rdkafka.h>

#include <catch2/catch.hpp>
#include <set>
#include <span>
#include <string>

using namespace routerate;

namespace {

// Every code that the installed librdkafka has a text for.
std::span<const rd_kafka_err_desc> AllErrors() {
  const rd_kafka_err_desc* errors = nullptr;
  std::size_t count = 0;
  rd_kafka_get_err_descs(&errors, &count);
  return {errors, count};
}

bool IsError(const rd_kafka_err_desc& error) {
  return error.name != nullptr && error.desc != nullptr;
}

}  // namespace

TEST_CASE("every error that librdkafka knows has a class, local and broker's") {
  std::size_t errors = 0;
  for (const rd_kafka_err_desc& error : AllErrors()) {
    if (!IsError(error)) continue;
    CAPTURE(error.code, error.name, error.desc);
    CHECK(IsKnownKafkaError(error.code));
    ++errors;
  }
  CHECK(errors > 150);
}

TEST_CASE("no error but success is without a class, and each class but retry's luck has a remedy") {
  for (const rd_kafka_err_desc& error : AllErrors()) {
    if (!IsError(error)) continue;
    CAPTURE(error.code, error.name);
    const auto [error_class, remedy] = MeaningOfKafkaError(error.code);
    CHECK((error_class == KafkaErrorClass::kNone) == (error.code == RD_KAFKA_RESP_ERR_NO_ERROR));
    CHECK(remedy.empty() == (error_class == KafkaErrorClass::kNone));
  }
}

TEST_CASE("an error of a newer librdkafka or broker pauses: the record is kept, nobody flooded") {
  const int code = GENERATE(-300, -139, 98, 9999);
  CHECK_FALSE(IsKnownKafkaError(code));
  CHECK(MeaningOfKafkaError(code).error_class == KafkaErrorClass::kPause);
}

TEST_CASE("errors that users met elsewhere have the class that they ask for") {
  struct Expected {
    int code;
    KafkaErrorClass error_class;
  };
  const Expected expected =
      GENERATE(Expected{RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, KafkaErrorClass::kRetry},
               Expected{RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, KafkaErrorClass::kRetry},
               Expected{RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, KafkaErrorClass::kRetry},
               Expected{RD_KAFKA_RESP_ERR__PURGE_QUEUE, KafkaErrorClass::kResend},
               Expected{RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, KafkaErrorClass::kResend},
               Expected{RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, KafkaErrorClass::kResend},
               Expected{RD_KAFKA_RESP_ERR_PRODUCER_FENCED, KafkaErrorClass::kResend},
               Expected{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, KafkaErrorClass::kPause},
               Expected{RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, KafkaErrorClass::kPause},
               Expected{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, KafkaErrorClass::kPause},
               Expected{RD_KAFKA_RESP_ERR__AUTHENTICATION, KafkaErrorClass::kPause},
               Expected{RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, KafkaErrorClass::kPause},
               Expected{RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, KafkaErrorClass::kTooLarge},
               Expected{RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, KafkaErrorClass::kTooLarge},
               Expected{RD_KAFKA_RESP_ERR__INVALID_ARG, KafkaErrorClass::kConfiguration});
  CAPTURE(rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(expected.code)));
  CHECK(MeaningOfKafkaError(expected.code).error_class == expected.error_class);
}

TEST_CASE("classes have names of their own") {
  std::set<std::string> names;
  for (int i = 0; i < kKafkaErrorClassCount; ++i) {
    names.emplace(KafkaErrorClassName(static_cast<KafkaErrorClass>(i)));
  }
  CHECK(names.size() == kKafkaErrorClassCount);
}
