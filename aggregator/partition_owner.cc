// One delta at a time is on its way; what is counted meanwhile comes behind it.
#include "aggregator/partition_owner.h"

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

constexpr std::size_t kPartBytes = 256 << 10;  // well below what Kafka takes by default, a MiB
// A log that says nothing must still say that time goes on, for what is forgotten hangs on that.
constexpr Millis kTellTime{10'000};
// Replay is at most so many times the state itself, or so many bytes, or so old.
constexpr std::uint64_t kBytesBySnapshot = 2;
constexpr std::uint64_t kLeastBytes = 4 << 20;
constexpr Millis kSnapshotAge{3'600'000};

void Append(const CountHeader& header, const std::vector<std::string>& bodies, CountsLog& log) {
  for (std::string& value : EncodeParts(header, bodies)) {
    log.Append(header.partition, std::move(value));
  }
}

}  // namespace

void PartitionOwner::Begin() {
  reading_ = true;
  caught_up_at_.reset();
  snapshot_on_its_way_ = false;
  pending_.reset();
  begin_ = next_ = state_.end();
  delta_.emplace(counting_, state_.counts());
}

std::optional<std::size_t> PartitionOwner::Count(const RecordHeaders& headers,
                                                 const ConsumedRecord& record, WallMs now) {
  next_ = record.offset + 1;
  return delta_->Count(headers, record.value, {record.record_ms, now});
}

void PartitionOwner::Flush(CountHeader header, CountsLog& log) {
  if (!reading_ || pending_ || next_ < 0) return;
  if (WantsSnapshot(header.wall_ms)) AppendSnapshot(header, log);
  const bool silent = told_ms_ && header.wall_ms - *told_ms_ < kTellTime.count();
  if (next_ == begin_ && silent) return;
  header.begin = begin_;
  header.end = next_;
  header.snapshot_at = state_.snapshot_at();
  header.sequence = next_sequence_++;
  CountItemWriter items(kPartBytes);
  delta_->Tell(items);
  Append(header, items.TakeParts(), log);
  delta_->Told();
  told_ms_ = header.wall_ms;
  pending_ = Pending{header.sequence, header.end};
  begin_ = next_;
}

bool PartitionOwner::WantsSnapshot(WallMs now) const {
  if (snapshot_on_its_way_ || state_.end() < 0) return false;
  const bool old = now - state_.snapshot_ms() >= kSnapshotAge.count();
  return state_.bytes_since_snapshot() >=
             std::max(kLeastBytes, kBytesBySnapshot * state_.snapshot_bytes()) ||
         (old && state_.bytes_since_snapshot() > 0);
}

void PartitionOwner::AppendSnapshot(CountHeader header, CountsLog& log) {
  header.kind = CountKind::kSnapshot;
  header.end = state_.end();
  header.snapshot_at = state_.snapshot_at();
  header.sequence = next_sequence_++;
  CountItemWriter items(kPartBytes);
  state_.counts().Tell(items);
  Append(header, items.TakeParts(), log);
  snapshot_on_its_way_ = true;
}

bool PartitionOwner::Added(const CountHeader& header, PartitionState::Verdict verdict,
                           std::uint64_t writer) {
  using Verdict = PartitionState::Verdict;
  const bool ours = header.writer == writer && header.kind == CountKind::kDelta;
  if (header.writer == writer && !ours) snapshot_on_its_way_ = false;
  if (ours && pending_ && pending_->sequence == header.sequence) {
    if (verdict == Verdict::kMorePartsToCome) return true;
    if (verdict != Verdict::kAdded) return false;
    delta_->Known();
    pending_.reset();
    return true;
  }
  return verdict != Verdict::kAdded || header.writer == writer || !reading_;
}

}  // namespace routerate
