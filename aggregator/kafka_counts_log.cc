// A producer, a consumer of assigned partitions, and the topic between them.
#include "aggregator/kafka_counts_log.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "aggregator/counts_start.h"
#include "aggregator/kafka_settings.h"
#include "base/check.h"
#include "base/freed_by.h"

namespace routerate {
namespace {

constexpr int kCountsAPoll = 5000;
constexpr Millis kCountsPollTime{200};
constexpr Millis kFindInterval{500};
constexpr int kAskTimeoutMs = 1000;
constexpr int kMostReplicas = 3;
// Snapshots are hourly; what is kept is read at each start.
constexpr std::array<std::pair<const char*, const char*>, 3> kTopicConfig = {
    {{"cleanup.policy", "delete"}, {"retention.ms", "10800000"}, {"segment.ms", "1800000"}}};

using Message = std::unique_ptr<rd_kafka_message_t, FreedBy<rd_kafka_message_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, FreedBy<rd_kafka_metadata_destroy>>;

void LogQuietly(const rd_kafka_t*, int, const char*, const char* text) {
  spdlog::debug("kafka: {}", text);
}

// Partitions of a topic that is there; 0: it is not.
int PartitionsOf(const rd_kafka_metadata_t& metadata, const std::string& topic) {
  const std::span topics(metadata.topics, static_cast<std::size_t>(metadata.topic_cnt));
  const auto found = std::ranges::find_if(
      topics, [&](const rd_kafka_metadata_topic_t& known) { return topic == known.topic; });
  const bool there = found != topics.end() && found->err == RD_KAFKA_RESP_ERR_NO_ERROR;
  return there ? found->partition_cnt : 0;
}

}  // namespace

struct KafkaCountsLog::State {
  struct Reading {
    std::int64_t next = 0;
    std::int64_t end_at_start = 0;
    std::int64_t earliest = 0;
    CountsStart last_records = {};
  };
  enum class Stage { kFinding, kLookingForSnapshots, kReading, kRead };

  const ConsumerOptions options;
  const Clock& clock;
  std::vector<Reading> partitions;  // of the topic; empty: it is not known yet
  std::size_t input_partitions = 0;
  Stage stage = Stage::kFinding;
  std::string trouble;
  std::set<int> failed;  // input partitions of which something may not have arrived
  bool fatal = false;
  Millis next_find{0};
  KafkaProducerHandle producer;
  std::unique_ptr<rd_kafka_t, FreedBy<rd_kafka_destroy>> consumer;

  State(ConsumerOptions log_options, const Clock& program_clock)
      : options(std::move(log_options)), clock(program_clock) {}

  Result<void> StartConsumer();
  Result<void> StartProducer();
  void OnDelivery(const rd_kafka_message_t& message);
  void RestartProducer();
  void Find();
  void CreateTopic(int partition_count, int brokers);
  void LookForSnapshots(int partition_count);
  void ReadFromSnapshots();
  bool Assign(const std::vector<Reading>& readings);
  void Take(const rd_kafka_message_t& message, CountsVisitor& visitor);
  void EndStage(CountsVisitor& visitor);
};

Result<void> KafkaCountsLog::State::StartConsumer() {
  auto conf = MakeCountsConsumerConf(options);
  if (!conf) return std::unexpected(std::move(conf.error()));
  rd_kafka_conf_set_log_cb(conf->get(), LogQuietly);
  std::array<char, 512> why = {};
  rd_kafka_conf_t* given = conf->release();  // the consumer's, once there is one
  consumer.reset(rd_kafka_new(RD_KAFKA_CONSUMER, given, why.data(), why.size()));
  if (consumer == nullptr) {
    rd_kafka_conf_destroy(given);
    return Fail(fmt::format("start Kafka consumer of {}: {}; see kafka.properties",
                            options.counts_topic, why.data()));
  }
  rd_kafka_poll_set_consumer(consumer.get());
  return {};
}

Result<void> KafkaCountsLog::State::StartProducer() {
  auto conf = MakeCountsProducerConf(options);
  if (!conf) return std::unexpected(std::move(conf.error()));
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_log_cb(conf->get(), LogQuietly);
  rd_kafka_conf_set_dr_msg_cb(conf->get(),
                              [](rd_kafka_t*, const rd_kafka_message_t* message, void* state) {
                                static_cast<State*>(state)->OnDelivery(*message);
                              });
  rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int code, const char*, void* state) {
    if (code == RD_KAFKA_RESP_ERR__FATAL) static_cast<State*>(state)->fatal = true;
  });
  auto created = NewKafkaProducer(std::move(*conf));
  if (!created) {
    return Fail(fmt::format("start Kafka producer of counts: {}; see kafka.properties",
                            created.error().message));
  }
  producer = std::move(*created);
  return {};
}

