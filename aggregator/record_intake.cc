// Record → its partition's counts. What is not a record of ours is counted by reason and skipped:
// the topic may hold anything.
#include "aggregator/record_intake.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"

namespace routerate {

RecordIntake::RecordIntake(const AggregatorOptions& options, RouteMatcher routes,
                           const Clock& clock)
    : options_(options), clock_(clock), routes_(std::move(routes)), budget_(options.max_series) {}

void RecordIntake::OnAssigned(int partition) {
  partitions_.erase(partition);
  partitions_.try_emplace(partition, CountingContext{options_, routes_, budget_, reader_, health_});
}

void RecordIntake::OnRevoked(int partition) { partitions_.erase(partition); }

void RecordIntake::OnCaughtUp(int partition) {
  if (const auto found = partitions_.find(partition); found != partitions_.end()) {
    found->second.MarkCaughtUp();
  }
}

void RecordIntake::OnRecord(const ConsumedRecord& record) {
  const auto found = partitions_.find(record.partition);
  RR_CHECK(found != partitions_.end());
  const auto headers = DecodeHeaders(record.headers);
  if (!headers) return Reject(record, static_cast<std::size_t>(headers.error()));
  const auto refused =
      found->second.Count(*headers, record.value, {record.record_ms, clock_.Wall()});
  if (refused) Reject(record, *refused);
}

void RecordIntake::Reject(const ConsumedRecord& record, std::size_t reason) {
  health_.RecordRejected(reason);
  last_rejection_ = fmt::format("{} in partition {} at offset {}", RejectionName(reason),
                                record.partition, record.offset);
}

void RecordIntake::Forget() {
  const WallMs now = clock_.Wall();
  for (auto& [number, partition] : partitions_) partition.Forget(now);
}

}  // namespace routerate
