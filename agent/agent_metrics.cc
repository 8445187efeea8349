// Counters are atomics, so that a scrape never waits for the loop.
#include "agent/agent_metrics.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "agent/scrape_metrics.h"

namespace routerate {
namespace {

using prometheus::MetricType;

constexpr Millis kStepsWithin{30'000};

// In seconds, at `now`; 0 if there is nothing to be old.
double AgeOf(std::optional<Millis> since, Millis now) {
  return since ? static_cast<double>((now - *since).count()) / 1000 : 0;
}

}  // namespace

std::string_view LossReasonName(LossReason reason) {
  constexpr std::array<std::string_view, kLossReasonCount> kNames = {
      "long_line",  "nul_bytes", "truncated", "no_newline",
      "read_error", "gone",      "deleted",   "too_large"};
  return kNames[static_cast<std::size_t>(reason)];
}

AgentMetrics::AgentMetrics(const Clock& clock) : clock_(clock) {
  stepped_at_ = clock.Monotonic().count();
}

bool AgentMetrics::Healthy() const {
  return clock_.Monotonic().count() - stepped_at_ < kStepsWithin.count();
}

std::string AgentMetrics::Scrape() const {
  Exposition e;
  inputs_.Expose(&e);
  rejects_.Expose(&e);
  ExposeFiles(&e);
  delivery_.Expose(&e);
  e.Counter("routerate_agent_checkpoints_total", "Checkpoints saved.", checkpoints_saved_);
  e.Counter("routerate_agent_checkpoint_failures_total", "Checkpoints that could not be saved.",
            checkpoint_failures_);
  e.Gauge("routerate_agent_checkpoint_timestamp_seconds", "When the last checkpoint was saved.",
          static_cast<double>(checkpoint_saved_at_) / 1000);
  ExposeLabels(&e);
  ExposeGauges(&e);
  return e.Text();
}

void AgentMetrics::ExposeFiles(Exposition* page) const {
  Exposition& e = *page;
  e.Begin("routerate_agent_lost_bytes_total", "Log bytes known never to be shipped.",
          MetricType::Counter);
  for (std::size_t i = 0; i < lost_.size(); ++i) {
    e.Add({{"reason", std::string(LossReasonName(static_cast<LossReason>(i)))}},
          static_cast<double>(lost_[i]));
  }
  e.Counter("routerate_agent_files_opened_total", "Files begun or resumed.", files_opened_);
  e.Counter("routerate_agent_files_rotated_total", "Files whose name left the inputs.",
            files_rotated_);
  e.Counter("routerate_agent_files_truncated_total", "Files found shorter than read.",
            files_truncated_);
  e.Counter("routerate_agent_file_errors_total", "Failures to list, open or read.", file_errors_);
  e.Counter("routerate_agent_reclaimed_bytes_total", "Bytes of logs whose blocks were given back.",
            bytes_reclaimed_);
  e.Counter("routerate_agent_reclaim_refusals_total",
            "Directories with logs whose blocks cannot be given back, by cause.",
            reclaims_refused_);
}

void AgentMetrics::ExposeLabels(Exposition* page) const {
  Exposition& e = *page;
  e.Gauge("routerate_agent_labels", "Labels of the pod that heartbeats tell.",
          static_cast<double>(labels_));
  e.Gauge("routerate_agent_labels_left_out",
          "Lines of source.labels_file that are no labels, or more than heartbeats tell.",
          static_cast<double>(labels_left_out_));
  e.Counter("routerate_agent_labels_failures_total", "Failures to read source.labels_file.",
            label_failures_);
}

// Ages are of now, not of the last step: a loop that stands still lets them grow.
void AgentMetrics::ExposeGauges(Exposition* page) const {
  Exposition& e = *page;
  const std::lock_guard lock(mutex_);
  const Millis now = clock_.Monotonic();
  e.Gauge("routerate_agent_checkpoint_age_seconds",
          "How long the checkpoint on disk has been behind what is acknowledged; 0: it is not.",
          AgeOf(gauges_.unsaved_since, now));
  e.Gauge("routerate_agent_oldest_unacknowledged_seconds",
          "Since when the oldest line that was read waits to be acknowledged; 0: none waits.",
          AgeOf(gauges_.waiting_since, now));
  e.Gauge("routerate_agent_in_flight_bytes", "Bytes sent and not acknowledged.",
          static_cast<double>(gauges_.bytes_in_flight));
  e.Gauge("routerate_agent_in_flight_records", "Records sent and not acknowledged.",
          static_cast<double>(gauges_.records_in_flight));
  e.Gauge("routerate_agent_watermark_timestamp_seconds",
          "Every line written up to then has been sent.",
          static_cast<double>(gauges_.watermark_ms) / 1000);
}

void AgentMetrics::InputsUsed(const std::vector<std::string>& patterns) {
  inputs_.InputsUsed(patterns);
}

void AgentMetrics::BytesRead(std::size_t input, std::uint64_t bytes) {
  inputs_.BytesRead(input, bytes);
}

void AgentMetrics::LinesRead(std::size_t input, const LineCounts& counts) {
  inputs_.LinesRead(input, counts);
}

void AgentMetrics::LineRejected(std::string_view path, const RejectedLine& line) {
  rejects_.LineRejected(path, line, clock_.Monotonic());
}

void AgentMetrics::BytesLost(std::string_view path, LossReason reason, std::uint64_t bytes) {
  lost_[static_cast<std::size_t>(reason)] += bytes;
  if (reason == LossReason::kTooLarge) return;  // LineTooLarge tells it, at a bounded rate
  spdlog::warn("{}: {} bytes will not be shipped: {}", path, bytes, LossReasonName(reason));
}

void AgentMetrics::FileOpened(std::string_view path, std::uint64_t offset) {
  ++files_opened_;
  if (!openings_.Spend(path, clock_.Monotonic())) return;
  spdlog::info("{}: following from byte {}", path, offset);
}

void AgentMetrics::FileRotated(std::string_view path) {
  ++files_rotated_;
  spdlog::debug("{}: no input leads to it any more; reading its rest", path);
}

void AgentMetrics::FileTruncated(std::string_view path, std::uint64_t offset) {
  ++files_truncated_;
  spdlog::info("{}: truncated after byte {} was read; following from byte 0", path, offset);
}

void AgentMetrics::FileClosed(std::string_view path, std::uint64_t offset) {
  spdlog::debug("{}: closed, all {} bytes acknowledged", path, offset);
}

void AgentMetrics::FileFailed(std::string_view what) {
  ++file_errors_;
  if (failures_.Spend(what, clock_.Monotonic())) spdlog::warn("{}; trying again", what);
}

void AgentMetrics::InputEmpty(std::string_view pattern) {
  spdlog::warn("no file matches {} yet; looking for it", pattern);
}

void AgentMetrics::RecordSent(std::uint64_t bytes) { delivery_.RecordSent(bytes); }
void AgentMetrics::RecordDelivered(Millis latency) { delivery_.RecordDelivered(latency); }
void AgentMetrics::RecordsLost(std::string_view why) { delivery_.RecordsLost(why); }
void AgentMetrics::RecordSplit() { delivery_.RecordSplit(); }

void AgentMetrics::LineTooLarge(std::string_view path, std::uint64_t offset, std::uint64_t bytes) {
  delivery_.LineTooLarge(path, offset, bytes, clock_.Monotonic());
}

void AgentMetrics::KafkaTopicUsed(std::string_view topic) { delivery_.KafkaTopicUsed(topic); }
void AgentMetrics::KafkaError(KafkaErrorClass error_class) { delivery_.KafkaError(error_class); }
void AgentMetrics::KafkaTroubled(const KafkaTrouble& trouble) { delivery_.KafkaTroubled(trouble); }

void AgentMetrics::KafkaRecovered(std::string_view topic, Millis after) {
  delivery_.KafkaRecovered(topic, after);
}

void AgentMetrics::DeadLetterSent(std::uint64_t bytes) { rejects_.DeadLetterSent(bytes); }
void AgentMetrics::DeadLetterDelivered() { rejects_.DeadLetterDelivered(); }
void AgentMetrics::DeadLettersLost(std::uint64_t lines, std::string_view why) {
  rejects_.DeadLettersLost(lines, why, clock_.Monotonic());
}

void AgentMetrics::LabelsRead(std::size_t labels, std::size_t left_out) {
  labels_ = labels;
  labels_left_out_ = left_out;
  labels_failure_.clear();
  spdlog::info("source.labels_file: {} labels", labels);
  if (left_out > 0) {
    spdlog::warn("source.labels_file: {} lines are no labels, or too many; left out", left_out);
  }
}

void AgentMetrics::LabelsFailed(std::string_view what) {
  ++label_failures_;
  if (labels_failure_ == what) return;
  labels_failure_ = what;
  spdlog::warn("source.labels_file: {}; trying again, heartbeats tell what was read last", what);
}

void AgentMetrics::CheckpointSaved() {
  ++checkpoints_saved_;
  checkpoint_saved_at_ = clock_.Wall();
  if (std::exchange(checkpoint_failing_, false)) spdlog::info("checkpoint saved again");
}

void AgentMetrics::CheckpointFailed(std::string_view what) {
  ++checkpoint_failures_;
  if (std::exchange(checkpoint_failing_, true)) return;
  spdlog::error("checkpoint not saved: {}; shipping goes on, the one before stays valid", what);
}

void AgentMetrics::BytesReclaimed(std::string_view path, std::uint64_t bytes) {
  bytes_reclaimed_ += bytes;
  spdlog::debug("{}: blocks of {} acknowledged bytes given back", path, bytes);
}

void AgentMetrics::ReclaimRefused(std::string_view why, std::string_view remedy) {
  ++reclaims_refused_;
  spdlog::warn("reclaim: {}; the log is followed and keeps its blocks; {}", why, remedy);
}

void AgentMetrics::Stepped(const AgentGauges& gauges) {
  const Millis now = clock_.Monotonic();
  stepped_at_ = now.count();
  rejects_.Stepped(now);
  inputs_.Stepped(gauges.inputs);
  TellUntold(now);
  const std::lock_guard lock(mutex_);
  gauges_ = gauges;
}

void AgentMetrics::TellUntold(Millis now) {
  if (const auto files = openings_.TakeUntold(now); files > 0) {
    spdlog::info("following {} more files", files);
  }
  if (const auto failures = failures_.TakeUntold(now); failures > 0) {
    spdlog::warn("{} more failures to list, open or read; trying again", failures);
  }
}

}  // namespace routerate
