// What became of lines that are not as their format promises, as metrics and as a log that no flood
// of garbage can fill.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "agent/agent_events.h"
#include "agent/reject_ledger.h"
#include "agent/scrape_metrics.h"
#include "base/clock.h"

namespace routerate {

// Expose is called on the HTTP server's thread, all else on the agent's. Times are monotonic.
class RejectMetrics {
 public:
  void Expose(Exposition* page) const;

  void LineRejected(std::string_view path, const RejectedLine& line, Millis now);
  void DeadLetterSent(std::uint64_t bytes);
  void DeadLetterDelivered();
  void DeadLettersLost(std::uint64_t lines, std::string_view why, Millis now);
  // Says what was not shown, when that is due.
  void Stepped(Millis now);

 private:
  using Counter = std::atomic<std::uint64_t>;
  void ExposeDeadLetters(Exposition* page) const;

  std::array<Counter, kRejectReasonCount> rejected_by_reason_{};
  Counter dead_letters_sent_{0};
  Counter dead_letter_bytes_{0};
  Counter dead_letters_delivered_{0};
  Counter dead_letters_lost_{0};
  Millis loss_told_at_{-1'000'000};  // agent's thread only
  std::uint64_t losses_untold_ = 0;  // agent's thread only
  mutable std::mutex mutex_;
  RejectLedger ledger_;  // Guarded by mutex_.
};

}  // namespace routerate
