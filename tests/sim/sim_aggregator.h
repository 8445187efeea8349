// The aggregator's replicas: the real Aggregator over partitions of a topic in memory, which move
// from one replica to another, and which a replica that starts again reads from their beginning.
//
// The one place where the simulation touches the aggregator's interface: SimReplica.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "aggregator/aggregator.h"
#include "aggregator/record_source.h"
#include "aggregator/stats_board.h"
#include "tests/aggregator/memory_counts_log.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_oracle.h"

namespace routerate {

// What a replica reads: partitions as they are given and taken, all records of each from the first.
class SimConsumer final : public RecordSource {
 public:
  SimConsumer(const SimTopic& topic, const SimWeather& weather, const Clock& clock)
      : topic_(topic), weather_(weather), clock_(clock) {}

  void Assign(std::set<int> partitions) { wanted_ = std::move(partitions); }
  void ReadFrom(int partition, std::int64_t offset) override;
  void Poll(Millis timeout, RecordVisitor& visitor) override;
  SourceStatus Status() const override;
  bool AtEnd() const;
  const std::set<int>& wanted() const { return wanted_; }

 private:
  struct Reading {
    bool begun = false;
    std::size_t next = 0;
    std::size_t end_at_assignment = 0;
    bool caught_up = false;
  };
  void Rebalance(RecordVisitor& visitor);
  void Bring(int partition, Reading& reading, RecordVisitor& visitor);

  const SimTopic& topic_;
  const SimWeather& weather_;
  const Clock& clock_;
  std::set<int> wanted_;
  std::map<int, Reading> readings_;
};

// The counts log of one process, which is as far away as the topic of records.
class SimCountsLog final : public CountsLog {
 public:
  SimCountsLog(CountsTopic& topic, const SimWeather& weather, const Clock& clock)
      : log_(topic), topic_(topic), weather_(weather), clock_(clock) {}

  // Waits here while the broker is away, as in a producer's queue.
  void Append(int partition, std::string value) override {
    waiting_.emplace_back(partition, std::move(value));
  }
  void Poll(CountsVisitor& visitor) override;
  std::string Trouble() const override { return {}; }
  bool AtEnd() const { return waiting_.empty() && log_.AtEnd(); }

 private:
  MemoryCountsLog log_;
  CountsTopic& topic_;
  const SimWeather& weather_;
  const Clock& clock_;
  std::vector<std::pair<int, std::string>> waiting_;
};

// One process.
class SimReplica {
 public:
  SimReplica(const AggregatorOptions& options, const SimTopic& topic, CountsTopic& counts,
             const SimWeather& weather, const Clock& clock);

  void Step() { aggregator_.Step(Millis{0}); }
  SimConsumer& consumer() { return consumer_; }
  const SimConsumer& consumer() const { return consumer_; }
  bool AtEnd() const { return consumer_.AtEnd() && log_.AtEnd(); }
  std::shared_ptr<const StatsSnapshot> Latest() const { return board_.Latest(); }

  // Of the snapshot that was checked last.
  WallMs checked_at = 0;
  std::map<std::string, std::uint64_t> totals;

 private:
  StatsBoard board_;
  SimConsumer consumer_;
  SimCountsLog log_;
  Aggregator aggregator_;
};

class SimAggregator {
 public:
  // Borrows all.
  SimAggregator(std::size_t replicas, const SimTopic& topic, const SimWeather& weather,
                const Millis& now, SimOracle& oracle);

  void Run();
  Millis NextEvent() const { return next_step_; }
  void Rebalance(unsigned how);
  void Crash(std::size_t replica, Millis down);
  void StepClock(Millis by) { clock_.Step(by); }
  // Zero rates are not judged until then: the agents' time of day was changed.
  void DistrustTimes(Millis until) { distrust_until_ = until; }

  // All replicas run and have read everything.
  bool Settled() const;
  // What each replica says of a log; by the route that its paths have. Differences are blamed on
  // it.
  SimOracle::Totals TotalsOf(std::size_t log) const;

 private:
  struct Place {
    std::unique_ptr<SimReplica> replica;
    Millis start_at{0};
  };
  static SimOracle::Totals TotalsOf(std::size_t log, const StatsSnapshot& snapshot);
  void Start(Place& place);
  void Distribute();
  void Check(SimReplica& replica);
  void CheckTotals(SimReplica& replica, const StatsSnapshot& snapshot);
  void CheckZero(const ServiceStats& service, WallMs made_at);

  AggregatorOptions options_;
  const SimTopic& topic_;
  CountsTopic counts_;
  const SimWeather& weather_;
  const Millis& now_;
  HostClock clock_;
  SimOracle& oracle_;
  std::vector<Place> places_;
  std::vector<unsigned> owner_;  // by partition: index into places_, modulo those that run
  Millis next_step_{0};
  Millis distrust_until_{0};
};

}  // namespace routerate
