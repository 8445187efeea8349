// Kafka as a CountsLog: the topic routerate-counts, all of it read by every process, without a
// group.
#pragma once

#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/counts_log.h"
#include "base/clock.h"
#include "base/result.h"

namespace routerate {

// The topic is made when it is not there, with as many partitions as the topic of events and three
// replicas where there are three brokers. A broker that cannot be reached is a state (Trouble), and
// is tried again for ever.
//
// One thread, the caller's. Limits: 64 MiB of fetched records; what is appended waits in memory
// while Kafka is away, which the caller bounds by having one delta of a partition on its way.
class KafkaCountsLog final : public CountsLog {
 public:
  // Fails when librdkafka does not take a property. Does not wait for the broker. Borrows `clock`.
  static Result<std::unique_ptr<KafkaCountsLog>> Create(const ConsumerOptions& options,
                                                        const Clock& clock);
  ~KafkaCountsLog() override;

  void Append(int partition, std::string value) override;
  void Poll(CountsVisitor& visitor) override;
  std::string Trouble() const override;

 private:
  struct State;
  explicit KafkaCountsLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
