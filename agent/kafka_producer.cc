// librdkafka's producer: settings, delivery reports, and a new producer after a failure.
#include "agent/kafka_producer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <optional>
#include <utility>

#include "agent/kafka_error_class.h"
#include "agent/record_sizes.h"
#include "agent/send_window.h"
#include "agent/topic_standing.h"
#include "base/kafka_conf.h"

namespace routerate {
namespace {

// The delivery report that says why comes right behind the fatal error, on another thread's time.
constexpr Millis kCausePatience{1000};
// Where not even so much is taken, giving lines up for their size would be giving up all of them.
constexpr std::size_t kSmallRecord = 1024;

KafkaSettings Settings(const KafkaOptions& options, std::uint64_t max_in_flight) {
  KafkaSettings settings = {
      {"bootstrap.servers", options.brokers},
      {"client.id", "routerate-agent"},
      {"enable.idempotence", "true"},  // with it acks=all
      {"enable.gapless.guarantee", "true"},
      {"message.timeout.ms", "0"},  // for ever: the log file is the buffer
      {"compression.type", "lz4"},
      {"linger.ms", "1"},  // the agent made the batches; those of one moment are a request
      {"partitioner", "murmur2_random"},
      {"topic.metadata.refresh.interval.ms", "10000"},
      // A topic that is not there is told within this time, which leaves a drain enough of its own.
      {"topic.metadata.propagation.max.ms", "10000"},
      {"reconnect.backoff.max.ms", "2000"},
      {"retry.backoff.ms", "100"},
      {"socket.keepalive.enable", "true"},
      // Room for all that may be in flight, and some for heartbeats.
      {"queue.buffering.max.kbytes", std::to_string(max_in_flight / 1024 * 2 + 1024)},
      {"log.connection.close", "false"},
  };
  for (const auto& property : options.properties) settings.push_back(property);
  return settings;
}

// What agent.yaml says elsewhere, and what "nothing lost, nothing twice" rests on.
constexpr std::array<std::string_view, 9> kOurs = {
    "bootstrap.servers",     "metadata.broker.list", "acks",
    "request.required.acks", "enable.idempotence",   "enable.gapless.guarantee",
    "message.timeout.ms",    "delivery.timeout.ms",  "partitioner"};

// Codes that say that another record failed, which may be told behind them.
bool IsConsequence(int code) {
  return code == RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE || code == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
         code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};

// librdkafka's own log: its connection troubles come as errors too, which are told at a bounded
// rate.
void OnLog(const rd_kafka_t*, int level, const char* facility, const char* text) {
  if (level <= 3) {
    spdlog::debug("librdkafka {}: {}", facility, text);
  } else {
    spdlog::trace("librdkafka {}: {}", facility, text);
  }
}

}  // namespace

struct KafkaProducer::State {
  // Why this producer is done for.
  struct Failure {
    int code;
    KafkaErrorMeaning meaning;
    std::string why;
    Millis at;
  };
  enum class Request { kManyRecords, kOneRecord };

  KafkaOptions options;
  std::uint64_t max_in_flight;
  int kick_fd;
  const Clock& clock;
  TopicStanding standing;
  KafkaProducerHandle producer = nullptr;
  std::unique_ptr<rd_kafka_topic_t, TopicDeleter> topic = nullptr;  // goes before its producer
  DeliveryListener* listener = nullptr;                             // during Poll
  SendWindow window = {};                                           // of this producer
  bool proven = false;  // this producer has delivered a record
  std::optional<Failure> failure = {};
  Request request = Request::kManyRecords;
  Millis size_refused_at{0};
  Millis restart_at{0};

