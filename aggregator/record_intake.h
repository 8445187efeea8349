// Takes the records of all assigned partitions and keeps what is counted of each.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "aggregator/aggregator_options.h"
#include "aggregator/partition_counts.h"
#include "aggregator/record_source.h"
#include "base/clock.h"

namespace routerate {

// Borrows options and clock. One thread.
class RecordIntake final : public RecordVisitor {
 public:
  RecordIntake(const AggregatorOptions& options, RouteMatcher routes, const Clock& clock);

  void OnAssigned(int partition) override;
  void OnRecord(const ConsumedRecord& record) override;
  void OnCaughtUp(int partition) override;
  void OnRevoked(int partition) override;

  // Forgets what was silent for long; call it once in a while.
  void Forget();

  const std::map<int, PartitionCounts>& partitions() const { return partitions_; }
  const OwnHealth& health() const { return health_; }
  std::size_t series_count() const { return budget_.taken(); }
  // Partition, offset and reason of the last record that was rejected, for the log.
  const std::string& last_rejection() const { return last_rejection_; }

 private:
  void Reject(const ConsumedRecord& record, std::size_t reason);

  const AggregatorOptions& options_;
  const Clock& clock_;
  RouteMatcher routes_;
  SeriesBudget budget_;
  EventReader reader_;
  OwnHealth health_;
  std::map<int, PartitionCounts> partitions_;  // after the members it borrows
  std::string last_rejection_;
};

}  // namespace routerate
