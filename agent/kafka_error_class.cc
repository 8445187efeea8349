// The table of errors, in groups that share class and remedy. What librdkafka 2.0.2 does by itself
// with a failed Produce request was read from its rd_kafka_handle_Produce_error and
// rd_kafka_err_action: it retries the first two groups and gives every other record up, which is
// fatal to the producer with enable.gapless.guarantee.
#include "agent/kafka_error_class.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <span>

namespace routerate {
namespace {

using Codes = std::span<const rd_kafka_resp_err_t>;

constexpr rd_kafka_resp_err_t kNoError[] = {RD_KAFKA_RESP_ERR_NO_ERROR};

constexpr rd_kafka_resp_err_t kAway[] = {
    RD_KAFKA_RESP_ERR__TRANSPORT,
    RD_KAFKA_RESP_ERR__RESOLVE,
    RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
    RD_KAFKA_RESP_ERR__TIMED_OUT,
    RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
    RD_KAFKA_RESP_ERR__QUEUE_FULL,
    RD_KAFKA_RESP_ERR__RETRY,
    RD_KAFKA_RESP_ERR__NODE_UPDATE,
    RD_KAFKA_RESP_ERR__WAIT_COORD,
    RD_KAFKA_RESP_ERR__WAIT_CACHE,
    RD_KAFKA_RESP_ERR__IN_PROGRESS,
    RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS,
    RD_KAFKA_RESP_ERR__INTR,
    RD_KAFKA_RESP_ERR__UNKNOWN_BROKER,
    RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
};

constexpr rd_kafka_resp_err_t kShortOfReplicas[] = {
    RD_KAFKA_RESP_ERR__ISR_INSUFF,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
};

// The producer and its brokers no longer agree on what was written, or the client gave up.
constexpr rd_kafka_resp_err_t kProducerDone[] = {
    RD_KAFKA_RESP_ERR__BAD_MSG,
    RD_KAFKA_RESP_ERR__BAD_COMPRESSION,
    RD_KAFKA_RESP_ERR__DESTROY,
    RD_KAFKA_RESP_ERR__FAIL,
    RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
    RD_KAFKA_RESP_ERR__STATE,
    RD_KAFKA_RESP_ERR__OUTDATED,
    RD_KAFKA_RESP_ERR__PARTIAL,
    RD_KAFKA_RESP_ERR__UNDERFLOW,
    RD_KAFKA_RESP_ERR__NOENT,
    RD_KAFKA_RESP_ERR__PURGE_QUEUE,
    RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
    RD_KAFKA_RESP_ERR__FATAL,
    RD_KAFKA_RESP_ERR__INCONSISTENT,
    RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE,
    RD_KAFKA_RESP_ERR__FENCED,
    RD_KAFKA_RESP_ERR_UNKNOWN,
    RD_KAFKA_RESP_ERR_INVALID_MSG,  // damaged on the way
    RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
    RD_KAFKA_RESP_ERR_STALE_CTRL_EPOCH,
    RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
    RD_KAFKA_RESP_ERR_INVALID_REQUEST,
    RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
    RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
    RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
    RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING,
    RD_KAFKA_RESP_ERR_OPERATION_NOT_ATTEMPTED,
    RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
    RD_KAFKA_RESP_ERR_REASSIGNMENT_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
    RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
    RD_KAFKA_RESP_ERR_STALE_BROKER_EPOCH,
    RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_ELIGIBLE_LEADERS_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
    RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
};

// Of consumers, transactions and administration: no producer of ours meets them. Should one do so
// all the same, sending again with a new producer loses nothing.
constexpr rd_kafka_resp_err_t kOfOthers[] = {
    RD_KAFKA_RESP_ERR__PARTITION_EOF,
    RD_KAFKA_RESP_ERR__UNKNOWN_GROUP,
    RD_KAFKA_RESP_ERR__EXISTING_SUBSCRIPTION,
    RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,
    RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS,
    RD_KAFKA_RESP_ERR__NO_OFFSET,
    RD_KAFKA_RESP_ERR__KEY_SERIALIZATION,
    RD_KAFKA_RESP_ERR__VALUE_SERIALIZATION,
    RD_KAFKA_RESP_ERR__KEY_DESERIALIZATION,
    RD_KAFKA_RESP_ERR__VALUE_DESERIALIZATION,
    RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
    RD_KAFKA_RESP_ERR__APPLICATION,
    RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
    RD_KAFKA_RESP_ERR__NOOP,
    RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
    RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE,
    RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE,
    RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
    RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
    RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
    RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT,
    RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE,
    RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
    RD_KAFKA_RESP_ERR_INVALID_TXN_STATE,
    RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT,
    RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
    RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED,
    RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
    RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND,
    RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND,
    RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH,
    RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED,
    RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_MEMBER_ID_REQUIRED,
    RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED,
    RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
    RD_KAFKA_RESP_ERR_ELECTION_NOT_NEEDED,
    RD_KAFKA_RESP_ERR_NO_REASSIGNMENT_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC,
    RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
    RD_KAFKA_RESP_ERR_RESOURCE_NOT_FOUND,
    RD_KAFKA_RESP_ERR_DUPLICATE_RESOURCE,
    RD_KAFKA_RESP_ERR_INCONSISTENT_VOTER_SET,
    RD_KAFKA_RESP_ERR_INVALID_UPDATE_VERSION,
    RD_KAFKA_RESP_ERR_FEATURE_UPDATE_FAILED,
};

constexpr rd_kafka_resp_err_t kNoTopic[] = {
    RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
    RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,  // of a topic that was there
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
};

constexpr rd_kafka_resp_err_t kBadTopic[] = {
    RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
    RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
    RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
    RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT,
};

constexpr rd_kafka_resp_err_t kForbiddenTopic[] = {
    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
};

constexpr rd_kafka_resp_err_t kForbiddenCluster[] = {
    RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED,
};

constexpr rd_kafka_resp_err_t kNotWhoWeSay[] = {
    RD_KAFKA_RESP_ERR__AUTHENTICATION,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
    RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
    RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
    RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTH_DISABLED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_NOT_FOUND,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_OWNER_MISMATCH,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_EXPIRED,
    RD_KAFKA_RESP_ERR_INVALID_PRINCIPAL_TYPE,
    RD_KAFKA_RESP_ERR_UNACCEPTABLE_CREDENTIAL,
    RD_KAFKA_RESP_ERR_PRINCIPAL_DESERIALIZATION_FAILURE,
};

constexpr rd_kafka_resp_err_t kNoTls[] = {RD_KAFKA_RESP_ERR__SSL};

constexpr rd_kafka_resp_err_t kRefusedByRule[] = {
    RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS, RD_KAFKA_RESP_ERR_INVALID_CONFIG,
    RD_KAFKA_RESP_ERR_POLICY_VIOLATION,      RD_KAFKA_RESP_ERR_INVALID_RECORD,
    RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,     RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
};

constexpr rd_kafka_resp_err_t kOldBroker[] = {
    RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
};

constexpr rd_kafka_resp_err_t kBrokersSetUp[] = {
    RD_KAFKA_RESP_ERR_LOG_DIR_NOT_FOUND,
    RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND,
};

constexpr rd_kafka_resp_err_t kThisMachine[] = {
    RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE,
    RD_KAFKA_RESP_ERR__FS,
};

constexpr rd_kafka_resp_err_t kSize[] = {
    RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
    RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
    RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
};

constexpr rd_kafka_resp_err_t kSettings[] = {
    RD_KAFKA_RESP_ERR__INVALID_ARG,     RD_KAFKA_RESP_ERR__CONFLICT,
    RD_KAFKA_RESP_ERR__NOT_CONFIGURED,  RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL,
    RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED, RD_KAFKA_RESP_ERR__READ_ONLY,
    RD_KAFKA_RESP_ERR__INVALID_TYPE,
};

struct Group {
  KafkaErrorMeaning meaning;
  Codes codes;
};

constexpr KafkaErrorMeaning kUnknownCode = {
    KafkaErrorClass::kPause, "the broker's log may say why; this error is newer than this program"};

constexpr std::array kTable = {
    Group{{KafkaErrorClass::kNone, ""}, kNoError},
    Group{{KafkaErrorClass::kRetry,
           "are brokers and network up? Nothing is dropped: the log files keep what waits"},
          kAway},
    Group{{KafkaErrorClass::kRetry, "see the brokers' disks and the topic's min.insync.replicas"},
          kShortOfReplicas},
    Group{{KafkaErrorClass::kResend, "nothing is to be done"}, kProducerDone},
    Group{{KafkaErrorClass::kResend, "nothing is to be done"}, kOfOthers},
    Group{{KafkaErrorClass::kPause, "create the topic if it is not there"}, kNoTopic},
    Group{{KafkaErrorClass::kPause, "is it a topic's name, and may the broker create it?"},
          kBadTopic},
    Group{{KafkaErrorClass::kPause, "allow this client WRITE and DESCRIBE on the topic"},
          kForbiddenTopic},
    Group{{KafkaErrorClass::kPause, "allow this client IDEMPOTENT_WRITE on the cluster"},
          kForbiddenCluster},
    Group{{KafkaErrorClass::kPause, "see sasl.* in kafka.properties, and the account"},
          kNotWhoWeSay},
    Group{{KafkaErrorClass::kPause, "see ssl.* in kafka.properties, and the certificates"}, kNoTls},
    Group{{KafkaErrorClass::kPause,
           "the topic's or the broker's settings refuse such records (compression, policy, "
           "timestamps: are the clocks right?); the broker's log says why"},
          kRefusedByRule},
    Group{{KafkaErrorClass::kPause, "brokers must be of version 0.11 or newer"}, kOldBroker},
    Group{{KafkaErrorClass::kPause, "see the broker's log.dirs and listeners"}, kBrokersSetUp},
    Group{{KafkaErrorClass::kPause,
           "is there memory, and may the files of kafka.properties be "
           "read?"},
          kThisMachine},
    Group{{KafkaErrorClass::kTooLarge, "raise max.message.bytes of the topic"}, kSize},
    Group{{KafkaErrorClass::kConfiguration, "see kafka.properties"}, kSettings},
};

const Group* Find(int code) {
  const auto found = std::ranges::find_if(kTable, [code](const Group& group) {
    return std::ranges::find(group.codes, code) != group.codes.end();
  });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace

std::string_view KafkaErrorClassName(KafkaErrorClass error_class) {
  constexpr std::array<std::string_view, kKafkaErrorClassCount> kNames = {
      "none", "retry", "resend", "pause", "too_large", "configuration"};
  return kNames[static_cast<std::size_t>(error_class)];
}

KafkaErrorMeaning MeaningOfKafkaError(int code) {
  const Group* group = Find(code);
  return group == nullptr ? kUnknownCode : group->meaning;
}

bool IsKnownKafkaError(int code) { return Find(code) != nullptr; }

}  // namespace routerate
