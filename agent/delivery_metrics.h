// What became of records and how Kafka takes them, as metrics and as a log of what people can act
// on.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/agent_events.h"
#include "agent/scrape_metrics.h"
#include "base/clock.h"

namespace routerate {

// Expose is called on the HTTP server's thread, all else on the agent's. Times are monotonic.
class DeliveryMetrics {
 public:
  void Expose(Exposition* page) const;

  void RecordSent(std::uint64_t bytes);
  void RecordDelivered(Millis latency);
  void RecordsLost(std::string_view why);
  void RecordSplit() { ++split_; }
  void LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes, Millis now);
  void KafkaTopicUsed(std::string_view topic) { SetPaused(topic, 0); }
  void KafkaError(KafkaErrorClass error_class);
  void KafkaTroubled(const KafkaTrouble& trouble);
  void KafkaRecovered(std::string_view topic, Millis after);

 private:
  using Counter = std::atomic<std::uint64_t>;
  // Upper bounds of the latency's buckets; one more has no bound.
  static constexpr std::array kBuckets = {
      Millis{5},     Millis{10},    Millis{25},    Millis{50},    Millis{100},
      Millis{250},   Millis{500},   Millis{1000},  Millis{2500},  Millis{5000},
      Millis{10000}, Millis{30000}, Millis{60000}, Millis{300000}};
  void ExposeLatency(Exposition* page) const;
  void ExposeErrors(Exposition* page) const;
  void SetPaused(std::string_view topic, int paused);

  Counter sent_{0};
  Counter bytes_{0};
  Counter delivered_{0};
  Counter latency_ms_{0};  // summed
  std::array<Counter, kBuckets.size() + 1> latencies_{};
  Counter losses_{0};
  Counter split_{0};
  Counter oversize_{0};
  std::array<Counter, kKafkaErrorClassCount> errors_{};
  Millis oversize_told_at_{-1'000'000};  // agent's thread only
  std::uint64_t oversize_untold_ = 0;    // agent's thread only
  mutable std::mutex mutex_;
  std::map<std::string, int> paused_;  // topic → 1 or 0. Guarded by mutex_.
};

}  // namespace routerate
