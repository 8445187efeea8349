// AgentEvents as Prometheus metrics and as a log that is quiet when all is well: the only place
// where the agent's happenings become text.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "agent/agent_events.h"
#include "agent/delivery_metrics.h"
#include "agent/input_metrics.h"
#include "agent/log_budget.h"
#include "agent/reject_metrics.h"
#include "base/clock.h"

namespace routerate {

// Events come on the agent's thread, Scrape and Healthy are called on the HTTP server's.
class AgentMetrics final : public AgentEvents {
 public:
  // Borrows the clock.
  explicit AgentMetrics(const Clock& clock);

  // The text exposition format, version 0.0.4.
  std::string Scrape() const;
  // The loop has stepped within the last 30 s.
  bool Healthy() const;

  void InputsUsed(const std::vector<std::string>& patterns) override;
  void BytesRead(std::size_t input, std::uint64_t bytes) override;
  void LinesRead(std::size_t input, const LineCounts& counts) override;
  void LineRejected(std::string_view path, const RejectedLine& line) override;
  void BytesLost(std::string_view path, LossReason reason, std::uint64_t bytes) override;
  void FileOpened(std::string_view path, std::uint64_t offset) override;
  void FileRotated(std::string_view path) override;
  void FileTruncated(std::string_view path, std::uint64_t offset) override;
  void FileClosed(std::string_view path, std::uint64_t offset) override;
  void FileFailed(std::string_view what) override;
  void InputEmpty(std::string_view pattern) override;
  void RecordSent(std::uint64_t bytes) override;
  void RecordDelivered(Millis latency) override;
  void RecordsLost(std::string_view why) override;
  void RecordSplit() override;
  void LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes) override;
  void KafkaTopicUsed(std::string_view topic) override;
  void KafkaError(KafkaErrorClass error_class) override;
  void KafkaTroubled(const KafkaTrouble& trouble) override;
  void KafkaRecovered(std::string_view topic, Millis after) override;
  void DeadLetterSent(std::uint64_t bytes) override;
  void DeadLetterDelivered() override;
  void DeadLettersLost(std::uint64_t lines, std::string_view why) override;
  void LabelsRead(std::size_t labels, std::size_t left_out) override;
  void LabelsFailed(std::string_view what) override;
  void CheckpointSaved() override;
  void CheckpointFailed(std::string_view what) override;
  void BytesReclaimed(std::string_view path, std::uint64_t bytes) override;
  void ReclaimRefused(std::string_view why, std::string_view remedy) override;
  void Stepped(const AgentGauges& gauges) override;

 private:
  using Counter = std::atomic<std::uint64_t>;
  void ExposeFiles(Exposition* page) const;
  void ExposeGauges(Exposition* page) const;
  void ExposeLabels(Exposition* page) const;
  void TellUntold(Millis now);

  const Clock& clock_;
  InputMetrics inputs_;
  RejectMetrics rejects_;
  std::array<Counter, kLossReasonCount> lost_{};
  Counter files_opened_{0};
  Counter files_rotated_{0};
  Counter files_truncated_{0};
  Counter file_errors_{0};
  DeliveryMetrics delivery_;
  Counter checkpoints_saved_{0};
  Counter checkpoint_failures_{0};
  std::atomic<WallMs> checkpoint_saved_at_{0};
  Counter bytes_reclaimed_{0};
  Counter reclaims_refused_{0};
  Counter label_failures_{0};
  std::atomic<std::uint64_t> labels_{0};
  std::atomic<std::uint64_t> labels_left_out_{0};
  std::atomic<std::int64_t> stepped_at_{0};  // monotonic, ms
  mutable std::mutex mutex_;
  AgentGauges gauges_;               // Guarded by mutex_.
  bool checkpoint_failing_ = false;  // agent's thread only
  std::string labels_failure_;       // as it was told; empty: all is well. Agent's thread only
  LogBudget openings_;               // agent's thread only
  LogBudget failures_;               // agent's thread only
};

}  // namespace routerate
