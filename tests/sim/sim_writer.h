// A server with one log file: appends lines, in halves too, and goes on with the file it has open
// whatever becomes of its name, until it is told to open it again.
#pragma once

#include <optional>
#include <string>

#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_oracle.h"
#include "tests/sim/sim_settings.h"

namespace routerate {

class SimWriter {
 public:
  // Where it stands in its world.
  struct Place {
    std::size_t pod;
    std::size_t log;
  };
  // Borrows all.
  SimWriter(SimDisk& disk, SimOracle& oracle, const Clock& clock, const SimSettings& settings,
            Place place);

  enum class LineEnd { kLf, kCrLf };
  void WriteLines(unsigned count, LineEnd end);
  // A line whose rest comes with whatever is written next.
  void WriteHalf(unsigned percent);
  void WriteGarbage(unsigned count);
  void WriteLong(std::size_t bytes);
  // USR1: the file of that name from now on, made if it is not there.
  void Reopen();
  // Writes on to this one, whatever its name.
  void SwitchTo(SimFile file);
  // Lets the file go: nothing but its name or the agent keeps it. Reopen comes next.
  void Close();

  const std::string& path() const { return path_; }
  const SimFile& file() const { return file_; }
  Millis opened_at() const { return opened_at_; }

  // Writes the rest of a half line.
  void FinishHalf();

 private:
  struct Half {
    LineId id;
    std::string text;
    std::size_t written;
    std::uint64_t begin;  // in the file
  };
  LineId Begin(LineKind kind);
  std::string Text(LineId id) const;
  void WriteLine(LineId id, const std::string& text);
  void Write(std::string_view text);

  SimDisk& disk_;
  SimOracle& oracle_;
  const Clock& clock_;
  const SimSettings& settings_;
  Place place_;
  std::string path_;
  SimFile file_;
  std::uint64_t position_ = 0;  // where a writer without O_APPEND writes next
  std::optional<Half> half_;
  bool header_due_ = false;
  Millis opened_at_{0};
};

}  // namespace routerate
