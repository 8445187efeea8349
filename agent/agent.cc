// One step of the pipeline file → batch → sink → acknowledgement → checkpoint. Promises: a
// checkpoint never runs ahead of an acknowledgement; a file's id is on disk before its lines are
// sent; reading stops at max_in_flight, for the log file is the buffer.
#include "agent/agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace routerate {
namespace {

constexpr Millis kSaveInterval{1000};
// A file whose changes are not told is looked at again so soon, if it grew, then less and less
// often, up to scan_interval.
constexpr Millis kLookSoon{50};
// Rounds of reading in a step, so that heartbeats and new files wait for no backlog, not even for
// one that gives no records.
constexpr int kRounds = 32;

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
      outbox_(options, sinks, events),
      labels_(options.source.labels_file, file_system, events),
      reclaim_(options, file_system, events) {
  std::vector<std::string> patterns;
  std::ranges::transform(options.inputs, std::back_inserter(patterns), &InputOptions::path);
  events_.InputsUsed(patterns);
}

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
  if (!at_rest_) CloseFinished();
  MeasureBacklog();
  if (std::exchange(stirred_, false)) LookOver();
  SaveCheckpointWhenDue();
  Report();
  return MakePlan(pass);
}

void Agent::TakeAcknowledgements() {
  const std::uint64_t before = outbox_.records_in_flight();
  if (outbox_.Poll(now_)) Recover();
  // A heartbeat's acknowledgement is news of no file.
  stirred_ |= gauges_.waiting_since && outbox_.records_in_flight() != before;
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
  batched_ = 0;
  // What was sent up to then is not any more.
  watermark_ = outbox_.delivered_watermark();
  at_rest_ = false;
}

void Agent::LookAtNames(const FileChanges& changes) {
  files_.Tell(changes);
  const bool scans = now_ >= files_.next_scan();
  if (scans) {
    files_.Scan(now_, wall_);
    files_.ScanTook(clock_.Monotonic() - now_);
  }
  if (changes.Empty() && !scans) return;
  at_rest_ = false;
  stirred_ = true;
}

// Many small batches take as much room as what is on its way.
bool Agent::Full() const { return outbox_.bytes_in_flight() + batched_ >= options_.max_in_flight; }

Agent::Pass Agent::ReadFiles() {
  bool more = !at_rest_;
  for (int round = 0; round < kRounds && more && !Full() && !blocked_; ++round) {
    more = ReadRound();
  }
  return more ? Pass::kMoreToRead : Pass::kAtEnd;
}

// Each file gets one buffer a round, and a round begins behind the file that was read last, so that
// none starves another however little Kafka takes. A file that comes meanwhile is more to read.
bool Agent::ReadRound() {
  bool more = false;
  const std::size_t first = next_turn_;
  for (std::size_t i = 0; i < files_.files().size(); ++i) {
    more = ReadFile((first + i) % files_.files().size()) || more;
  }
  return more;
}

// Returns whether the file may have more to read.
bool Agent::ReadFile(std::size_t index) {
  TailedFile& file = *files_.files()[index];
  const bool asked = file.where.told.empty() || file.WaitsForHole();
  if (!file.looks.wanted && !(asked && now_ >= file.looks.next)) return false;
  if (Full() || blocked_) return true;
  file.looks.wanted = stirred_ = true;
  next_turn_ = index + 1;
  batched_ -= file.batch_bytes();
  const TailedFile::Progress progress = file.ReadSome(buffer_, now_, events_);
  batched_ += file.batch_bytes();
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
    case TailedFile::Progress::kStale:
      if (!files_.ReplaceStale(index)) return false;
      [[fallthrough]];
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
  stirred_ = true;
  SaveNames(file);
  batched_ -= file.batch_bytes();
  blocked_ = !outbox_.SendBatch(file, watermark_, now_);
  batched_ += file.batch_bytes();
  if (blocked_) return false;
  file.ReturnRoom(buffer_);
  file.looks.sent_up_to = file.looks.caught_up_at;
  return true;
}

// What is about to be sent is known again after a restart. Not tried for each batch while the disk
// is full.
void Agent::SaveNames(const TailedFile& file) {
  const bool changed = files_.TakeChanged();  // one checkpoint has both
  if ((changed || file.EvidenceUnsaved()) && (!save_failed_ || now_ >= next_save_))
    SaveCheckpoint();
}