// The number of the input partition went along.
void KafkaCountsLog::State::OnDelivery(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  failed.insert(static_cast<int>(reinterpret_cast<std::intptr_t>(message._private)));
  trouble = fmt::format("topic {}: {}", options.counts_topic, rd_kafka_err2str(message.err));
}

// Its reports, of failures all, come as it is purged.
void KafkaCountsLog::State::RestartProducer() {
  spdlog::warn("kafka: {}; counting on with a new producer", trouble);
  rd_kafka_purge(producer.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_poll(producer.get(), 0);
  fatal = false;
  if (auto started = StartProducer(); !started) trouble = started.error().message;
}

void KafkaCountsLog::State::Find() {
  if (clock.Monotonic() < next_find) return;
  next_find = clock.Monotonic() + kFindInterval;
  const rd_kafka_metadata_t* got = nullptr;
  const auto error = rd_kafka_metadata(producer.get(), 1, nullptr, &got, kAskTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return;  // the source of records tells of brokers
  const Metadata metadata(got);
  const int events = PartitionsOf(*metadata, options.topic);
  input_partitions = static_cast<std::size_t>(events);
  if (const int count = PartitionsOf(*metadata, options.counts_topic); count > 0) {
    return LookForSnapshots(count);
  }
  if (events > 0) CreateTopic(events, metadata->broker_cnt);
}

void KafkaCountsLog::State::CreateTopic(int partition_count, int brokers) {
  std::array<char, 512> why = {};
  rd_kafka_NewTopic_t* topic =
      rd_kafka_NewTopic_new(options.counts_topic.c_str(), partition_count,
                            std::min(brokers, kMostReplicas), why.data(), why.size());
  if (topic == nullptr) {
    trouble = why.data();
    return;
  }
  for (const auto& [name, value] : kTopicConfig) rd_kafka_NewTopic_set_config(topic, name, value);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(producer.get());
  rd_kafka_CreateTopics(producer.get(), &topic, 1, nullptr, queue);
  rd_kafka_NewTopic_destroy(topic);
  if (rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kAskTimeoutMs)) {
    std::size_t count = 0;
    const auto* result = rd_kafka_event_CreateTopics_result(event);
    const auto** topics = rd_kafka_CreateTopics_result_topics(result, &count);
    const auto error =
        count == 0 ? rd_kafka_event_error(event) : rd_kafka_topic_result_error(*topics);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      trouble = fmt::format("create topic {}: {}", options.counts_topic, rd_kafka_err2str(error));
    }
    rd_kafka_event_destroy(event);
  }
  rd_kafka_queue_destroy(queue);
}

// Reads the last records, for what they say of snapshots.
void KafkaCountsLog::State::LookForSnapshots(int partition_count) {
  std::vector<Reading> readings(static_cast<std::size_t>(partition_count));
  for (int i = 0; i < partition_count; ++i) {
    Reading& reading = readings[static_cast<std::size_t>(i)];
    const auto error =
        rd_kafka_query_watermark_offsets(consumer.get(), options.counts_topic.c_str(), i,
                                         &reading.earliest, &reading.end_at_start, kAskTimeoutMs);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return;  // asked again
    reading.next = std::max(reading.earliest, reading.end_at_start - CountsStart::kLastRecords);
  }
  if (!Assign(readings)) return;
  partitions = std::move(readings);
  stage = Stage::kLookingForSnapshots;
  trouble.clear();
}

void KafkaCountsLog::State::ReadFromSnapshots() {
  const std::size_t count = partitions.size();
  for (std::size_t i = 0; i < count; ++i) {
    Reading& reading = partitions[i];
    const std::size_t inputs = input_partitions / count + (i < input_partitions % count ? 1 : 0);
    const auto start = reading.last_records.Offset(inputs);
    reading.next = std::max(reading.earliest, start.value_or(reading.earliest));
  }
  if (Assign(partitions)) stage = Stage::kReading;
}

