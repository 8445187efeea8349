// librdkafka's producer: settings, delivery reports, and a new incarnation after a fatal error.
#include "agent/kafka_producer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <utility>

#include "base/kafka_conf.h"

namespace routerate {
namespace {

constexpr Millis kComplaintInterval{30'000};
constexpr Millis kRestartPause{1000};

KafkaSettings Settings(const KafkaOptions& options, std::uint64_t max_in_flight) {
  KafkaSettings settings = {
      {"bootstrap.servers", options.brokers},
      {"client.id", "routerate-agent"},
      {"enable.idempotence", "true"},  // with it acks=all
      {"enable.gapless.guarantee", "true"},
      {"message.timeout.ms", "0"},  // for ever: the log file is the buffer
      {"compression.type", "lz4"},
      {"linger.ms", "0"},  // the agent made the batches
      {"partitioner", "murmur2_random"},
      {"topic.metadata.refresh.interval.ms", "10000"},
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

struct ProducerDeleter {
  void operator()(rd_kafka_t* producer) const {
    rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(producer);
  }
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
  KafkaOptions options;
  std::uint64_t max_in_flight;
  int kick_fd;
  const Clock& clock;
  std::unique_ptr<rd_kafka_t, ProducerDeleter> producer = nullptr;
  DeliveryListener* listener = nullptr;  // during Poll
  std::string failure = {};              // why this incarnation is done for; empty: it is not
  bool complaining = false;              // the brokers were told to be unreachable
  Millis complained_at{0};
  Millis restart_at{0};

  Result<void> Start();
  void OnDelivery(const rd_kafka_message_t& message);
  void OnError(int code, const char* why);
  void SayReachable();
};

Result<void> KafkaProducer::State::Start() {
  // The analyzer loses sight of members that aggregate initialisation sets.
  // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage)
  auto conf = MakeKafkaConf(Settings(options, max_in_flight));
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
  std::array<char, 512> why = {};
  producer.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), why.data(), why.size()));
  if (producer == nullptr) return Fail(fmt::format("start Kafka producer: {}", why.data()));
  (void)conf->release();  // the producer's now
  rd_kafka_queue_t* queue = rd_kafka_queue_get_main(producer.get());
  constexpr std::uint64_t kOne = 1;
  rd_kafka_queue_io_event_enable(queue, kick_fd, &kOne, sizeof kOne);
  rd_kafka_queue_destroy(queue);
  return {};
}

void KafkaProducer::State::OnDelivery(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (failure.empty()) failure = rd_kafka_err2str(message.err);
    return;
  }
  SayReachable();
  // After a failure only a new incarnation's deliveries count: those of this one would leave gaps.
  if (listener != nullptr && failure.empty()) {
    listener->OnDelivered(reinterpret_cast<std::uintptr_t>(message._private));
  }
}

void KafkaProducer::State::OnError(int code, const char* why) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, 512> fatal = {};
    rd_kafka_fatal_error(producer.get(), fatal.data(), fatal.size());
    if (failure.empty()) failure = fatal.data();
    return;
  }
  if (complaining && clock.Monotonic() - complained_at < kComplaintInterval) return;
  complaining = true;
  complained_at = clock.Monotonic();
  spdlog::warn("kafka {}: {}; reading stops at max_in_flight, nothing is dropped", options.brokers,
               why);
}

void KafkaProducer::State::SayReachable() {
  if (std::exchange(complaining, false)) spdlog::info("kafka {}: delivering", options.brokers);
}

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::Create(const KafkaOptions& options,
                                                             std::uint64_t max_in_flight,
                                                             int kick_fd, const Clock& clock) {
  std::unique_ptr<State> state(new State{options, max_in_flight, kick_fd, clock});
  if (auto started = state->Start(); !started) return std::unexpected(std::move(started.error()));
  return std::unique_ptr<KafkaProducer>(new KafkaProducer(std::move(state)));
}

KafkaProducer::KafkaProducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
KafkaProducer::~KafkaProducer() = default;

bool KafkaProducer::TrySend(const std::string& key, const HeaderPairs& headers,
                            std::string_view value, Ticket ticket) {
  if (state_->producer == nullptr || !state_->failure.empty()) return false;
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
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  rd_kafka_headers_destroy(pairs);  // stayed ours
  if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) state_->failure = rd_kafka_err2str(error);
  return false;
}

void KafkaProducer::Poll(DeliveryListener& listener) {
  if (state_->producer != nullptr) {
    state_->listener = &listener;
    rd_kafka_poll(state_->producer.get(), 0);
    state_->listener = nullptr;
  }
  if (state_->failure.empty()) return;
  const Millis now = state_->clock.Monotonic();
  if (state_->producer != nullptr) {
    state_->producer.reset();
    state_->restart_at = now + kRestartPause;
    listener.OnLost(state_->failure);
  } else if (now >= state_->restart_at) {
    auto started = state_->Start();
    state_->restart_at = now + kRestartPause;
    if (started) state_->failure.clear();
  }
}

Result<void> CheckProducerProperty(const std::string& name, const std::string& value) {
  return CheckKafkaProperty(name, value, kOurs);
}

}  // namespace routerate
