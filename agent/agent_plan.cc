// The end of a step: what is told of all files together, and when the next step is due. Where
// nothing becomes of the files, no step goes over them.
#include <algorithm>

#include "agent/agent.h"

namespace routerate {
namespace {

constexpr Millis kMeasureInterval{1000};
constexpr Millis kLookWhileOpen{50};

// It needs nothing before a change is told or a scan is due.
bool IsAtRest(const TailedFile& file) {
  return file.where.linked && !file.where.told.empty() && !file.looks.wanted &&
         !file.WaitsForHole() && file.AllAcknowledged() && !file.CommittedMoved();
}

}  // namespace

// Where reading stands still, nobody else sees what is written meanwhile.
void Agent::MeasureBacklog() {
  if ((!blocked_ && !Full()) || now_ < next_measure_) return;
  next_measure_ = now_ + kMeasureInterval;
  for (const auto& file : files_.files()) file->Measure();
  files_.BoundDeleted();
  stirred_ = true;
}

// In one pass, and in none while nothing becomes of them.
void Agent::LookOver() {
  gauges_.inputs.assign(options_.inputs.size(), {});
  gauges_.files_open = gauges_.bytes_behind = 0;
  gauges_.waiting_since.reset();
  at_rest_ = true;
  for (const auto& file : files_.files()) {
    InputGauges& input = gauges_.inputs[file->input()];
    const std::uint64_t open = file->HasFile() ? 1 : 0;
    gauges_.files_open += open;
    input.files_open += open;
    gauges_.bytes_behind += file->behind();
    input.bytes_behind += file->behind();
    const auto since = file->waiting_since();
    if (since) gauges_.waiting_since = std::min(*since, gauges_.waiting_since.value_or(*since));
    if (file->CommittedMoved()) NoteUnsaved();
    at_rest_ = at_rest_ && IsAtRest(*file);
  }
}

void Agent::Report() {
  gauges_.bytes_in_flight = outbox_.bytes_in_flight();
  gauges_.records_in_flight = outbox_.records_in_flight();
  gauges_.watermark_ms = watermark_;
  events_.Stepped(gauges_);
}

// When a file must be looked at that nobody may tell of.
Millis Agent::NextLook() const {
  Millis next = Millis::max();
  if (at_rest_) return next;
  for (const auto& file : files_.files()) {
    const bool asked = file->where.told.empty() || file->WaitsForHole() || file->looks.wanted;
    if (asked) next = std::min(next, file->looks.next);
  }
  return next;
}

// When the next batch is due that waits for company. While none but summaries do, the files are
// looked at now and then, whatever is told: what a rotation takes must have been read by then.
Millis Agent::BatchEnd() const {
  Millis end = Millis::max();
  if (at_rest_) return end;
  for (const auto& file : files_.files()) {
    if (!file->HasUnflushed()) continue;
    end = std::min(end, WaitsForSummary(*file) ? std::min(SummaryEnd(*file), now_ + kLookWhileOpen)
                                               : last_send_ + options_.linger);
  }
  return end;
}

Agent::Plan Agent::MakePlan(Pass pass) const {
  const Millis batch_end = BatchEnd();
  const bool open_batch = batch_end != Millis::max();
  Millis until = std::min({files_.next_scan(), next_beat_, NextLook(), batch_end});
  if (gauges_.unsaved_since) until = std::min(until, next_save_);
  // Later than that, an acknowledgement or a line ends the wait.
  const Millis quiet_at = last_line_ + options_.drain_quiet;
  if (phase_ == Phase::kDraining && now_ < quiet_at) until = std::min(until, quiet_at);
  Millis wait = std::max(until - now_, Millis{0});
  const bool stopped = Full() || blocked_ || phase_ == Phase::kSayingGoodbye;
  if (stopped) wait = kBlockedWait;
  if (pass == Pass::kMoreToRead && !stopped) wait = Millis{0};
  return {wait, open_batch || stopped ? Next::kWaitForTime : Next::kWaitForFiles};
}

}  // namespace routerate
