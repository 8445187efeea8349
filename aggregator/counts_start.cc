// What is no record of counts names nothing.
#include "aggregator/counts_start.h"

#include <algorithm>

#include "aggregator/count_record.h"

namespace routerate {

void CountsStart::See(std::string_view value) {
  const auto part = DecodePart(value);
  if (part) snapshots_[part->header.partition] = part->header.snapshot_at;
}

std::optional<std::int64_t> CountsStart::Offset(std::size_t input_partitions) const {
  if (snapshots_.empty() || snapshots_.size() < input_partitions) return std::nullopt;
  const auto earliest = std::ranges::min_element(
      snapshots_, {}, [](const auto& snapshot) { return snapshot.second; });
  if (earliest->second < 0) return std::nullopt;
  return earliest->second;
}

}  // namespace routerate
