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

// What stat tells of a file, sizes in bytes, times in nanoseconds since 1970.
struct FileStatus {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t birth_ns = 0;     // creation, statx; 0 where the file system has none
  std::int64_t modified_ns = 0;  // of the content
  std::uint32_t links = 0;       // 0: deleted but held open
  bool regular = false;

  bool SameFile(const FileStatus& other) const {
    return device == other.device && inode == other.inode;
  }
  // Of the same file: nothing was written between the two, as far as they tell.
  bool SameWriting(const FileStatus& other) const {
    return size == other.size && modified_ns == other.modified_ns;
  }
};

// What kind of file system a file lies on, by statfs(2).
struct FileSystemType {
  std::string name;      // "ext4", "nfs", ... or its magic number
  bool tells = false;    // inotify tells of every change there: a local one that is known to
  bool punches = false;  // FALLOC_FL_PUNCH_HOLE gives blocks back
};

// An open file. Closed when destroyed. One thread at a time.
class File {
 public:
  virtual ~File() = default;
  // Fills `out` from `offset` on; returns the bytes read, fewer only at the end of the file.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) = 0;
  virtual Result<FileStatus> Status() = 0;
  // The first offset from `offset` on that is not in a hole; the file's size if there is none.
  virtual Result<std::uint64_t> NextData(std::uint64_t offset) = 0;
  // Gives the blocks that lie wholly in [begin, end) back; they read as NUL bytes from then on. The
  // size stays. Needs Access::kPunch.
  virtual Result<void> Punch(std::uint64_t begin, std::uint64_t end) = 0;
};

class FileSystem {
 public:
  enum class Access { kRead, kPunch };  // kPunch: reading too

  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> Open(const std::string& path, Access access) = 0;
  Result<std::unique_ptr<File>> Open(const std::string& path) { return Open(path, Access::kRead); }
  // Follows symbolic links.
  virtual Result<FileStatus> Status(const std::string& path) = 0;
  // Paths that match a shell pattern (glob(3)), sorted. No match is an empty list; a directory that
  // cannot be read is an error.
  virtual Result<std::vector<std::string>> Glob(const std::string& pattern) = 0;
  // `path` without symbolic links, absolute (realpath(3)).
  virtual Result<std::string> Resolve(const std::string& path) = 0;
  virtual Result<FileSystemType> Type(const std::string& path) = 0;
  virtual Result<std::string> ReadWhole(const std::string& path) = 0;

  // The steps of a durable replacement (durable_replace.h), one system call or two each.
  // Creates or empties `path`, writes `content` and syncs it.
  virtual Result<void> WriteSynced(const std::string& path, std::string_view content) = 0;
  virtual Result<void> Remove(const std::string& path) = 0;  // ENOENT if it is not there
  virtual Result<void> Link(const std::string& from, const std::string& to) = 0;
  virtual Result<void> Rename(const std::string& from, const std::string& to) = 0;
  // Makes the names in the directory of `path` durable.
  virtual Result<void> SyncDirectoryOf(const std::string& path) = 0;
};

// The machine's file system. Stateless; any thread.
class PosixFileSystem final : public FileSystem {
 public:
  using FileSystem::Open;
  Result<std::unique_ptr<File>> Open(const std::string& path, Access access) override;
  Result<FileStatus> Status(const std::string& path) override;
  Result<std::vector<std::string>> Glob(const std::string& pattern) override;
  Result<std::string> Resolve(const std::string& path) override;
  Result<FileSystemType> Type(const std::string& path) override;
  Result<std::string> ReadWhole(const std::string& path) override;
  Result<void> WriteSynced(const std::string& path, std::string_view content) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> Link(const std::string& from, const std::string& to) override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> SyncDirectoryOf(const std::string& path) override;
};

}  // namespace routerate
