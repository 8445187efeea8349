// Totals are exact; by file they are what reject_ledger tells apart.
#include "agent/reject_metrics.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

namespace routerate {
namespace {

using prometheus::MetricType;

constexpr Millis kLossInterval{30'000};  // lost dead letters are told so often at most

std::string ReasonName(std::size_t reason) {
  return std::string(RejectReasonName(static_cast<RejectReason>(reason)));
}

}  // namespace

void RejectMetrics::Expose(Exposition* page) const {
  page->Begin("routerate_agent_rejected_lines_total", "Lines that gave no event.",
              MetricType::Counter);
  for (std::size_t i = 0; i < rejected_by_reason_.size(); ++i) {
    page->Add({{"reason", ReasonName(i)}}, static_cast<double>(rejected_by_reason_[i]));
  }
  page->Begin("routerate_agent_file_rejected_lines_total",
              "Lines that gave no event, by file; path is other beyond 64 files.",
              MetricType::Counter);
  const std::lock_guard lock(mutex_);
  for (const auto& [path, counts] : ledger_.CountsByPath()) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      page->Add({{"path", path}, {"reason", ReasonName(i)}}, static_cast<double>(counts[i]));
    }
  }
  ExposeDeadLetters(page);
}

void RejectMetrics::ExposeDeadLetters(Exposition* page) const {
  page->Counter("routerate_agent_dead_letters_sent_total",
                "Rejected lines handed to Kafka's client for the dead-letter topic.",
                dead_letters_sent_);
  page->Counter("routerate_agent_dead_letter_bytes_total", "Bytes of these lines.",
                dead_letter_bytes_);
  page->Counter("routerate_agent_dead_letters_delivered_total",
                "Rejected lines that the dead-letter topic has.", dead_letters_delivered_);
  page->Counter("routerate_agent_dead_letters_lost_total",
                "Rejected lines given up because Kafka refuses the dead-letter topic.",
                dead_letters_lost_);
}

void RejectMetrics::LineRejected(std::string_view path, const RejectedLine& line, Millis now) {
  ++rejected_by_reason_[static_cast<std::size_t>(line.why.reason)];
  std::optional<std::uint64_t> unshown;
  {
    const std::lock_guard lock(mutex_);
    unshown = ledger_.Count(path, line.why.reason, now);
  }
  if (!unshown) return;
  const std::string more =
      *unshown == 0 ? "" : fmt::format(" ({} more since the last one shown)", *unshown);
  spdlog::warn("{}: rejected {}{}", path, Describe(line), more);
}

void RejectMetrics::Stepped(Millis now) {
  std::vector<RejectLedger::Unshown> unshown;
  {
    const std::lock_guard lock(mutex_);
    unshown = ledger_.TakeUnshown(now);
  }
  for (const auto& [path, lines] : unshown) {
    spdlog::warn("{}: rejected {} more lines since the last one shown", path, lines);
  }
}

void RejectMetrics::DeadLetterSent(std::uint64_t bytes) {
  ++dead_letters_sent_;
  dead_letter_bytes_ += bytes;
}

void RejectMetrics::DeadLetterDelivered() { ++dead_letters_delivered_; }

void RejectMetrics::DeadLettersLost(std::uint64_t lines, std::string_view why, Millis now) {
  dead_letters_lost_ += lines;
  losses_untold_ += lines;
  if (now - loss_told_at_ < kLossInterval) return;
  loss_told_at_ = now;
  spdlog::error("dead-letter topic refused ({}): {} rejected lines given up; events go on", why,
                std::exchange(losses_untold_, 0));
}

}  // namespace routerate
