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
constexpr Millis kMeasureInterval{1000};
// A file whose changes are not told is looked at again so soon, if it grew, then less and less
// often, up to scan_interval.
constexpr Millis kLookSoon{50};
// Full, refused or failed: an acknowledgement will kick, and this is in case none does.
constexpr Millis kBlockedWait{100};

}  // namespace

Agent::Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch,
             const Clock& clock, Sinks sinks, AgentEvents& events)
    : Agent(options, file_system, watch, clock, sinks, events,
            CheckpointStore(file_system, options.checkpoint).Load()) {}

Agent::Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch,
             const Clock& clock, Sinks sinks, AgentEvents& events, CheckpointStore::Loaded loaded)
    : Agent(options, file_system, watch, clock, sinks, events,
            FileInheritance{.known = std::move(loaded.entries), .open = {}}) {
  checkpoint_warning_ = std::move(loaded.warning);
}

Agent::Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch,
             const Clock& clock, Sinks sinks, AgentEvents& events, FileInheritance inherited)
    : options_(options),
      clock_(clock),
      events_(events),
      store_(file_system, options.checkpoint),
      files_(options, file_system, watch, events, std::move(inherited)),
      outbox_(options, sinks, events) {}

FileInheritance Agent::Release() {
  SaveCheckpoint();
  return files_.Release(clock_.Wall());
}

Agent::Plan Agent::Step(const FileChanges& changes) {
  now_ = clock_.Monotonic();
  wall_ = clock_.Wall();
  blocked_ = unreadable_ = false;
  TakeAcknowledgements();
  // Before the batches that took its place the last time.
  if (beat_owed_) Beat();
  LookAtNames(changes);
  if (files_.TakeChanged()) SaveCheckpoint();
  const Pass pass = ReadFiles();
  SendDueBatches();
  AdvanceWatermark(pass);
  Beat();
  Drain(pass);
  if (!at_rest_) files_.CloseFinished(now_, wall_);
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
  at_rest_ = false;
}

void Agent::LookAtNames(const FileChanges& changes) {
  files_.Tell(changes);
  const bool scans = now_ >= files_.next_scan();
  if (scans) files_.Scan(now_, wall_);
  at_rest_ &= changes.Empty() && !scans;
}

// Each file gets one buffer a round, so that none starves another.
Agent::Pass Agent::ReadFiles() {
  bool more = !at_rest_;
  while (more && !outbox_.Full() && !blocked_) {
    more = false;
    for (std::size_t i = 0; i < files_.files().size(); ++i) more = ReadFile(i) || more;
  }
  return more ? Pass::kMoreToRead : Pass::kAtEnd;
}

// Returns whether the file may have more to read.
bool Agent::ReadFile(std::size_t index) {
  TailedFile& file = *files_.files()[index];
  const bool asked = file.where.told.empty() || file.WaitsForHole();
  if (!file.looks.wanted && !(asked && now_ >= file.looks.next)) return false;
  if (outbox_.Full() || blocked_) return true;
  file.looks.wanted = true;
  const TailedFile::Progress progress = file.ReadSome(buffer_, now_, events_);
  if (progress != TailedFile::Progress::kIdle) last_line_ = now_;
  if (progress != TailedFile::Progress::kTruncated) file.looks.seen_at = wall_;
  switch (progress) {
    case TailedFile::Progress::kIdle:
      PlanNextLook(file);
      return false;
    case TailedFile::Progress::kRead:
      file.looks.pause = Millis{0};
      return true;
    case TailedFile::Progress::kBatchFull:
      SendNow(file);
      return true;
    case TailedFile::Progress::kTruncated:
      if (SendNow(file)) files_.BeginAgain(index);
      return true;
    case TailedFile::Progress::kFailed:
      unreadable_ = true;  // and wanted: the next step tries again
      file.looks.next = now_ + kBlockedWait;
      return false;
  }
  return false;
}

