// Aggregators that know many series, each of several minutes, without the minutes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/record_intake.h"
#include "aggregator/stats_snapshot.h"
#include "bench/counting_world.h"

namespace routerate::bench {

enum class SeriesKind {
  kBusy,  // six requests in each of 300 seconds, of 60 latencies that the sketch tells apart
  kIdle,  // one request, five minutes ago
};

// The values of count records that tell of so many series, a hundred of each service, which has
// four pods.
std::vector<std::string> CountRecordsOf(SeriesKind kind, std::size_t series);

// An aggregator that read them. One thread.
class KnownSeries {
 public:
  explicit KnownSeries(const std::vector<std::string>& records);

  std::size_t count() const { return intake_.series_count(); }
  StatsSnapshot Snapshot() const;

 private:
  AggregatorOptions options_;
  SecondsClock clock_;
  NoSource source_;
  CountsInMemory log_;
  RecordIntake intake_;
};

}  // namespace routerate::bench
