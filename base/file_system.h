// The one door to files. Logic takes a FileSystem&; tests give it one in memory or one that fails.
// Errors name what was tried and the path.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace routerate {

// What stat tells of a file, sizes in bytes.
struct FileStatus {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t birth_ns = 0;  // creation time, statx; 0 where the file system has none
  std::uint32_t links = 0;    // 0: deleted but held open
  bool regular = false;
};

// An open file. Closed when destroyed. One thread at a time.
class File {
 public:
  virtual ~File() = default;
  // Fills `out` from `offset` on; returns the bytes read, fewer only at the end of the file.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) = 0;
  virtual Result<FileStatus> Status() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> Open(const std::string& path) = 0;
  // Follows symbolic links.
  virtual Result<FileStatus> Status(const std::string& path) = 0;
  // Paths that match a shell pattern (glob(3)), sorted. No match is an empty list; a directory that
  // cannot be read is an error.
  virtual Result<std::vector<std::string>> Glob(const std::string& pattern) = 0;
  virtual Result<std::string> ReadWhole(const std::string& path) = 0;
  // The file holds either its old or its new content, whatever happens: written beside it, fsync,
  // renamed over it, directory fsync. The old content is kept as `path`.previous.
  virtual Result<void> Replace(const std::string& path, std::string_view content) = 0;
};

// The machine's file system. Stateless; any thread.
class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path) override;
  Result<FileStatus> Status(const std::string& path) override;
  Result<std::vector<std::string>> Glob(const std::string& pattern) override;
  Result<std::string> ReadWhole(const std::string& path) override;
  Result<void> Replace(const std::string& path, std::string_view content) override;
};

}  // namespace routerate