// All that is there was read, or cannot be.
void Agent::PlanNextLook(TailedFile& file) {
  auto& looks = file.looks;
  looks.wanted = false;
  looks.caught_up_at = wall_;
  looks.pause = std::min(std::max(looks.pause * 2, kLookSoon), options_.scan_interval);
  looks.next = now_ + looks.pause;
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
  if (at_rest_) return;
  const bool due = now_ - last_send_ >= options_.linger;
  for (const auto& file : files_.files()) {
    if (!file->HasUnflushed() || blocked_) continue;
    const bool nothing_to_send = file->batch().empty() && file->rejects().Empty();
    if (due || nothing_to_send) SendNow(*file);
  }
}

// Every line that was in a file when it was last looked at has been read; if it has left too, that
// time is the new watermark. A file whose changes are told has no lines that are not.
void Agent::AdvanceWatermark(Pass pass) {
  if (pass != Pass::kAtEnd || blocked_ || unreadable_) return;
  WallMs seen = files_.names_seen_at(wall_);
  if (at_rest_) {
    watermark_ = seen;
    return;
  }
  for (const auto& file : files_.files()) {
    if (file->HasUnflushed()) return;
    if (file->where.told.empty() && file->HasFile())
      seen = std::min(seen, file->looks.caught_up_at);
  }
  watermark_ = seen;
}

void Agent::Beat() {
  if (now_ < next_beat_ || phase_ == Phase::kSayingGoodbye || phase_ == Phase::kGone) return;
  beat_owed_ = !outbox_.SendHeartbeats(watermark_, now_);
  if (beat_owed_) {
    blocked_ = true;
  } else {
    next_beat_ = now_ + options_.heartbeat_interval;
  }
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
    unread += file->unread();
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
  if (!at_rest_ && now_ >= next_save_ && files_.CommittedMoved()) SaveCheckpoint();
}

bool Agent::IsAtRest(const TailedFile& file) {
  return file.where.linked && !file.where.told.empty() && !file.looks.wanted &&
         !file.WaitsForHole() && file.AllAcknowledged() && !file.CommittedMoved();
}

// Where reading stands still, what is written meanwhile is seen by nobody else.
void Agent::MeasureBacklog() {
  if (!blocked_ && !outbox_.Full()) return;
  if (now_ < next_measure_) return;
  next_measure_ = now_ + kMeasureInterval;
  for (const auto& file : files_.files()) file->MeasureSize();
}

void Agent::Report() {
  MeasureBacklog();
  if (!at_rest_) {
    gauges_.files_open = gauges_.bytes_behind = 0;
    for (const auto& file : files_.files()) {
      gauges_.files_open += file->HasFile() ? 1 : 0;
      gauges_.bytes_behind += file->unread();
    }
    at_rest_ =
        std::ranges::all_of(files_.files(), [](const auto& file) { return IsAtRest(*file); });
  }
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

Agent::Plan Agent::MakePlan(Pass pass) const {
  const auto has_batch = [](const auto& file) { return file->HasUnflushed(); };
  const bool open_batch = !at_rest_ && std::ranges::any_of(files_.files(), has_batch);
  Millis until = std::min({files_.next_scan(), next_beat_, NextLook()});
  if (open_batch) until = std::min(until, last_send_ + options_.linger);
  // Later than that, an acknowledgement or a line ends the wait.
  const Millis quiet_at = last_line_ + options_.drain_quiet;
  if (phase_ == Phase::kDraining && now_ < quiet_at) until = std::min(until, quiet_at);
  Millis wait = std::max(until - now_, Millis{0});
  const bool stopped = outbox_.Full() || blocked_ || phase_ == Phase::kSayingGoodbye;
  if (stopped) wait = kBlockedWait;
  if (pass == Pass::kMoreToRead && !stopped) wait = Millis{0};
  return {wait, open_batch || stopped ? Next::kWaitForTime : Next::kWaitForFiles};
}

}  // namespace routerate
