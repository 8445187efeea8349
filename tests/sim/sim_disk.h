// A node's log directory and the truth about it: every change of a file or a name goes through
// here, so that it is known where each line stands and whether the agent can get at it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tests/memory_file_system.h"
#include "tests/sim/sim_oracle.h"
#include "tests/sim/sim_watch.h"

namespace routerate {

using SimFile = std::shared_ptr<MemoryFile>;  // as a writer holds it

class SimDisk {
 public:
  // Borrows all. `pattern` is the agent's, its directory that of the logs.
  SimDisk(MemoryFileSystem& files, SimWatch& watch, SimOracle& oracle, const Clock& clock,
          std::string pattern);

  // Made when it is not there.
  SimFile Open(const std::string& path);
  void Append(const SimFile& file, std::string_view text);
  // At `position`; what lies between it and the file's end before becomes a hole.
  void WriteAt(const SimFile& file, std::uint64_t position, std::string_view text);
  // The line's bytes are the file's last.
  void CompleteLine(const SimFile& file, LineId id, std::uint64_t bytes);
  void Truncate(const SimFile& file);
  // So many of its lines have been delivered.
  std::size_t Delivered(const SimFile& file);
  void Copy(const SimFile& from, const std::string& to);
  void Rename(const std::string& from, const std::string& to);
  void Remove(const std::string& path);
  void Symlink(const std::string& target, const std::string& path);
  bool Exists(const std::string& path) const { return files_.Exists(path); }
  bool Leads(const std::string& path, const SimFile& file) const {
    return files_.Peek(path) == file;
  }
  bool IsSymlink(const std::string& path) const { return files_.IsSymlink(path); }
  // A log is behind one: its changes are not told.
  bool HasSymlink() const {
    return std::ranges::any_of(files_.Names(), [this](const auto& p) { return IsSymlink(p); });
  }
  const std::string& directory() const { return directory_; }

  // The agent has been at leisure to look at everything for `period` (sim_oracle.h).
  void Look(Millis period);
  // The agent may have closed files. `kWorld`: something else happened in the meantime.
  enum class Cause { kWorld, kAgentClosed };
  void AgentStepped(Cause cause);
  void AgentDied();
  // Holes are waited for again.
  void AgentWentBack();

  // How long a hole is waited for, and how long until that is noticed.
  static constexpr Millis kHolePatience{8'000};

 private:
  struct Placed {
    LineId line;
    std::uint64_t end;
    unsigned holes;  // before it
    Millis since;
  };
  struct Truth {
    std::weak_ptr<MemoryFile> file;
    std::vector<Placed> placed = {};
    unsigned holes = 0;
    bool followed = false;   // the pattern named it at some time
    bool named = false;      // in the logs' directory
    bool reachable = false;  // so that its lines are placed
    Millis reachable_since{0};
    Millis hole_met{-1};
  };

  Truth& TruthOf(const SimFile& file);
  void Tick();
  void Modified(const SimFile& file);
  void NamesChanged(const std::string& path);
  void ReadNames();
  static bool Reachable(const Truth& truth);
  void Settle(Cause cause);
  void LosePlaces(const Truth& truth);

  MemoryFileSystem& files_;
  SimWatch& watch_;
  SimOracle& oracle_;
  const Clock& clock_;
  std::string pattern_;
  std::string directory_;
  std::int64_t ticks_ = 0;
  std::vector<Truth> truths_;
};

}  // namespace routerate
