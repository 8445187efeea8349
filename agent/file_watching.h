// Which files' changes the kernel tells of, so that nobody need look for them (DESIGN A8). Files
// on file systems that are not known to tell of every change, behind symbolic links or in
// directories that cannot be watched are looked at again and again instead.
#pragma once

#include <map>
#include <string>

#include "agent/agent_options.h"
#include "base/file_changes.h"
#include "base/file_system.h"

namespace routerate {

// Not thread-safe.
class FileWatching {
 public:
  // Borrows both.
  FileWatching(WatchMode mode, FileSystem& file_system, FileWatch& watch)
      : mode_(mode), file_system_(file_system), watch_(watch) {}

  // A round of watching begins: each directory is asked for again, since a name may lead to another
  // directory by now.
  void BeginRound() { told_.clear(); }
  // Whether all changes in the directory, of names and of contents, are told from now on.
  bool Told(const std::string& directory);

 private:
  bool Watch(const std::string& directory);

  WatchMode mode_;
  FileSystem& file_system_;
  FileWatch& watch_;
  std::map<std::string, bool> told_;  // of this round
};

}  // namespace routerate
