// librdkafka's consumer: group membership, records as views, and errors as a state that comes and
// goes.
#include "aggregator/kafka_consumer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "aggregator/kafka_settings.h"
#include "base/freed_by.h"

namespace routerate {
namespace {

// One Poll brings at most so much, so that the loop around it keeps its beat.
constexpr int kRecordsAPoll = 2000;
constexpr Millis kPollTime{200};
// While no broker answers, one is asked so often, and waited for so long.
constexpr Millis kProbeInterval{1000};
constexpr int kProbeTimeoutMs = 200;
constexpr int kSeekTimeoutMs = 500;
constexpr Millis kRestartPause{1000};
constexpr std::size_t kMostHeaders = 32;  // further ones are nobody's that we know

struct ConsumerDeleter {
  void operator()(rd_kafka_t* consumer) const {
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
  }
};
using Message = std::unique_ptr<rd_kafka_message_t, FreedBy<rd_kafka_message_destroy>>;

struct Progress {
  bool asked = false;        // the visitor said from where
  bool begun = false;        // ... and librdkafka reads from there
  std::int64_t next = -1;    // offset of the record to come; -1: none came yet
  std::int64_t target = -1;  // the log's end when it was first known; -1: not yet
  bool caught_up = false;
};

using HeaderArray = std::array<std::pair<std::string_view, std::string_view>, kMostHeaders>;

HeaderViews ReadHeaders(const rd_kafka_message_t& message, HeaderArray* array) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  std::size_t count = 0;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (count < array->size() && rd_kafka_header_get_all(headers, count, &name, &value, &size) ==
                                      RD_KAFKA_RESP_ERR_NO_ERROR) {
    (*array)[count++] = {name, {static_cast<const char*>(value), value == nullptr ? 0 : size}};
  }
  return {array->data(), count};
}

// Chatter about connections repeats what Status tells. Losing one's place in the log is news.
void OnLog(const rd_kafka_t*, int level, const char* facility, const char* text) {
  constexpr int kWarning = 4;  // syslog's
  const bool news = level <= kWarning && std::string_view(facility) == "OFFSET";
  spdlog::log(news ? spdlog::level::warn : spdlog::level::debug, "kafka: {}", text);
}

}  // namespace

struct KafkaConsumer::State {
  const ConsumerOptions options;
  const Clock& clock;
  RecordVisitor* visitor = nullptr;  // during Poll only
  std::map<int, Progress> partitions;
  std::uint64_t missing = 0;
  bool joined = false;
  bool assigning = false;       // in the middle of an assignment
  std::string unreachable;      // no broker answers: why
  std::string refused;          // a broker answers, but with no records: why
  std::string last_connection;  // the last failed connection, which tells more than "all down"
  bool fatal = false;
  Millis next_probe{0};
  Millis restart_at{0};
  // Last: closing it revokes, which calls back.
  std::unique_ptr<rd_kafka_t, ConsumerDeleter> consumer;

  State(ConsumerOptions consumer_options, const Clock& program_clock)
      : options(std::move(consumer_options)), clock(program_clock) {}

  Result<void> Start();
  void Restart();
  void OnError(int code, const char* why);
  void OnRebalance(rd_kafka_t* member, rd_kafka_resp_err_t error,
                   rd_kafka_topic_partition_list_t* list);
  void Assign(rd_kafka_t* member, rd_kafka_topic_partition_list_t* list);
  void Unassign(rd_kafka_t* member, rd_kafka_topic_partition_list_t* list);
  void Take(const rd_kafka_message_t& message);
  void TakeRecord(const rd_kafka_message_t& message);
  void SeekAsked();
  void Seek(rd_kafka_topic_partition_list_t* list);
  void FindCaughtUp();
  void CatchUp(int partition, Progress* progress);
  void Probe();
};

Result<void> KafkaConsumer::State::Start() {
  auto conf = MakeConsumerConf(options);
  if (!conf) return std::unexpected(std::move(conf.error()));
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_log_cb(conf->get(), OnLog);
  rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int code, const char* why, void* state) {
    static_cast<State*>(state)->OnError(code, why);
  });
  rd_kafka_conf_set_rebalance_cb(
      conf->get(),
      [](rd_kafka_t* member, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list,
         void* state) { static_cast<State*>(state)->OnRebalance(member, error, list); });
  std::array<char, 512> why = {};
  rd_kafka_conf_t* given = conf->release();  // the consumer's, once there is one
  consumer.reset(rd_kafka_new(RD_KAFKA_CONSUMER, given, why.data(), why.size()));
  if (consumer == nullptr) {
    rd_kafka_conf_destroy(given);
    return Fail(fmt::format("start Kafka consumer: {}; see kafka.properties", why.data()));
  }
  rd_kafka_poll_set_consumer(consumer.get());
  rd_kafka_topic_partition_list_t* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, options.topic.c_str(), RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer.get(), topics);
  rd_kafka_topic_partition_list_destroy(topics);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return Fail(fmt::format("subscribe to {}: {}", options.topic, rd_kafka_err2str(error)));
}

