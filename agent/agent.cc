// One step of the pipeline file → batch → sink → acknowledgement → checkpoint. Promises: a
// checkpoint never runs ahead of an acknowledgement; a file's id is on disk before its lines are
// sent; reading stops at max_in_flight, for the log file is the buffer.
#include "agent/agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

constexpr Millis kSaveInterval{1000};

}  // namespace

Agent::Agent(const AgentOptions& options, FileSystem& file_system, const Clock& clock, Sinks sinks,
             AgentEvents& events)
    : options_(options),
      clock_(clock),
      events_(events),
      store_(file_system, options.checkpoint),
      loaded_(store_.Load()),
      checkpoint_warning_(loaded_.warning),
      files_(options, file_system, events, std::move(loaded_.entries)),
      outbox_(options, sinks, events) {}

Agent::Plan Agent::Step(Hint hint) {
  now_ = clock_.Monotonic();
  blocked_ = unreadable_ = false;
  TakeAcknowledgements();
  if (now_ >= next_scan_ || hint == Hint::kNamesChanged) {
    files_.Scan(now_);
    next_scan_ = now_ + options_.scan_interval;
  }
  if (files_.TakeChanged()) SaveCheckpoint();
  const WallMs pass_began = clock_.Wall();
  const Pass pass = ReadFiles();
  SendDueBatches();
  AdvanceWatermark(pass, pass_began);
  Beat();
  Drain(pass);
  files_.CloseFinished(now_, clock_.Wall());
  SaveCheckpointWhenDue();
  Report();
  return MakePlan(pass);
}

void Agent::TakeAcknowledgements() {
  if (outbox_.Poll(now_)) Recover();
}

// What was sent may or may not have arrived: everything unacknowledged is read and sent again,
// under the same offsets, so that whoever counts can drop what he has.
void Agent::Recover() {
  for (const auto& file : files_.files()) {
    if (!file->HasFile() && !file->AllAcknowledged()) {
      events_.BytesLost(file->path(), LossReason::kTruncated, file->read() - file->committed());
    }
    file->Rewind();
  }
  // What was sent up to then is not any more.
  watermark_ = outbox_.delivered_watermark();
}

// Each file gets one buffer a round, so that none starves another.
Agent::Pass Agent::ReadFiles() {
  bool more = true;
  while (more && !outbox_.Full() && !blocked_) {
    more = false;
    for (std::size_t i = 0; i < files_.files().size(); ++i) more = ReadFile(i) || more;
  }
  return more ? Pass::kMoreToRead : Pass::kAtEnd;
}

// Returns whether the file may have more to read.
bool Agent::ReadFile(std::size_t index) {
  if (outbox_.Full() || blocked_) return true;
  TailedFile& file = *files_.files()[index];
  const TailedFile::Progress progress = file.ReadSome(buffer_, now_, events_);
  if (progress != TailedFile::Progress::kIdle) last_line_ = now_;
  switch (progress) {
    case TailedFile::Progress::kIdle:
      return false;
    case TailedFile::Progress::kRead:
      return true;
    case TailedFile::Progress::kBatchFull:
      SendNow(file);
      return true;
    case TailedFile::Progress::kTruncated:
      if (SendNow(file)) files_.BeginAgain(index);
      return true;
    case TailedFile::Progress::kFailed:
      unreadable_ = true;
      return false;
  }
  return false;
}

bool Agent::SendNow(TailedFile& file) {
  if (files_.TakeChanged()) SaveCheckpoint();
  if (!outbox_.SendBatch(file, watermark_, now_)) {
    blocked_ = true;
    return false;
  }
  last_send_ = now_;
  return true;
}

// A lone line leaves at once; when another batch left within `linger`, it waits for company.
void Agent::SendDueBatches() {
  const bool due = now_ - last_send_ >= options_.linger;
  for (const auto& file : files_.files()) {
    if (!file->HasUnflushed() || blocked_) continue;
    const bool nothing_to_send = file->batch().empty() && file->rejects().Empty();
    if (due || nothing_to_send) SendNow(*file);
  }
}