  Result<void> Start();
  KafkaSettings AllSettings();
  bool HasRoom(std::uint64_t bytes) const;
  void OnDelivery(const rd_kafka_message_t& message);
  void OnUndelivered(const rd_kafka_message_t& message);
  void OnError(int code, const char* why);
  void OnFatal();
  SendResult Refuse(rd_kafka_resp_err_t error);
  void MarkFailed(int code, KafkaErrorMeaning meaning, std::string why);
  void End();
  void Restart();
  void Stand();
};

KafkaSettings KafkaProducer::State::AllSettings() {
  KafkaSettings settings = Settings(options, max_in_flight);
  if (clock.Monotonic() - size_refused_at >= RecordSizes::kBelief) request = Request::kManyRecords;
  if (request == Request::kOneRecord) settings.emplace_back("batch.num.messages", "1");
  return settings;
}

Result<void> KafkaProducer::State::Start() {
  // The analyzer loses sight of members that aggregate initialisation sets.
  // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage)
  auto conf = MakeKafkaConf(AllSettings());
  if (!conf) return std::unexpected(std::move(conf.error()));
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_log_cb(conf->get(), OnLog);
  rd_kafka_conf_set_dr_msg_cb(conf->get(),
                              [](rd_kafka_t*, const rd_kafka_message_t* message, void* state) {
                                static_cast<State*>(state)->OnDelivery(*message);
                              });
  rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int code, const char* why, void* state) {
    static_cast<State*>(state)->OnError(code, why);
  });
  auto created = NewKafkaProducer(std::move(*conf));
  if (!created) {
    return Fail(
        fmt::format("start Kafka producer: {}; see kafka.properties", created.error().message));
  }
  producer = std::move(*created);
  // A topic that is known when the connection comes up is asked for then; one that comes later, for
  // the first record, within a second only.
  topic.reset(rd_kafka_topic_new(producer.get(), options.topic.c_str(), nullptr));
  rd_kafka_queue_t* queue = rd_kafka_queue_get_main(producer.get());
  constexpr std::uint64_t kOne = 1;
  rd_kafka_queue_io_event_enable(queue, kick_fd, &kOne, sizeof kOne);
  rd_kafka_queue_destroy(queue);
  return {};
}

bool KafkaProducer::State::HasRoom(std::uint64_t bytes) const {
  if (!proven) return window.held() == 0;
  return request == Request::kOneRecord ? window.HasRoomForOne()
                                        : window.HasRoom(bytes, clock.Monotonic());
}

void KafkaProducer::State::OnDelivery(const rd_kafka_message_t& message) {
  window.Answered();
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return OnUndelivered(message);
  // After a failure only a new producer's deliveries count: those of this one would leave gaps.
  if (failure) return;
  proven = true;
  standing.Delivered(clock.Monotonic());
  listener->OnDelivered(reinterpret_cast<std::uintptr_t>(message._private));
}

void KafkaProducer::State::OnUndelivered(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__FATAL) return OnFatal();
  KafkaErrorMeaning meaning = MeaningOfKafkaError(message.err);
  if (meaning.error_class == KafkaErrorClass::kTooLarge) {
    if (message.len < kSmallRecord) {
      meaning.error_class = KafkaErrorClass::kPause;
    } else if (request == Request::kOneRecord) {
      listener->OnTooLarge(reinterpret_cast<std::uintptr_t>(message._private));
    }
  }
  MarkFailed(message.err, meaning, rd_kafka_err2str(message.err));
}

// The first failure counts, but any reason is better than a consequence.
void KafkaProducer::State::MarkFailed(int code, KafkaErrorMeaning meaning, std::string why) {
  if (failure && (!IsConsequence(failure->code) || IsConsequence(code))) return;
  const Millis at = failure ? failure->at : clock.Monotonic();
  failure = Failure{code, meaning, std::move(why), at};
}

void KafkaProducer::State::OnError(int code, const char* why) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) return OnFatal();
  KafkaErrorMeaning meaning = MeaningOfKafkaError(code);
  // The producer lives, whatever the error would do to a record.
  if (meaning.error_class == KafkaErrorClass::kResend)
    meaning.error_class = KafkaErrorClass::kRetry;
  standing.Failed(meaning, why, clock.Monotonic());
}

// "Fatal" says that there is a reason, which is kept elsewhere.
void KafkaProducer::State::OnFatal() {
  std::array<char, 512> text = {};
  const int code = rd_kafka_fatal_error(producer.get(), text.data(), text.size());
  MarkFailed(code, MeaningOfKafkaError(code), text.data());
}

