// RecordSink over librdkafka: an idempotent producer that never gives a record up.
//
// Order matters more than anything: the aggregator drops what lies below the highest offset that it
// has counted, so a record must never overtake a lost one. Idempotence keeps the order through
// retries, and `enable.gapless.guarantee` turns a record that cannot be delivered into a fatal
// error. Then this class starts a new producer and tells OnLost, and the agent sends everything
// unacknowledged again, in order. What an error means is kafka_error_class's to say.
//
// A new producer begins with one record, and takes more when that one is delivered: where Kafka
// refuses everything, so little is tried again and again; and in a topic that is just being made no
// second record can be taken while the first is not.
//
// A refusal for size is of a request, which may hold several records. The next producer sends one
// record a request, so that a further refusal has a name: OnTooLarge.
//
// Threads: all methods on the agent's thread. librdkafka's own threads reach us only through its
// main queue, which Poll serves on the caller's thread, and through `kick_fd`, which they write to
// when that queue is no longer empty.
#pragma once

#include <memory>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/record_sink.h"
#include "base/clock.h"
#include "base/result.h"

namespace routerate {

class KafkaProducer final : public RecordSink {
 public:
  // Fails for a property that librdkafka refuses; an unreachable broker is no failure. Borrows
  // clock and events.
  static Result<std::unique_ptr<KafkaProducer>> Create(const KafkaOptions& options,
                                                       std::uint64_t max_in_flight, int kick_fd,
                                                       const Clock& clock, AgentEvents& events);
  ~KafkaProducer() override;

  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override;
  void Poll(DeliveryListener& listener) override;

 private:
  struct State;
  explicit KafkaProducer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether a user may set this librdkafka property so: librdkafka knows it and takes the value, and
// the producer's promises do not rest on it.
Result<void> CheckProducerProperty(const std::string& name, const std::string& value);

}  // namespace routerate