// The member is dead for good. What it had is revoked, and a new one joins after a pause.
void KafkaConsumer::State::Restart() {
  if (consumer != nullptr) {
    spdlog::warn("kafka: {}; joining the group anew", refused);
    consumer.reset();
    for (const auto& [partition, progress] : std::exchange(partitions, {})) {
      visitor->OnRevoked(partition);
    }
    joined = false;
    restart_at = clock.Monotonic() + kRestartPause;
  } else if (clock.Monotonic() >= restart_at) {
    restart_at = clock.Monotonic() + kRestartPause;
    if (auto started = Start(); !started) {
      refused = std::move(started.error().message);
    } else {
      fatal = false;
    }
  }
}

void KafkaConsumer::State::OnError(int code, const char* why) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__FATAL: {
      std::array<char, 512> text = {};
      rd_kafka_fatal_error(consumer.get(), text.data(), text.size());
      refused = text.data();
      fatal = true;
      break;
    }
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      last_connection = why;
      break;
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      unreachable = fmt::format("no broker of {} answers: {}", options.brokers,
                                last_connection.empty() ? why : last_connection);
      next_probe = clock.Monotonic() + kProbeInterval;
      break;
    default:
      spdlog::debug("kafka: {}", why);
  }
}

// Cooperative: assignments and revocations are steps from what is held now.
void KafkaConsumer::State::OnRebalance(rd_kafka_t* member, rd_kafka_resp_err_t error,
                                       rd_kafka_topic_partition_list_t* list) {
  if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    Assign(member, list);
  } else {
    Unassign(member, list);
  }
}

void KafkaConsumer::State::Assign(rd_kafka_t* member, rd_kafka_topic_partition_list_t* list) {
  rd_kafka_topic_partition_list_t* waiting = rd_kafka_topic_partition_list_new(list->cnt);
  assigning = true;
  for (int i = 0; i < list->cnt; ++i) {
    rd_kafka_topic_partition_t& element = list->elems[i];
    partitions[element.partition] = {};
    if (visitor != nullptr) visitor->OnAssigned(element.partition);
    const Progress& progress = partitions[element.partition];
    element.offset = progress.next >= 0 ? progress.next : RD_KAFKA_OFFSET_BEGINNING;
    if (!progress.begun) {
      rd_kafka_topic_partition_list_add(waiting, element.topic, element.partition);
    }
  }
  assigning = false;
  joined = true;
  refused.clear();
  if (rd_kafka_error_t* failure = rd_kafka_incremental_assign(member, list)) {
    refused = fmt::format("assign partitions: {}", rd_kafka_error_string(failure));
    rd_kafka_error_destroy(failure);
  }
  rd_kafka_pause_partitions(member, waiting);
  rd_kafka_topic_partition_list_destroy(waiting);
}

// Where it fails nothing is taken until it succeeds, for records from elsewhere would be counted in
// a wrong place: librdkafka answers no seek while it looks for a partition's broker.
void KafkaConsumer::State::SeekAsked() {
  rd_kafka_topic_partition_list_t* list =
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()));
  for (const auto& [partition, progress] : partitions) {
    if (!progress.asked || progress.begun) continue;
    rd_kafka_topic_partition_list_add(list, options.topic.c_str(), partition)->offset =
        progress.next >= 0 ? progress.next : RD_KAFKA_OFFSET_BEGINNING;
  }
  if (list->cnt > 0) Seek(list);
  rd_kafka_topic_partition_list_destroy(list);
}

void KafkaConsumer::State::Seek(rd_kafka_topic_partition_list_t* list) {
  rd_kafka_error_t* failure = rd_kafka_seek_partitions(consumer.get(), list, kSeekTimeoutMs);
  if (failure != nullptr) rd_kafka_error_destroy(failure);  // each element has its own
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& element = list->elems[i];
    if (element.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      partitions.at(element.partition).begun = true;
    } else {
      refused = fmt::format("read partition {} from {}: {}", element.partition, element.offset,
                            rd_kafka_err2str(element.err));
    }
  }
  rd_kafka_resume_partitions(consumer.get(), list);
}

void KafkaConsumer::State::Unassign(rd_kafka_t* member, rd_kafka_topic_partition_list_t* list) {
  for (int i = 0; i < list->cnt; ++i) {
    partitions.erase(list->elems[i].partition);
    if (visitor != nullptr) visitor->OnRevoked(list->elems[i].partition);
  }
  if (rd_kafka_error_t* failure = rd_kafka_incremental_unassign(member, list)) {
    spdlog::debug("kafka: unassign partitions: {}", rd_kafka_error_string(failure));
    rd_kafka_error_destroy(failure);
  }
}

