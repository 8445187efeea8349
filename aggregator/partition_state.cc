// Parts → records → one sum.
#include "aggregator/partition_state.h"

#include <utility>

namespace routerate {

PartitionState::Verdict PartitionState::Add(const CountPart& part, std::int64_t offset) {
  const CountHeader& header = part.header;
  Assembly& assembly = assemblies_[header.writer];
  if (header.part == 0) {
    assembly = {header.sequence, 0, offset, 0, std::make_unique<PartitionCounts>(reading_)};
  }
  const bool fits = assembly.counts != nullptr && assembly.sequence == header.sequence &&
                    assembly.next_part == header.part;
  // Its beginning is not there any more, or was damaged.
  if (!fits || !ReadCounts(part.body, assembly.counts.get())) {
    assemblies_.erase(header.writer);
    return fits ? Verdict::kDamaged : Verdict::kIgnored;
  }
  ++assembly.next_part;
  assembly.bytes += part.body.size();
  if (assembly.next_part < header.parts) return Verdict::kMorePartsToCome;
  Assembly whole = std::move(assembly);
  assemblies_.erase(header.writer);
  return Finish(header, std::move(whole));
}

PartitionState::Verdict PartitionState::Finish(const CountHeader& header, Assembly whole) {
  const bool snapshot = header.kind == CountKind::kSnapshot;
  const bool joins = snapshot ? header.end >= end_ : header.begin == end_;
  if (!joins) return Verdict::kIgnored;
  if (!snapshot) {
    counts_->Merge(*whole.counts);
    bytes_since_snapshot_ += whole.bytes;
    if (snapshot_ms_ == 0) snapshot_ms_ = header.wall_ms;
  } else {
    // What is known already is the same.
    if (header.end > end_) {
      counts_.reset();  // gives its places back first
      counts_ = std::make_unique<PartitionCounts>(counting_);
      counts_->Merge(*whole.counts);
    }
    bytes_since_snapshot_ = 0;
    snapshot_bytes_ = whole.bytes;
    snapshot_ms_ = header.wall_ms;
    snapshot_at_ = whole.offset;
  }
  end_ = header.end;
  assemblies_.clear();  // whoever else was writing begins where nothing joins any more
  counts_->Forget(header.wall_ms);
  return Verdict::kAdded;
}

}  // namespace routerate
