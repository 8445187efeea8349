// What is not a record of ours is counted by reason and skipped: the topics may hold anything.
#include "aggregator/record_intake.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

// Paths whose routes are known: of all services.
constexpr std::size_t kMostRemembered = 1 << 16;

}  // namespace

RecordIntake::RecordIntake(const AggregatorOptions& options, RouteMatcher routes,
                           const Clock& clock, RecordSource& source, CountsLog& log,
                           std::uint64_t writer)
    : options_(options),
      clock_(clock),
      source_(source),
      log_(log),
      writer_(writer),
      routes_(std::move(routes)),
      series_(options.max_series),
      pod_series_(options.max_series),
      limits_{options.max_routes, series_, pod_series_},
      counting_{options_, routes_, events_, summaries_, health_} {
  routes_.AllowMemo(kMostRemembered);
}

PartitionState& RecordIntake::StateOf(int partition) {
  return partitions_.try_emplace(partition, options_, limits_, health_).first->second;
}

void RecordIntake::OnAssigned(int partition) {
  owned_.erase(partition);
  owned_.try_emplace(partition, counting_, StateOf(partition));
  if (counts_read_) BeginReading(partition);
}

void RecordIntake::BeginReading(int partition) {
  PartitionOwner& owner = owned_.at(partition);
  owner.Begin();
  source_.ReadFrom(partition, StateOf(partition).end());
}

void RecordIntake::OnRevoked(int partition) { owned_.erase(partition); }

void RecordIntake::OnCaughtUp(int partition) {
  if (const auto found = owned_.find(partition); found != owned_.end()) {
    found->second.MarkCaughtUp();
  }
}

void RecordIntake::OnRecord(const ConsumedRecord& record) {
  const auto found = owned_.find(record.partition);
  RR_CHECK(found != owned_.end() && found->second.reading());
  const auto headers = DecodeHeaders(record.headers);
  if (!headers) {
    found->second.Skip(record);
    return Reject(record, static_cast<std::size_t>(headers.error()));
  }
  const auto refused = found->second.Count(*headers, record, clock_.Wall());
  if (refused) Reject(record, *refused);
}

void RecordIntake::Reject(const ConsumedRecord& record, std::size_t reason) {
  health_.RecordRejected(reason);
  last_rejection_ = fmt::format("{} in partition {} at offset {}", RejectionName(reason),
                                record.partition, record.offset);
}

void RecordIntake::OnCounts(std::string_view value, std::int64_t offset) {
  auto part = DecodePart(value);
  if (part && part->header.topic != options_.kafka.topic) {
    part = std::unexpected(CountRecordError::kOtherTopic);
  }
  if (!part) {
    ++health_.rejected_counts[static_cast<std::size_t>(part.error())];
    return;
  }
  const int partition = part->header.partition;
  const PartitionState::Verdict verdict = StateOf(partition).Add(*part, offset);
  if (verdict == PartitionState::Verdict::kIgnored) ++health_.ignored_counts;
  const auto owner = owned_.find(partition);
  if (owner == owned_.end() || owner->second.Added(part->header, verdict, writer_)) return;
  BeginReading(partition);
}

void RecordIntake::OnCountsRead() {
  counts_read_ = true;
  for (const auto& [partition, owner] : owned_) BeginReading(partition);
}

void RecordIntake::OnAppendFailed(int partition) {
  if (owned_.contains(partition) && counts_read_) BeginReading(partition);
}

void RecordIntake::Flush() {
  CountHeader header;
  header.topic = options_.kafka.topic;
  header.writer = writer_;
  header.wall_ms = clock_.Wall();
  for (auto& [partition, owner] : owned_) {
    header.partition = partition;
    owner.Flush(header, log_);
  }
}

bool RecordIntake::Behind() const { return !counts_read_ || !PartitionsBehind().empty(); }

std::vector<int> RecordIntake::PartitionsBehind() const {
  std::vector<int> behind;
  for (const auto& [partition, owner] : owned_) {
    if (!owner.caught_up()) behind.push_back(partition);
  }
  return behind;
}

}  // namespace routerate