// librdkafka did not take the record.
SendResult KafkaProducer::State::Refuse(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return SendResult::kFull;
  if (error == RD_KAFKA_RESP_ERR__FATAL) {
    OnFatal();
    return SendResult::kFull;
  }
  const KafkaErrorMeaning meaning = MeaningOfKafkaError(error);
  if (meaning.error_class == KafkaErrorClass::kTooLarge) {  // for message.max.bytes, ours
    standing.Failed(meaning, rd_kafka_err2str(error), clock.Monotonic());
    return SendResult::kTooLarge;
  }
  MarkFailed(error, meaning, rd_kafka_err2str(error));
  return SendResult::kFull;
}

void KafkaProducer::State::End() {
  const auto& [code, meaning, why, at] = *failure;
  const Millis now = clock.Monotonic();
  if (IsConsequence(code) && now - at < kCausePatience) return;
  topic.reset();
  producer.reset();
  window = {};
  proven = false;
  if (meaning.error_class == KafkaErrorClass::kTooLarge) {
    request = Request::kOneRecord;
    size_refused_at = now;
  }
  restart_at = now + standing.TakeRestartPause(meaning.error_class);
  standing.Failed(meaning, why, now);
  const bool refused = meaning.error_class == KafkaErrorClass::kPause ||
                       meaning.error_class == KafkaErrorClass::kConfiguration;
  listener->OnLost(refused ? Loss::kRefused : Loss::kOnTheWay, why);
}

void KafkaProducer::State::Restart() {
  const Millis now = clock.Monotonic();
  if (now < restart_at) return;
  if (auto started = Start(); started) {
    failure.reset();
  } else {
    constexpr KafkaErrorClass kSettings = KafkaErrorClass::kConfiguration;
    restart_at = now + standing.TakeRestartPause(kSettings);
    standing.Failed({kSettings, "see kafka.properties and the files that it names"},
                    started.error().message, now);
  }
}

void KafkaProducer::State::Stand() {
  const Millis now = clock.Monotonic();
  standing.Stepped(window.held(), now);
  if (failure || !standing.IsStuck(now)) return;
  constexpr int kTimedOut = RD_KAFKA_RESP_ERR__TIMED_OUT;
  MarkFailed(kTimedOut, MeaningOfKafkaError(kTimedOut), "no record was acknowledged for 300 s");
}

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::Create(const KafkaOptions& options,
                                                             std::uint64_t max_in_flight,
                                                             int kick_fd, const Clock& clock,
                                                             AgentEvents& events) {
  std::unique_ptr<State> state(
      new State{options, max_in_flight, kick_fd, clock, TopicStanding(options.topic, events)});
  if (auto started = state->Start(); !started) return std::unexpected(std::move(started.error()));
  return std::unique_ptr<KafkaProducer>(new KafkaProducer(std::move(state)));
}

KafkaProducer::KafkaProducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
KafkaProducer::~KafkaProducer() = default;

SendResult KafkaProducer::TrySend(const std::string& key, const HeaderPairs& headers,
                                  std::string_view value, Ticket ticket) {
  if (state_->producer == nullptr || state_->failure) return SendResult::kFull;
  if (!state_->HasRoom(value.size())) return SendResult::kFull;
  rd_kafka_headers_t* pairs = rd_kafka_headers_new(headers.size());
  for (const auto& [name, text] : headers) {
    rd_kafka_header_add(pairs, name.data(), static_cast<ssize_t>(name.size()), text.data(),
                        static_cast<ssize_t>(text.size()));
  }
  const rd_kafka_resp_err_t error =
      rd_kafka_producev(state_->producer.get(), RD_KAFKA_V_TOPIC(state_->options.topic.c_str()),
                        RD_KAFKA_V_KEY(key.data(), key.size()),
                        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(pairs),
                        RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(ticket)), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_headers_destroy(pairs);  // stayed ours
    return state_->Refuse(error);
  }
  state_->window.Sent(value.size(), state_->clock.Monotonic());
  return SendResult::kSent;
}

void KafkaProducer::Poll(DeliveryListener& listener) {
  state_->listener = &listener;
  if (state_->producer != nullptr) rd_kafka_poll(state_->producer.get(), 0);
  if (state_->failure && state_->producer != nullptr) {
    state_->End();
  } else if (state_->producer == nullptr) {
    state_->Restart();
  }
  state_->listener = nullptr;
  state_->Stand();
}

Result<void> CheckProducerProperty(const std::string& name, const std::string& value) {
  return CheckKafkaProperty(name, value, kOurs);
}

}  // namespace routerate
