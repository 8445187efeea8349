// Parts → records → one sum. A record is added when the last of its parts is there, and each was
// found to be well formed, so never a part of it.
#include "aggregator/partition_state.h"

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

// An owner tells at least every ten seconds. What is longer is an outage: nobody could tell.
constexpr Millis kLongestQuiet{30'000};

}  // namespace

PartitionState::Verdict PartitionState::Add(const CountPart& part, std::int64_t offset) {
  const CountHeader& header = part.header;
  Assembly& assembly = assemblies_[header.writer];
  if (header.part == 0) {
    assembly = {.sequence = header.sequence, .offset = offset, .wanted = IsNews(header)};
  }
  const bool fits = assembly.sequence == header.sequence && assembly.parts == header.part;
  // Its beginning is not there any more, or was damaged.
  if (!fits || !AreCountItems(part.body)) {
    assemblies_.erase(header.writer);
    return fits ? Verdict::kDamaged : Verdict::kIgnored;
  }
  ++assembly.parts;
  assembly.bytes += part.body.size();
  if (assembly.wanted) assembly.bodies.emplace_back(part.body);
  if (assembly.parts < header.parts) return Verdict::kMorePartsToCome;
  const Assembly whole = std::move(assembly);
  assemblies_.erase(header.writer);
  return Finish(header, whole);
}

bool PartitionState::Joins(const CountHeader& header) const {
  return header.kind == CountKind::kSnapshot ? header.end >= end_ : header.begin == end_;
}

// What a snapshot tells of what is known already is the same.
bool PartitionState::IsNews(const CountHeader& header) const {
  return Joins(header) && (header.kind == CountKind::kDelta || header.end > end_);
}

PartitionState::Verdict PartitionState::Finish(const CountHeader& header, const Assembly& whole) {
  if (!Joins(header) || (IsNews(header) && !whole.wanted)) return Verdict::kIgnored;
  header.kind == CountKind::kSnapshot ? AddSnapshot(header, whole) : AddDelta(header, whole);
  end_ = header.end;
  told_ms_ = std::max(told_ms_, header.wall_ms);
  assemblies_.clear();  // whoever else was writing begins where nothing joins any more
  counts_->Forget(header.wall_ms);
  return Verdict::kAdded;
}

void PartitionState::AddDelta(const CountHeader& header, const Assembly& delta) {
  const Millis quiet{header.wall_ms - told_ms_};
  if (told_ms_ > 0 && quiet > kLongestQuiet) counts_->ExcuseSilence(quiet);
  counts_->HearAt(header.wall_ms);
  for (const std::string& body : delta.bodies) (void)ReadCountItems(body, *counts_);
  bytes_since_snapshot_ += delta.bytes;
  if (snapshot_ms_ == 0) snapshot_ms_ = header.wall_ms;
}

void PartitionState::AddSnapshot(const CountHeader& header, const Assembly& snapshot) {
  if (IsNews(header)) {
    counts_.reset();  // gives its places back first
    counts_ = NoCounts();
    for (const std::string& body : snapshot.bodies) (void)ReadCountItems(body, *counts_);
  }
  bytes_since_snapshot_ = 0;
  snapshot_bytes_ = snapshot.bytes;
  snapshot_ms_ = header.wall_ms;
  snapshot_at_ = snapshot.offset;
}

}  // namespace routerate
