// What logrotate, a container runtime and an administrator do to a log file.
#pragma once

#include "tests/sim/sim_actions.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_writer.h"

namespace routerate {

class SimRotation {
 public:
  // Borrows all.
  SimRotation(SimDisk& disk, SimWriter& writer, const SimSettings& settings)
      : disk_(disk), writer_(writer), settings_(settings) {}

  // False: the act is none of a rotation's.
  bool Do(const Action& action);

 private:
  static constexpr unsigned kGenerations = 3;

  bool Rename(const Action& action);
  bool Replace(const Action& action);
  void Shift();
  void CopyTruncate(unsigned how);
  void DeleteRecreate(unsigned lines);
  void SwitchSymlink();
  void MoveOut();
  void ReplaceBy(const SimFile& file, const std::string& hidden);
  void TruncateRegrow(unsigned lines);
  void Compress();
  std::string Generation(unsigned number) const;
  std::string Elsewhere(const std::string& directory);

  SimDisk& disk_;
  SimWriter& writer_;
  const SimSettings& settings_;
  unsigned moved_ = 0;  // names given elsewhere
};

}  // namespace routerate