// A lone line leaves at once; when others left within `linger`, it waits for company. Full batches
// are no company: they may come without end. A summary waits for a second's lines.
void Agent::SendDueBatches() {
  if (at_rest_) return;
  const bool due = now_ - last_send_ >= options_.linger || Full();
  for (const auto& file : files_.files()) {
    if (!file->HasUnflushed() || blocked_) continue;
    if (WaitsForSummary(*file)) {
      if (Full() || now_ >= SummaryEnd(*file)) SendNow(*file);
      continue;
    }
    if (due || file->batch_bytes() == 0) SendNow(*file);
    if (due) last_send_ = now_;
  }
}

// Rejected lines wait with it; events do not. An agent that drains has no time for it.
bool Agent::WaitsForSummary(const TailedFile& file) const {
  return phase_ == Phase::kRunning && !file.summary().Empty() && file.batch().empty();
}

Millis Agent::SummaryEnd(const TailedFile& file) {
  return file.waiting_in_batch_since() + kSummaryTime;
}

// Every line that was in a file when it was last looked at has been read; if it has left too, that
// time is the new watermark. A file whose changes are told has no lines that are not. Of one whose
// lines wait in a batch, those count that left before.
void Agent::AdvanceWatermark(Pass pass) {
  if (pass != Pass::kAtEnd || blocked_ || unreadable_) return;
  const WallMs names = files_.names_seen_at(wall_);
  if (at_rest_) {
    watermark_ = names;
    return;
  }
  WallMs seen = names;
  bool waiting = false;
  for (const auto& file : files_.files()) {
    if (file->IsHeldUp()) return;
    auto& looks = file->looks;
    if (file->HasUnflushed() || looks.wanted) {
      waiting = true;
    } else if (file->HasFile()) {
      looks.sent_up_to = file->where.told.empty() ? looks.caught_up_at : names;
    } else {
      continue;
    }
    seen = std::min(seen, looks.sent_up_to);
  }
  // What was said stays said, unless the clock was set back.
  watermark_ = waiting && watermark_ <= wall_ ? std::max(watermark_, seen) : seen;
}

void Agent::Beat() {
  if (now_ < next_beat_ || phase_ == Phase::kSayingGoodbye || phase_ == Phase::kGone) return;
  const PodDescription pod{options_.source.workload, labels_.Look(now_)};
  beat_owed_ = !outbox_.SendHeartbeats(pod, watermark_, now_);
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
  const auto has_batch = [](const auto& file) { return file->HasUnflushed(); };
  if (phase_ == Phase::kDraining && pass == Pass::kAtEnd && outbox_.Empty() && !blocked_ &&
      now_ - last_line_ >= options_.drain_quiet &&
      std::ranges::none_of(files_.files(), has_batch)) {
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
  if (auto saved = store_.Save(files_.Checkpoint(clock_.Wall())); !saved) {
    save_failed_ = true;
    next_save_ = now_ + kSaveInterval;
    NoteUnsaved();
    events_.CheckpointFailed(saved.error().message);
  } else {
    save_failed_ = false;
    gauges_.unsaved_since.reset();
    files_.CheckpointSaved();
    stirred_ = true;  // files may be at rest now
    events_.CheckpointSaved();
    reclaim_.CheckpointSaved(files_.files());
  }
}

// The first after a start, and then one a second at most: those for names are no reason to wait, or
// an agent that is killed again and again would never get on.
void Agent::SaveCheckpointWhenDue() {
  const bool news = gauges_.unsaved_since || reclaim_.WantsCheckpoint();
  if (now_ < next_save_ || !news) return;
  next_save_ = now_ + kSaveInterval;
  SaveCheckpoint();
}

void Agent::NoteUnsaved() { gauges_.unsaved_since = gauges_.unsaved_since.value_or(now_); }

void Agent::CloseFinished() {
  const std::size_t before = files_.files().size();
  files_.CloseFinished(now_, wall_);
  if (files_.files().size() == before) return;
  stirred_ = true;
  NoteUnsaved();
}

}  // namespace routerate
