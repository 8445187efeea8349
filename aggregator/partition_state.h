// What is known of one input partition: a function of its count records alone (DESIGN G4), so every
// replica knows the same.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/count_record.h"
#include "aggregator/partition_counts.h"

namespace routerate {

// Not thread-safe.
class PartitionState {
 public:
  // Borrows all.
  PartitionState(const AggregatorOptions& options, const SeriesLimits& limits, OwnHealth& health)
      : options_(options), limits_(limits), health_(health), counts_(NoCounts()) {}

  // kIgnored: it does not begin where what is known ends, so that its writer had been replaced.
  enum class Verdict { kMorePartsToCome, kAdded, kIgnored, kDamaged };
  // `offset` is where the part is in the counts log.
  Verdict Add(const CountPart& part, std::int64_t offset);

  const PartitionCounts& counts() const { return *counts_; }
  // Input offset behind what is counted; -1: nothing is known.
  std::int64_t end() const { return end_; }
  // Of all parts since the last snapshot, and of that.
  std::uint64_t bytes_since_snapshot() const { return bytes_since_snapshot_; }
  std::uint64_t snapshot_bytes() const { return snapshot_bytes_; }
  // When the last one was written, or the first record.
  WallMs snapshot_ms() const { return snapshot_ms_; }
  // Where in the counts log it begins; -1: there was none.
  std::int64_t snapshot_at() const { return snapshot_at_; }

 private:
  // A record of several parts on its way. Those of two writers may be mixed.
  struct Assembly {
    std::uint64_t sequence = 0;
    std::uint64_t parts = 0;  // that came
    std::int64_t offset = 0;  // of the first
    std::uint64_t bytes = 0;
    bool wanted = false;
    std::vector<std::string> bodies;  // of what is wanted
  };

  std::unique_ptr<PartitionCounts> NoCounts() const {
    return std::make_unique<PartitionCounts>(options_, limits_, health_);
  }
  bool Joins(const CountHeader& header) const;
  bool IsNews(const CountHeader& header) const;
  Verdict Finish(const CountHeader& header, const Assembly& whole);
  void AddDelta(const CountHeader& header, const Assembly& delta);
  void AddSnapshot(const CountHeader& header, const Assembly& snapshot);

  const AggregatorOptions& options_;
  SeriesLimits limits_;
  OwnHealth& health_;
  std::unique_ptr<PartitionCounts> counts_;
  std::int64_t end_ = -1;
  std::map<std::uint64_t, Assembly> assemblies_;  // by writer
  std::uint64_t bytes_since_snapshot_ = 0;
  std::uint64_t snapshot_bytes_ = 0;
  WallMs snapshot_ms_ = 0;
  WallMs told_ms_ = 0;  // when the newest record was written; 0: none yet
  std::int64_t snapshot_at_ = -1;
};

}  // namespace routerate
