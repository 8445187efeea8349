// The files that the inputs' patterns name, each followed once whatever its names: found,
// recognised from the checkpoint, kept through renames, begun again after truncations, given up
// when they are gone and read.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/checkpoint.h"
#include "agent/tailed_file.h"

namespace routerate {

class FileSet {
 public:
  // Entries of files that are not there are kept so long: a volume may come back.
  static constexpr Millis kForgetEntry{24 * 3600 * 1000};
  static constexpr std::size_t kMaxEntries = 10'000;  // of files not open; the oldest go first

  // Borrows all but `known`.
  FileSet(const AgentOptions& options, FileSystem& file_system, AgentEvents& events,
          std::vector<CheckpointEntry> known);

  // Looks for every pattern; opens what is new, notes what was renamed or is gone.
  void Scan(Millis now);

  // Replaces a truncated file by its new content; the old one stays until its records are
  // acknowledged. The file's batch must have been flushed.
  void BeginAgain(std::size_t index);

  // Drops files that are gone, wholly read, acknowledged and quiet for rotated_wait.
  void CloseFinished(Millis now, WallMs wall);

  const std::vector<std::unique_ptr<TailedFile>>& files() const { return files_; }
  // True once after a file was found or begun again: then the checkpoint must be saved before its
  // lines are sent, so that a restart gives it the same id.
  bool TakeChanged() { return std::exchange(changed_, false); }
  std::vector<CheckpointEntry> Checkpoint(WallMs wall);
  // An offset is further than in the last Checkpoint.
  bool CommittedMoved() const;
  // Where files of the patterns are or may appear.
  std::vector<std::string> Directories() const;

 private:
  void ScanInput(std::size_t input, Millis now);
  void Meet(std::size_t input, const std::string& path, Millis now);
  void FindRotated(Millis now);
  void FindRotated(const CheckpointEntry& entry, Millis now);
  void Follow(std::size_t input, const std::string& path, std::unique_ptr<File> file,
              const FileStatus& status, TailedFile::Start start, Millis now);
  TailedFile* FindOpen(const FileStatus& status);
  TailedFile::Start FindStart(File& file, const FileStatus& status);
  void Complain(const Error& error);

  const AgentOptions& options_;
  FileSystem& file_system_;
  AgentEvents& events_;
  TailedFile::Limits limits_;
  std::vector<std::unique_ptr<LineFormat>> formats_;  // one an input; outlive files_
  EventRedaction redaction_;                          // likewise; one for all files
  std::vector<std::unique_ptr<TailedFile>> files_;
  std::vector<CheckpointEntry> known_;  // of files that are not open
  std::set<std::string> complaints_;    // told once each, until a scan goes without
  std::set<std::string> current_complaints_;
  bool changed_ = false;
  bool scanned_ = false;
};

}  // namespace routerate
