// A whole pipeline in one thread: nodes with logs and agents, Kafka, aggregators, and time, which
// passes only here. Does actions; judges what came of them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/sim/broken_agents.h"
#include "tests/sim/sim_actions.h"
#include "tests/sim/sim_aggregator.h"
#include "tests/sim/sim_pod.h"
#include "tests/sim/sim_rotation.h"
#include "tests/sim/sim_settings.h"
#include "tests/sim/sim_writer.h"

namespace routerate {

// What happened, for people; adds up over worlds.
struct SimTally {
  std::uint64_t worlds = 0;
  std::uint64_t steps = 0;  // of agents
  std::uint64_t simulated_ms = 0;
  std::uint64_t lines = 0;
  std::uint64_t excused = 0;
  std::uint64_t duplicates = 0;  // lines that came again and were dropped
  std::uint64_t records = 0;
  std::uint64_t reclaimed_bytes = 0;
  std::array<std::uint64_t, kActCount> acts{};
  std::uint64_t inside = 0;  // acts in the middle of a step
};

class SimWorld {
 public:
  SimWorld(const SimProfile& profile, const SimSettings& settings, std::uint64_t seed,
           Breakage breakage);
  SimWorld(const SimWorld&) = delete;  // its parts borrow one another
  SimWorld& operator=(const SimWorld&) = delete;

  void Do(const Action& action);
  // Ends all faults and goes on until nothing is left to do.
  void Settle();
  SimPod& pod(std::size_t index) { return *pods_[index]; }
  // After Settle. Empty: all is well.
  std::vector<std::string> Mistakes() const;
  void AddTo(SimTally* tally) const;

 private:
  struct Log {
    Log(SimPod& its_pod, SimOracle& oracle, const SimSettings& settings, SimWriter::Place place)
        : pod(its_pod),
          writer(its_pod.disk(), oracle, its_pod.clock(), settings, place),
          rotation(its_pod.disk(), writer, settings) {}
    SimPod& pod;
    SimWriter writer;
    SimRotation rotation;
    Millis truncated_at{-2};  // in a profile where it is not written before it was looked at
  };

  void Pass(Millis time);
  void RunDue();
  Millis NextEvent() const;
  void Happen(const Action& action);
  bool Seen(const Log& log) const;
  void Write(const Action& action, Log& log);
  void Rotate(Action action, Log& log);
  void StrikeAgent(const Action& action, SimPod& pod);
  void StrikeKafka(const Action& action, SimPod& pod);
  void StrikeNode(const Action& action, SimPod& pod);
  void StrikeAggregator(const Action& action);
  void CompareTotals(std::vector<std::string>* mistakes) const;
  void CheckLedger(std::size_t pod, std::vector<std::string>* mistakes) const;
  bool Did(std::initializer_list<Act> acts) const;

  SimProfile profile_;
  SimSettings settings_;
  std::mt19937_64 random_;
  Millis now_{0};
  SimOracle oracle_;
  SimWeather weather_;
  SimTopic topic_;
  SimTopic rejects_;
  std::vector<std::unique_ptr<SimPod>> pods_;
  std::vector<std::unique_ptr<Log>> logs_;
  SimAggregator aggregator_;
  SimTally tally_;
};

}  // namespace routerate
