// Records of the input partitions that this process owns → deltas → the counts log → what is known
// of all partitions, which is the same in every process (DESIGN G4, G5).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/counts_log.h"
#include "aggregator/partition_owner.h"
#include "aggregator/partition_state.h"
#include "aggregator/record_source.h"
#include "base/clock.h"

namespace routerate {

// Borrows all but the routes. One thread.
class RecordIntake final : public RecordVisitor, public CountsVisitor {
 public:
  // `writer` is a number that no other process has (drawn at random).
  RecordIntake(const AggregatorOptions& options, RouteMatcher routes, const Clock& clock,
               RecordSource& source, CountsLog& log, std::uint64_t writer);

  void OnAssigned(int partition) override;
  void OnRecord(const ConsumedRecord& record) override;
  void OnCaughtUp(int partition) override;
  void OnRevoked(int partition) override;

  void OnCounts(std::string_view value, std::int64_t offset) override;
  void OnCountsRead() override;
  void OnAppendFailed(int partition) override;

  // Appends what was counted since the last call.
  void Flush();

  // All input partitions that anybody counted.
  const std::map<int, PartitionState>& partitions() const { return partitions_; }
  // What is known may lack what was counted before this process began, or what it owns.
  bool Behind() const;
  // Owned, and their log was not read to its end yet.
  std::vector<int> PartitionsBehind() const;
  const OwnHealth& health() const { return health_; }
  std::size_t series_count() const { return series_.taken(); }
  std::size_t pod_series_count() const { return pod_series_.taken(); }
  // Partition, offset and reason of the last record that was rejected, for the log.
  const std::string& last_rejection() const { return last_rejection_; }

 private:
  PartitionState& StateOf(int partition);
  void BeginReading(int partition);
  void Reject(const ConsumedRecord& record, std::size_t reason);

  const AggregatorOptions& options_;
  const Clock& clock_;
  RecordSource& source_;
  CountsLog& log_;
  std::uint64_t writer_;
  RouteMatcher routes_;
  SeriesBudget series_;
  SeriesBudget pod_series_;
  EventReader events_;
  SummaryReader summaries_;
  OwnHealth health_;
  SeriesLimits limits_;
  CountingContext counting_;
  std::map<int, PartitionState> partitions_;  // after the members they borrow
  std::map<int, PartitionOwner> owned_;       // likewise
  bool counts_read_ = false;
  std::string last_rejection_;
};

}  // namespace routerate
