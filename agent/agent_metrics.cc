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

}  // namespace

std::string_view LossReasonName(LossReason reason) {
  constexpr std::array<std::string_view, kLossReasonCount> kNames = {
      "long_line", "nul_bytes", "truncated", "no_newline", "read_error", "gone"};
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
  e.Counter("routerate_agent_read_bytes_total", "Log bytes read.", bytes_read_);
  rejects_.Expose(&e);
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
  e.Counter("routerate_agent_records_sent_total", "Records of events handed to Kafka's client.",
            records_sent_);
  e.Counter("routerate_agent_record_bytes_total", "Bytes of their values, before compression.",
            record_bytes_);
  e.Counter("routerate_agent_records_delivered_total", "Records of events acknowledged.",
            records_delivered_);
  e.Begin("routerate_agent_delivery_seconds_total",
          "Time from sending to acknowledgement, summed over records.", MetricType::Counter);
  e.Add({}, static_cast<double>(delivery_ms_) / 1000);
  e.Counter("routerate_agent_resends_total", "Times that everything in flight was sent again.",
            losses_);
  e.Counter("routerate_agent_checkpoints_total", "Checkpoints saved.", checkpoints_saved_);
  e.Counter("routerate_agent_checkpoint_failures_total", "Checkpoints that could not be saved.",
            checkpoint_failures_);
  e.Gauge("routerate_agent_checkpoint_timestamp_seconds", "When the last checkpoint was saved.",
          static_cast<double>(checkpoint_saved_at_) / 1000);
  const std::lock_guard lock(mutex_);
  e.Gauge("routerate_agent_open_files", "Files followed.", static_cast<double>(gauges_.files_open));
  e.Gauge("routerate_agent_behind_bytes", "Bytes written to the logs and not read.",
          static_cast<double>(gauges_.bytes_behind));
  e.Gauge("routerate_agent_in_flight_bytes", "Bytes sent and not acknowledged.",
          static_cast<double>(gauges_.bytes_in_flight));
  e.Gauge("routerate_agent_watermark_timestamp_seconds",
          "Every line written up to then has been sent.",
          static_cast<double>(gauges_.watermark_ms) / 1000);
  return e.Text();
}

void AgentMetrics::BytesRead(std::uint64_t bytes) { bytes_read_ += bytes; }
void AgentMetrics::LinesRead(const LineCounts& counts) { rejects_.LinesRead(counts); }

void AgentMetrics::LineRejected(std::string_view path, const RejectedLine& line) {
  rejects_.LineRejected(path, line, clock_.Monotonic());
}

void AgentMetrics::BytesLost(std::string_view path, LossReason reason, std::uint64_t bytes) {
  lost_[static_cast<std::size_t>(reason)] += bytes;
  spdlog::warn("{}: {} bytes will not be shipped: {}", path, bytes, LossReasonName(reason));
}

void AgentMetrics::FileOpened(std::string_view path, std::uint64_t offset) {
  ++files_opened_;
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
  spdlog::warn("{}; trying again", what);
}

void AgentMetrics::InputEmpty(std::string_view pattern) {
  spdlog::warn("no file matches {} yet; looking for it", pattern);
}

void AgentMetrics::RecordSent(std::uint64_t bytes) {
  ++records_sent_;
  record_bytes_ += bytes;
}

void AgentMetrics::RecordDelivered(Millis latency) {
  ++records_delivered_;
  delivery_ms_ += static_cast<std::uint64_t>(latency.count());
}

void AgentMetrics::RecordsLost(std::string_view why) {
  ++losses_;
  spdlog::warn("records lost on their way ({}); sending everything unacknowledged again", why);
}

void AgentMetrics::DeadLetterSent(std::uint64_t bytes) { rejects_.DeadLetterSent(bytes); }
void AgentMetrics::DeadLetterDelivered() { rejects_.DeadLetterDelivered(); }
void AgentMetrics::DeadLettersLost(std::uint64_t lines, std::string_view why) {
  rejects_.DeadLettersLost(lines, why, clock_.Monotonic());
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

void AgentMetrics::Stepped(const AgentGauges& gauges) {
  const Millis now = clock_.Monotonic();
  stepped_at_ = now.count();
  rejects_.Stepped(now);
  const std::lock_guard lock(mutex_);
  gauges_ = gauges;
}

}  // namespace routerate