// Each partition from its `next` on.
bool KafkaCountsLog::State::Assign(const std::vector<Reading>& readings) {
  const auto count = static_cast<int>(readings.size());
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(count);
  for (int i = 0; i < count; ++i) {
    rd_kafka_topic_partition_list_add(list, options.counts_topic.c_str(), i)->offset =
        readings[static_cast<std::size_t>(i)].next;
  }
  const auto error = rd_kafka_assign(consumer.get(), list);
  rd_kafka_topic_partition_list_destroy(list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) trouble = rd_kafka_err2str(error);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

void KafkaCountsLog::State::Take(const rd_kafka_message_t& message, CountsVisitor& visitor) {
  const auto at = static_cast<std::size_t>(message.partition);
  if (at >= partitions.size()) return;
  Reading& reading = partitions[at];
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    reading.next = std::max(reading.next, message.offset);
  } else if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    trouble = fmt::format("topic {}: {}", options.counts_topic, rd_kafka_message_errstr(&message));
  } else {
    trouble.clear();
    reading.next = message.offset + 1;
    const std::string_view value(static_cast<const char*>(message.payload), message.len);
    if (stage == Stage::kLookingForSnapshots) return reading.last_records.See(value);
    visitor.OnCounts(value, message.offset);
  }
}

void KafkaCountsLog::State::EndStage(CountsVisitor& visitor) {
  const bool at_end =
      std::ranges::all_of(partitions, [](const auto& p) { return p.next >= p.end_at_start; });
  if (!at_end) return;
  if (stage == Stage::kLookingForSnapshots)
    ReadFromSnapshots();
  else if (stage == Stage::kReading) {
    stage = Stage::kRead;
    visitor.OnCountsRead();
  }
}

Result<std::unique_ptr<KafkaCountsLog>> KafkaCountsLog::Create(const ConsumerOptions& options,
                                                               const Clock& clock) {
  auto state = std::make_unique<State>(options, clock);
  if (auto started = state->StartConsumer(); !started) return std::unexpected(started.error());
  if (auto started = state->StartProducer(); !started) return std::unexpected(started.error());
  return std::unique_ptr<KafkaCountsLog>(new KafkaCountsLog(std::move(state)));
}

KafkaCountsLog::KafkaCountsLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
KafkaCountsLog::~KafkaCountsLog() = default;

void KafkaCountsLog::Append(int partition, std::string value) {
  State& state = *state_;
  RR_CHECK(state.stage == State::Stage::kRead);  // nothing is counted before
  const auto to =
      static_cast<std::int32_t>(static_cast<std::size_t>(partition) % state.partitions.size());
  const std::string key = std::to_string(partition);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): librdkafka's way to carry a number along
  void* number = reinterpret_cast<void*>(static_cast<std::intptr_t>(partition));
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      state.producer.get(), RD_KAFKA_V_TOPIC(state.options.counts_topic.c_str()),
      RD_KAFKA_V_PARTITION(to), RD_KAFKA_V_KEY(key.data(), key.size()),
      RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_OPAQUE(number), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  state.failed.insert(partition);
  state.trouble = fmt::format("topic {}: {}", state.options.counts_topic, rd_kafka_err2str(error));
}

void KafkaCountsLog::Poll(CountsVisitor& visitor) {
  State& state = *state_;
  if (state.stage == State::Stage::kFinding) state.Find();
  rd_kafka_poll(state.producer.get(), 0);
  if (state.fatal) state.RestartProducer();
  const Millis until = state.clock.Monotonic() + kCountsPollTime;
  for (int i = 0; i < kCountsAPoll && state.clock.Monotonic() < until; ++i) {
    const Message message(rd_kafka_consumer_poll(state.consumer.get(), 0));
    if (message == nullptr) break;
    state.Take(*message, visitor);
  }
  state.EndStage(visitor);
  for (const int partition : std::exchange(state.failed, {})) visitor.OnAppendFailed(partition);
}

std::string KafkaCountsLog::Trouble() const { return state_->trouble; }

}  // namespace routerate
