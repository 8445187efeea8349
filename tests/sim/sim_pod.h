// A node with one agent's process: its files, its clock, its producers, its life and deaths.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/sim/agent_adapter.h"
#include "tests/sim/broken_agents.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_events.h"
#include "tests/sim/sim_settings.h"
#include "tests/sim/sim_watch.h"

namespace routerate {

// What all pods of a world share.
struct SimSurroundings {
  const SimProfile& profile;
  const SimSettings& settings;
  SimTopic& topic;
  SimTopic& rejects;
  SimWeather& weather;
  SimOracle& oracle;
  const Millis& now;
  std::mt19937_64& random;
};

class SimPod {
 public:
  SimPod(const SimSurroundings& around, std::size_t index, Breakage breakage);
  SimPod(const SimPod&) = delete;  // its parts borrow one another
  SimPod& operator=(const SimPod&) = delete;

  // Does what is due: producers, the agent's step, a start.
  void Run();
  Millis NextEvent() const;

  // SIGKILL, and the next start so much later. Of the records in flight so many survive.
  void Kill(std::size_t survivors, Millis down);
  // SIGTERM, and the next start so long after the end.
  void Drain(Millis down);
  void Pause(Millis time);
  void ProducerFails(std::size_t survivors);
  // Of so many records the acknowledgement never comes, until the producer fails.
  void LoseAcks(unsigned records, Millis until_failure);
  void RefuseRejects();
  // Of all the agent's system calls every so many-th fails, but not while it starts.
  void IoErrors(Millis time, unsigned every);
  // Its calls from the `first` on, counted from 1 over all its lives, until Heal.
  struct FailingCalls {
    unsigned first = 0;
    unsigned count = 0;
    int code = 0;
  };
  void FailCalls(FailingCalls failing) { failing_ = failing; }
  unsigned calls() const { return calls_; }
  // The agent may not write its checkpoint, or could not until a moment ago, so that it may not
  // have read again what it read then.
  bool DiskFails() const {
    const Millis failed = events_.checkpoint_unsaved() ? around_.now : checkpoint_failed_at_;
    return around_.now < std::max(disk_full_until_, io_errors_until_) ||
           around_.now < failed + SimDisk::kHolePatience;
  }
  void DiskFull(Millis time) { disk_full_until_ = around_.now + time; }
  // Unless it stepped a moment ago: nobody can know of what was undone before he looked.
  void StepClock(Millis by);
  void Deafen(Millis time) { deaf_until_ = around_.now + time; }
  // At the agent's so many-th system call from now; or by HappenNow, whatever comes first.
  void HappenInside(unsigned calls, std::function<void()> what);
  void HappenNow();
  void KillInside(unsigned calls, std::size_t survivors, Millis down);

  static constexpr const char* kCheckpoint = "/state/checkpoint";

  bool alive() const { return agent_ != nullptr; }
  // What stood anywhere at that time was seen by this process; negative: nothing yet.
  Millis seen_until() const { return seen_until_; }
  MemoryFileSystem& files() { return files_; }
  SimDisk& disk() { return disk_; }
  SimWatch& watch() { return watch_; }
  HostClock& clock() { return clock_; }
  const SimEvents& events() const { return events_; }
  std::uint64_t steps() const { return steps_; }
  // No faults from now on, and a start if it is down.
  void Heal();

 private:
  struct Killed {
    std::size_t survivors;
    Millis down;
  };
  struct Interruption {
    unsigned calls_left;
    std::function<void()> what;
    std::optional<Killed> killed;
  };
  int OnCall(std::string_view call);
  void Start();
  void WireBreakage();
  void Connect();
  void Step();
  int FaultNow(std::string_view call);
  void EndOfStep();
  Millis LookPeriod() const;
  void Die(std::size_t survivors, Millis down);
  bool HeldBack();

  SimSurroundings around_;
  std::size_t index_;
  Breakage breakage_;
  MemoryFileSystem files_;
  SimWatch watch_;
  HostClock clock_;
  SimDisk disk_;
  SimEvents events_;
  AgentOptions options_;
  std::uint64_t fresh_id_ = 0;

  // The process.
  std::unique_ptr<SimProducer> producer_;
  std::unique_ptr<SimProducer> rejects_;
  std::unique_ptr<RecordSink> broken_sink_;
  std::unique_ptr<FileSystem> broken_files_;
  std::unique_ptr<SimAgent> agent_;

  std::optional<Interruption> interruption_;
  Millis start_at_{0};
  Millis paused_until_{0};
  Millis step_at_{0};
  Millis drain_until_ = Millis::max();
  Millis down_after_drain_{0};
  Millis io_errors_until_{0};
  unsigned io_errors_every_ = 1;
  unsigned io_calls_ = 0;
  FailingCalls failing_;
  unsigned calls_ = 0;
  Millis disk_full_until_{0};
  Millis deaf_until_{0};
  Millis seen_until_{-1};
  Millis at_leisure_since_ = Millis::max();
  AgentPlan plan_;
  std::uint64_t steps_ = 0;
  Millis faulted_at_{-1'000'000};
  Millis checkpoint_failed_at_{-SimDisk::kHolePatience};
  Millis clock_stepped_at_{-1'000'000};
  unsigned steps_at_once_ = 0;
  // Of the step under way.
  bool running_ = false;  // it, or the agent's start
  bool faulted_ = false;
  bool disturbed_ = false;
};

}  // namespace routerate
