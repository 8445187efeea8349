// A file system in memory: inodes with content, names that lead to them, handles that keep a
// removed file alive. Inode numbers of removed files are used again, the lowest first, as ext4
// does.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace routerate {

// An inode. Its number may be used again once nothing holds it: no name, no handle, no writer.
struct MemoryFile {
  std::uint64_t number = 0;
  std::string content;
  std::set<std::uint64_t>* used = nullptr;  // where its number is taken
  std::int64_t birth_ns = 0;
  std::int64_t modified_ns = 0;
  std::size_t seen_size = 0;  // its writer tells nobody when he writes
  std::uint32_t links = 0;
  int readers = 0;              // of File that are open for reading only
  std::uint64_t told_size = 0;  // the last that one of these told
  std::uint64_t read_end = 0;   // up to here they have read
  MemoryFile() = default;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { used->erase(number); }
};

class MemoryFileSystem final : public FileSystem {
 public:
  ~MemoryFileSystem() override;

  // What a writer and logrotate do. Names are absolute; directories are not kept.
  void Append(const std::string& path, std::string_view text);
  void Truncate(const std::string& path) { Overwrite(path, {}); }
  void Overwrite(const std::string& path, std::string text);
  // cp, all at once.
  void Copy(const std::string& from, const std::string& to) { Overwrite(to, Content(from)); }
  // `path` leads where `target` does, now and later; what had the name loses it (ln -sfn).
  void Symlink(const std::string& target, const std::string& path);
  bool IsSymlink(const std::string& path) const { return symlinks_.contains(path); }
  bool Exists(const std::string& path) const { return names_.contains(Followed(path)); }
  std::uint64_t Inode(const std::string& path) const;
  const std::string& Content(const std::string& path) const;
  // The file's writer goes on whatever its name becomes: what is appended to the string is written.
  std::shared_ptr<std::string> Writer(const std::string& path);
  // Made when it is not there, as open(2) with O_CREAT does.
  std::shared_ptr<MemoryFile> Get(const std::string& path);
  // nullptr: no such name.
  std::shared_ptr<MemoryFile> Peek(const std::string& path) const;
  // All names, symbolic links too.
  std::vector<std::string> Names() const;

  // Faults: opening such a path fails with this errno.
  std::map<std::string, int> open_fails;
  int write_fails = 0;    // errno of opening what exists for writing; 0: none
  int replace_fails = 0;  // errno of WriteSynced; 0: none
  // Asked before each call of FileSystem and File; an errno that it returns makes the call fail.
  std::function<int(std::string_view call)> fails;
  std::int64_t now_ns = 1;  // told as the times of birth and modification
  enum class Births { kTold, kUnknown };
  Births births = Births::kTold;
  enum class Inodes { kUsedAgain, kAlwaysNew };
  Inodes inodes = Inodes::kUsedAgain;
  enum class Deleted { kReadable, kStale };  // kStale: as on NFS, for who has it open
  Deleted deleted = Deleted::kReadable;
  FileSystemType type{"memory", true, true};

  using FileSystem::Open;
  Result<std::unique_ptr<File>> Open(const std::string& path, Access access) override;
  Result<FileStatus> Status(const std::string& path) override;
  Result<std::vector<std::string>> Glob(const std::string& pattern) override;
  Result<std::string> Resolve(const std::string& path) override;
  Result<FileSystemType> Type(const std::string& path) override;
  Result<std::string> ReadWhole(const std::string& path) override;
  Result<void> WriteSynced(const std::string& path, std::string_view content) override;
  Result<void> Remove(const std::string& path) override;  // a symbolic link itself
  Result<void> Link(const std::string& from, const std::string& to) override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> SyncDirectoryOf(const std::string& path) override;

 private:
  class Handle;

  Result<void> Allowed(std::string_view call, const std::string& path) const;
  std::string Followed(std::string path) const;
  Result<std::shared_ptr<MemoryFile>> Find(std::string_view call, const std::string& path) const;
  FileStatus StatusOf(MemoryFile& file) const;
  void Unlink(const std::string& path);

  std::uint64_t last_number_ = 0;
  std::set<std::uint64_t> used_;  // before names_: nodes unregister when they go
  std::map<std::string, std::shared_ptr<MemoryFile>> names_;
  std::map<std::string, std::string> symlinks_;
};

}  // namespace routerate
