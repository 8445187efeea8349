// Parts → records → one sum. A record is added when the last of its parts is there, and each was
// found to be well formed, so never a part of it.
#include "aggregator/partition_state.h"

#include <utility>

namespace routerate {

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
  const bool news = IsNews(header);
  if (!Joins(header) || (news && !whole.wanted)) return Verdict::kIgnored;
  const bool snapshot = header.kind == CountKind::kSnapshot;
  if (snapshot && news) {
    counts_.reset();  // gives its places back first
    counts_ = NoCounts();
  }
  if (news) {
    for (const std::string& body : whole.bodies) (void)ReadCountItems(body, *counts_);
  }
  if (snapshot) {
    bytes_since_snapshot_ = 0;
    snapshot_bytes_ = whole.bytes;
    snapshot_ms_ = header.wall_ms;
    snapshot_at_ = whole.offset;
  } else {
    bytes_since_snapshot_ += whole.bytes;
    if (snapshot_ms_ == 0) snapshot_ms_ = header.wall_ms;
  }
  end_ = header.end;
  assemblies_.clear();  // whoever else was writing begins where nothing joins any more
  counts_->Forget(header.wall_ms);
  return Verdict::kAdded;
}

}  // namespace routerate
