// What an agent tells of its work, as far as the simulation judges it. Outlives the agent's
// process.
#pragma once

#include <spdlog/spdlog.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/agent_events.h"
#include "tests/sim/sim_oracle.h"

namespace routerate {

class SimEvents final : public AgentEvents {
 public:
  // Without a topic for rejects, telling of one is all that is promised.
  SimEvents(SimOracle& oracle, RejectTopic rejects) : oracle_(oracle), rejects_(rejects) {}

  std::uint64_t lost(LossReason reason) const { return lost_[static_cast<std::size_t>(reason)]; }
  std::uint64_t bytes_reclaimed() const { return bytes_reclaimed_; }
  std::uint64_t checkpoints_failed() const { return checkpoints_failed_; }
  // What is on disk is not what was to be there.
  bool checkpoint_unsaved() const { return checkpoint_unsaved_; }

  void InputsUsed(const std::vector<std::string>&) override {}
  void BytesRead(std::size_t, std::uint64_t) override {}
  void LinesRead(std::size_t, const LineCounts&) override {}
  void LineRejected(std::string_view, const RejectedLine& line) override {
    if (rejects_ == RejectTopic::kNone) oracle_.OnRejectStored(line.bytes);
  }
  void BytesLost(std::string_view path, LossReason reason, std::uint64_t bytes) override {
    spdlog::debug("{}: {} bytes lost, {}", path, bytes, LossReasonName(reason));
    lost_[static_cast<std::size_t>(reason)] += bytes;
  }
  void FileOpened(std::string_view path, std::uint64_t offset) override {
    spdlog::debug("{}: opened at {}", path, offset);
  }
  void FileRotated(std::string_view path) override { spdlog::debug("{}: rotated", path); }
  void FileTruncated(std::string_view path, std::uint64_t offset) override {
    spdlog::debug("{}: truncated at {}", path, offset);
  }
  void FileClosed(std::string_view path, std::uint64_t offset) override {
    spdlog::debug("{}: closed at {}", path, offset);
  }
  void FileFailed(std::string_view what) override { spdlog::debug("failed: {}", what); }
  void InputEmpty(std::string_view) override {}
  void RecordSent(std::uint64_t) override {}
  void RecordDelivered(Millis) override {}
  void RecordsLost(std::string_view why) override { spdlog::debug("records lost: {}", why); }
  void RecordSplit() override {}
  void LineTooLarge(std::string_view, std::uint64_t, std::uint64_t) override {}
  void KafkaTopicUsed(std::string_view) override {}
  void KafkaError(KafkaErrorClass) override {}
  void KafkaTroubled(const KafkaTrouble&) override {}
  void KafkaRecovered(std::string_view, Millis) override {}
  void LabelsRead(std::size_t, std::size_t) override {}
  void LabelsFailed(std::string_view) override {}
  void DeadLetterSent(std::uint64_t) override {}
  void DeadLetterDelivered() override {}
  void DeadLettersLost(std::uint64_t lines, std::string_view) override {
    oracle_.OnDeadLettersLost(lines);
  }
  void CheckpointSaved() override { checkpoint_unsaved_ = false; }
  void CheckpointFailed(std::string_view) override {
    ++checkpoints_failed_;
    checkpoint_unsaved_ = true;
  }
  void BytesReclaimed(std::string_view path, std::uint64_t bytes) override {
    spdlog::debug("{}: {} bytes reclaimed", path, bytes);
    bytes_reclaimed_ += bytes;
  }
  void ReclaimRefused(std::string_view why, std::string_view) override {
    spdlog::debug("not reclaimed: {}", why);
  }
  void Stepped(const AgentGauges&) override {}

 private:
  SimOracle& oracle_;
  RejectTopic rejects_;
  std::array<std::uint64_t, kLossReasonCount> lost_{};
  std::uint64_t checkpoints_failed_ = 0;
  bool checkpoint_unsaved_ = false;
  std::uint64_t bytes_reclaimed_ = 0;
};

}  // namespace routerate
