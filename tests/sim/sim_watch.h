// inotify in memory: tells of what changes in watched directories, or goes deaf.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "base/file_changes.h"
#include "tests/memory_file_system.h"

namespace routerate {

class SimWatch final : public FileWatch {
 public:
  bool Watch(const std::string& directory) override {
    directories_.insert(directory);
    return true;
  }

  // A name of `path`'s directory came, went or leads elsewhere.
  void NamesChanged(const std::string& path) {
    if (Hears(path)) changes_.names = woken_ = true;
  }
  void ContentChanged(const MemoryFileSystem& files, const MemoryFile& file) {
    if (deaf || directories_.empty()) return;
    for (const std::string& path : files.Names()) {
      if (files.IsSymlink(path) || !Hears(path) || files.Peek(path).get() != &file) continue;
      changes_.contents.push_back(path);
      woken_ = true;
    }
  }
  void Overflow() { changes_.all = woken_ = true; }

  bool HasNews() const { return woken_; }
  FileChanges Take() {
    woken_ = false;
    return std::exchange(changes_, {});
  }
  // The process that watched is gone.
  void Reset() {
    directories_.clear();
    (void)Take();
  }

  bool deaf = false;  // nothing is told any more

 private:
  bool Hears(const std::string& path) const {
    return !deaf && directories_.contains(path.substr(0, path.rfind('/')));
  }
  std::set<std::string> directories_;
  FileChanges changes_;
  bool woken_ = false;
};

}  // namespace routerate