// Every line that was in a file when the pass began has been read; if it has left too, the pass's
// beginning is the new watermark.
void Agent::AdvanceWatermark(Pass pass, WallMs pass_began) {
  const bool all_sent =
      std::ranges::none_of(files_.files(), [](const auto& file) { return file->HasUnflushed(); });
  if (pass == Pass::kAtEnd && all_sent && !blocked_ && !unreadable_) watermark_ = pass_began;
}

void Agent::Beat() {
  if (now_ < next_beat_ || phase_ == Phase::kSayingGoodbye || phase_ == Phase::kGone) return;
  outbox_.SendHeartbeats(watermark_, now_);
  next_beat_ = now_ + options_.heartbeat_interval;
}

void Agent::BeginDrain() {
  if (phase_ == Phase::kRunning) phase_ = Phase::kDraining;
  last_line_ = clock_.Monotonic();
}

void Agent::Drain(Pass pass) {
  if (phase_ == Phase::kDraining && pass == Pass::kAtEnd && outbox_.Empty() && !blocked_ &&
      now_ - last_line_ >= options_.drain_quiet) {
    SaveCheckpoint();
    phase_ = Phase::kSayingGoodbye;
  }
  if (phase_ == Phase::kSayingGoodbye) {
    const bool sent = outbox_.SendGoodbyes(watermark_, now_);
    if (sent && outbox_.Empty()) phase_ = Phase::kGone;
  }
}

std::string Agent::Remains() const {
  std::uint64_t unread = 0;
  std::size_t busy = 0;
  for (const auto& file : files_.files()) {
    const std::uint64_t size = file->status().size;
    unread += size > file->read() ? size - file->read() : 0;
    busy += file->AllAcknowledged() ? 0 : 1;
  }
  return fmt::format("{} bytes unread, {} bytes of {} files sent but not acknowledged", unread,
                     outbox_.bytes_in_flight(), busy);
}

void Agent::SaveCheckpoint() {
  next_save_ = now_ + kSaveInterval;
  if (auto saved = store_.Save(files_.Checkpoint(clock_.Wall())); !saved) {
    events_.CheckpointFailed(saved.error().message);
  } else {
    events_.CheckpointSaved();
  }
}

void Agent::SaveCheckpointWhenDue() {
  if (now_ >= next_save_ && files_.CommittedMoved()) SaveCheckpoint();
}

void Agent::Report() {
  AgentGauges gauges;
  for (const auto& file : files_.files()) {
    gauges.files_open += file->HasFile() ? 1 : 0;
    const std::uint64_t size = file->status().size;
    gauges.bytes_behind += size > file->read() ? size - file->read() : 0;
  }
  gauges.bytes_in_flight = outbox_.bytes_in_flight();
  gauges.records_in_flight = outbox_.records_in_flight();
  gauges.watermark_ms = watermark_;
  events_.Stepped(gauges);
}

Agent::Plan Agent::MakePlan(Pass pass) const {
  // Full or refused: an acknowledgement will kick, and this is in case none does.
  constexpr Millis kBlockedWait{100};
  const bool open_batch =
      std::ranges::any_of(files_.files(), [](const auto& file) { return file->HasUnflushed(); });
  Millis until = std::min(next_scan_, next_beat_);
  if (open_batch) until = std::min(until, last_send_ + options_.linger);
  if (phase_ == Phase::kDraining) until = std::min(until, now_ + options_.drain_quiet / 4);
  Millis wait = std::max(until - now_, Millis{0});
  const bool stopped = outbox_.Full() || blocked_;
  if (stopped) wait = kBlockedWait;
  if (pass == Pass::kMoreToRead && !stopped) wait = Millis{0};
  return {wait, open_batch || stopped ? Next::kWaitForTime : Next::kWaitForFiles};
}

}  // namespace routerate
