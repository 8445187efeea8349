// Kafka in memory: a topic with partitions, the weather that producers have with it, and a producer
// that keeps the promises of agent/kafka_producer.h: in order, without a gap; what is not
// acknowledged may have arrived.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "agent/record_sink.h"
#include "base/clock.h"
#include "parsers/event_record.h"

namespace routerate {

struct SimRecord {
  HeaderPairs headers;
  std::string value;
  WallMs made_ms = 0;
};

class SimTopic {
 public:
  using OnStored = std::function<void(std::size_t partition, const SimRecord&)>;
  SimTopic(std::size_t partitions, OnStored on_stored)
      : partitions_(partitions), on_stored_(std::move(on_stored)) {}

  // All records of a key go to one partition, as every client's hash promises.
  std::size_t PartitionOf(std::string_view key) const;
  void Store(std::size_t partition, SimRecord record);
  const std::vector<std::vector<SimRecord>>& partitions() const { return partitions_; }

 private:
  std::vector<std::vector<SimRecord>> partitions_;
  OnStored on_stored_;
};

// Shared by all producers; the world sets it.
struct SimWeather {
  Millis down_until{0};
  Millis full_until{0};  // the clients' queues take nothing
  Millis slow_until{0};
  Millis slow_by{0};
  bool Down(Millis now) const { return now < down_until; }
};

// One incarnation after another, as KafkaProducer is; destroyed with the agent's process.
class SimProducer final : public RecordSink {
 public:
  // Borrows all.
  SimProducer(SimTopic& topic, SimWeather& weather, const Clock& clock, std::mt19937_64& random);

  SendResult TrySend(const std::string& key, const HeaderPairs& headers, std::string_view value,
                     Ticket ticket) override;
  void Poll(DeliveryListener& listener) override;

  // What is due is stored and acknowledged.
  void Run();
  // When Run or Poll have something to do; Millis::max(): not as things are.
  Millis NextEvent() const;
  bool HasNews() const { return !delivered_.empty() || (failed_ && !told_) || RestartDue(); }

  // The incarnation is done for: of what is not stored the first `survivors` records still are.
  void Fail(std::size_t survivors);
  void FailAt(Millis at) { fail_at_ = at; }
  bool FailureDue() const { return clock_.Monotonic() >= fail_at_; }
  // Of so many records sent from now on the acknowledgement never comes.
  void LoseAcks(unsigned records) { lose_acks_ = records; }
  // The process is.
  void Die(std::size_t survivors);
  bool AcksLost() const;

  std::uint64_t unacknowledged_bytes() const { return bytes_; }
  std::size_t unacknowledged() const { return sent_.size() + delivered_.size(); }
  // Since the last call: a record was not taken.
  bool TakeRefused() { return std::exchange(refused_, false); }

 private:
  struct Sent {
    std::size_t partition;
    SimRecord record;
    Ticket ticket;
    Millis store_at;
    Millis ack_at;  // Millis::max(): never
    std::uint64_t bytes;
    bool acknowledged = false;
  };
  bool RestartDue() const { return failed_ && told_ && clock_.Monotonic() >= restart_at_; }
  void StoreFirst();
  Millis Latency();

  SimTopic& topic_;
  SimWeather& weather_;
  const Clock& clock_;
  std::mt19937_64& random_;
  std::deque<Sent> sent_;  // the first stored_ are in the topic
  std::size_t stored_ = 0;
  struct Delivered {
    Ticket ticket;
    std::uint64_t bytes;
  };
  std::vector<Delivered> delivered_;  // for the next Poll
  std::uint64_t bytes_ = 0;
  Millis last_store_{0};
  unsigned lose_acks_ = 0;
  Millis fail_at_ = Millis::max();
  bool failed_ = false;
  bool told_ = false;
  bool refused_ = false;
  Millis restart_at_{0};
};

}  // namespace routerate
