// Kafka as a RecordSource: a member of a consumer group over one topic, through librdkafka.
#pragma once

#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/record_source.h"
#include "base/clock.h"
#include "base/result.h"

namespace routerate {

// Nothing is committed: the visitor says where each partition is read from. A broker that cannot be
// reached is a state, not a failure: Status tells it, and Poll goes on for ever. After a fatal
// error (a fenced member, say) all partitions are revoked and a new member joins.
//
// One thread, the caller's: librdkafka's rebalances and errors come inside Poll. Its log callback
// comes from threads of its own and goes to spdlog only. Limits: 64 MiB of fetched records.
class KafkaConsumer final : public RecordSource {
 public:
  // Fails when librdkafka does not take a property. Does not wait for the broker. Borrows `clock`.
  static Result<std::unique_ptr<KafkaConsumer>> Create(const ConsumerOptions& options,
                                                       const Clock& clock);
  ~KafkaConsumer() override;  // leaves the group

  void ReadFrom(int partition, std::int64_t offset) override;
  void Poll(Millis timeout, RecordVisitor& visitor) override;
  SourceStatus Status() const override;

 private:
  struct State;
  explicit KafkaConsumer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
