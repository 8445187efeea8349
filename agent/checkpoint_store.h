// The checkpoint on disk: replaced atomically, the one before kept beside it as `path`.previous.
#pragma once

#include <string>
#include <vector>

#include "agent/checkpoint.h"
#include "base/file_system.h"

namespace routerate {

class CheckpointStore {
 public:
  // Borrows the file system.
  CheckpointStore(FileSystem& file_system, std::string path)
      : file_system_(file_system), path_(std::move(path)) {}

  struct Loaded {
    std::vector<CheckpointEntry> entries;
    std::string warning;  // empty, or what was damaged and what is used instead
  };
  // No checkpoint is an empty one. A damaged one falls back to the previous, then to none; the
  // warning says so. Never fails: reading a log twice is better than not at all, and the aggregator
  // drops what it counted already.
  Loaded Load();

  // After a failure the checkpoint on disk is still the one before.
  Result<void> Save(const std::vector<CheckpointEntry>& entries);

 private:
  FileSystem& file_system_;
  std::string path_;
};

}  // namespace routerate