void KafkaConsumer::State::Take(const rd_kafka_message_t& message) {
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return TakeRecord(message);
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      unreachable.clear();
      if (const auto found = partitions.find(message.partition);
          found != partitions.end() && found->second.begun) {
        found->second.next = std::max(found->second.next, message.offset);
        CatchUp(message.partition, &found->second);
      }
      return;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      refused = fmt::format("topic {} does not exist; create it", options.topic);
      return;
    default:
      refused = rd_kafka_message_errstr(&message);
  }
}

void KafkaConsumer::State::TakeRecord(const rd_kafka_message_t& message) {
  const auto found = partitions.find(message.partition);
  // Fetched before it was revoked, or before it was said from where.
  if (found == partitions.end() || !found->second.begun) return;
  unreachable.clear();
  refused.clear();
  Progress& progress = found->second;
  if (progress.next >= 0 && message.offset > progress.next) {
    missing += static_cast<std::uint64_t>(message.offset - progress.next);
  }
  progress.next = message.offset + 1;
  HeaderArray headers;
  ConsumedRecord record;
  record.partition = message.partition;
  record.offset = message.offset;
  record.headers = ReadHeaders(message, &headers);
  record.value = {static_cast<const char*>(message.payload), message.len};
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t time = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) record.record_ms = time;
  visitor->OnRecord(record);
}

// A partition that is never idle shows no end, so the end it had at first is waited for, too.
void KafkaConsumer::State::FindCaughtUp() {
  for (auto& [partition, progress] : partitions) {
    if (progress.caught_up || !progress.begun) continue;
    std::int64_t begin = -1;
    std::int64_t end = -1;
    rd_kafka_get_watermark_offsets(consumer.get(), options.topic.c_str(), partition, &begin, &end);
    if (progress.target < 0 && end >= 0) progress.target = end;
    if (progress.target >= 0 && progress.next >= progress.target) CatchUp(partition, &progress);
  }
}

void KafkaConsumer::State::CatchUp(int partition, Progress* progress) {
  if (!std::exchange(progress->caught_up, true)) visitor->OnCaughtUp(partition);
}

// librdkafka tells when the last broker went, not when the first came back.
void KafkaConsumer::State::Probe() {
  if (unreachable.empty() || clock.Monotonic() < next_probe) return;
  next_probe = clock.Monotonic() + kProbeInterval;
  const struct rd_kafka_metadata* metadata = nullptr;
  if (rd_kafka_metadata(consumer.get(), 0, nullptr, &metadata, kProbeTimeoutMs) ==
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_metadata_destroy(metadata);
    unreachable.clear();
  }
}

Result<std::unique_ptr<KafkaConsumer>> KafkaConsumer::Create(const ConsumerOptions& options,
                                                             const Clock& clock) {
  auto state = std::make_unique<State>(options, clock);
  if (auto started = state->Start(); !started) return std::unexpected(std::move(started.error()));
  return std::unique_ptr<KafkaConsumer>(new KafkaConsumer(std::move(state)));
}

KafkaConsumer::KafkaConsumer(std::unique_ptr<State> state) : state_(std::move(state)) {}
KafkaConsumer::~KafkaConsumer() = default;

void KafkaConsumer::ReadFrom(int partition, std::int64_t offset) {
  const auto found = state_->partitions.find(partition);
  if (found == state_->partitions.end()) return;  // taken away meanwhile
  found->second = {.asked = true, .begun = state_->assigning, .next = offset};
}

void KafkaConsumer::Poll(Millis timeout, RecordVisitor& visitor) {
  State& state = *state_;
  state.visitor = &visitor;
  if (state.fatal) state.Restart();
  if (state.consumer != nullptr) {
    state.SeekAsked();
    const Millis until = state.clock.Monotonic() + kPollTime;
    int wait_ms = static_cast<int>(timeout.count());
    for (int i = 0; i < kRecordsAPoll && !state.fatal; ++i) {
      const Message message(rd_kafka_consumer_poll(state.consumer.get(), wait_ms));
      if (message == nullptr) break;
      state.Take(*message);
      wait_ms = 0;
      if (state.clock.Monotonic() >= until) break;
    }
    state.FindCaughtUp();
    state.Probe();
  }
  state.visitor = nullptr;
}

SourceStatus KafkaConsumer::Status() const {
  SourceStatus status;
  status.joined = state_->joined;
  status.missing = state_->missing;
  status.trouble = state_->unreachable.empty() ? state_->refused : state_->unreachable;
  for (const auto& [partition, progress] : state_->partitions) {
    std::int64_t begin = -1;
    std::int64_t end = -1;
    rd_kafka_get_watermark_offsets(state_->consumer.get(), state_->options.topic.c_str(), partition,
                                   &begin, &end);
    const std::int64_t read = std::max({progress.next, begin, std::int64_t{0}});
    if (end >= 0) status.lag[partition] = std::max<std::int64_t>(end - read, 0);
  }
  return status;
}

}  // namespace routerate
