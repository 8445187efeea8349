// POSIX files: every call names its path in its error. What order makes a write survive a crash is
// durable_replace's business.
#include "base/file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace routerate {
namespace {

std::unexpected<Error> FailErrno(std::string_view tried, std::string_view path, int code) {
  return Fail(fmt::format("{} {}: {}", tried, path, std::strerror(code)), code);
}

// A descriptor with an owner.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::int64_t Nanoseconds(const statx_timestamp& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

Result<FileStatus> StatusOf(int directory, const char* path, int flags, std::string_view shown) {
  struct statx raw = {};
  if (::statx(directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &raw) != 0) {
    return FailErrno("stat", shown, errno);
  }
  FileStatus status;
  status.device = (std::uint64_t{raw.stx_dev_major} << 32) | raw.stx_dev_minor;
  status.inode = raw.stx_ino;
  status.size = raw.stx_size;
  status.links = raw.stx_nlink;
  status.regular = S_ISREG(raw.stx_mode);
  status.modified_ns = Nanoseconds(raw.stx_mtime);
  if ((raw.stx_mask & STATX_BTIME) != 0) status.birth_ns = Nanoseconds(raw.stx_btime);
  return status;
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::pread(fd_.get(), out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset + done));
      if (got == 0) break;
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return FailErrno("read", path_, errno);
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<FileStatus> Status() override { return StatusOf(fd_.get(), "", AT_EMPTY_PATH, path_); }

  Result<std::uint64_t> NextData(std::uint64_t offset) override {
    const off_t found = ::lseek(fd_.get(), static_cast<off_t>(offset), SEEK_DATA);
    if (found >= 0) return static_cast<std::uint64_t>(found);
    if (errno != ENXIO) return FailErrno("seek", path_, errno);
    auto status = Status();
    if (!status) return std::unexpected(std::move(status.error()));
    return status->size;
  }

  Result<void> Punch(std::uint64_t begin, std::uint64_t end) override {
    if (::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(begin), static_cast<off_t>(end - begin)) != 0) {
      return FailErrno("punch a hole into", path_, errno);
    }
    return {};
  }

 private:
  Descriptor fd_;
  std::string path_;
};

Result<void> WriteAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FailErrno("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Local file systems, on which the kernel that takes the writes is the one that tells of them.
struct KnownType {
  std::uint64_t magic;
  FileSystemType type;
};
const std::array<KnownType, 16>& KnownTypes() {
  static const std::array<KnownType, 16> types = {{
      {EXT4_SUPER_MAGIC, {"ext4", true, true}},
      {XFS_SUPER_MAGIC, {"xfs", true, true}},
      {TMPFS_MAGIC, {"tmpfs", true, true}},
      {BTRFS_SUPER_MAGIC, {"btrfs", true, false}},
      {F2FS_SUPER_MAGIC, {"f2fs", true, false}},
      {0x2FC12FC1, {"zfs", true, false}},
      {OVERLAYFS_SUPER_MAGIC, {"overlayfs", false, false}},
      {NFS_SUPER_MAGIC, {"nfs", false, false}},
      {SMB_SUPER_MAGIC, {"smb", false, false}},
      {SMB2_SUPER_MAGIC, {"smb2", false, false}},
      {CIFS_SUPER_MAGIC, {"cifs", false, false}},
      {CEPH_SUPER_MAGIC, {"ceph", false, false}},
      {FUSE_SUPER_MAGIC, {"fuse", false, false}},
      {V9FS_MAGIC, {"9p", false, false}},
      {AFS_FS_MAGIC, {"afs", false, false}},
      {0x47504653, {"gpfs", false, false}},
  }};
  return types;
}

int RememberGlobError(const char*, int) { return 1; }

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::Open(const std::string& path, Access access) {
  // O_NONBLOCK: a FIFO in the log directory must not stop the program.
  const int mode = access == Access::kPunch ? O_RDWR : O_RDONLY;
  Descriptor fd(::open(path.c_str(), mode | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return FailErrno("open", path, errno);
  return std::make_unique<PosixFile>(std::move(fd), path);
}

Result<FileStatus> PosixFileSystem::Status(const std::string& path) {
  return StatusOf(AT_FDCWD, path.c_str(), 0, path);
}

Result<std::vector<std::string>> PosixFileSystem::Glob(const std::string& pattern) {
  glob_t found = {};
  const int outcome = ::glob(pattern.c_str(), GLOB_ERR, RememberGlobError, &found);
  const int code = errno;
  std::vector<std::string> paths;
  if (outcome == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (outcome == 0 || outcome == GLOB_NOMATCH) return paths;
  return FailErrno("list", pattern, outcome == GLOB_NOSPACE ? ENOMEM : code);
}

Result<std::string> PosixFileSystem::ReadWhole(const std::string& path) {
  auto file = Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  std::string content;
  constexpr std::size_t kStep = 64 << 10;
  for (;;) {
    const std::size_t had = content.size();
    content.resize(had + kStep);
    auto got = (*file)->ReadAt(had, std::span(content).subspan(had));
    if (!got) return std::unexpected(std::move(got.error()));
    content.resize(had + *got);
    if (*got < kStep) return content;
  }
}

Result<std::string> PosixFileSystem::Resolve(const std::string& path) {
  std::array<char, PATH_MAX> resolved;
  if (::realpath(path.c_str(), resolved.data()) == nullptr) {
    return FailErrno("resolve", path, errno);
  }
  return std::string(resolved.data());
}

Result<FileSystemType> PosixFileSystem::Type(const std::string& path) {
  struct statfs raw = {};
  if (::statfs(path.c_str(), &raw) != 0) return FailErrno("statfs", path, errno);
  const auto magic = static_cast<std::uint32_t>(raw.f_type);
  for (const KnownType& known : KnownTypes()) {
    if (known.magic == magic) return known.type;
  }
  return FileSystemType{fmt::format("{:#x}", magic), false, false};
}

Result<void> PosixFileSystem::WriteSynced(const std::string& path, std::string_view content) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return FailErrno("create", path, errno);
  if (auto written = WriteAll(fd.get(), content, path); !written) return written;
  if (::fsync(fd.get()) != 0) return FailErrno("fsync", path, errno);
  return {};
}

Result<void> PosixFileSystem::Remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return FailErrno("unlink", path, errno);
  return {};
}

Result<void> PosixFileSystem::Link(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) != 0) return FailErrno("link", to, errno);
  return {};
}

Result<void> PosixFileSystem::Rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return FailErrno("rename", from, errno);
  return {};
}

Result<void> PosixFileSystem::SyncDirectoryOf(const std::string& path) {
  const std::string directory = DirectoryOf(path);
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return FailErrno("open", directory, errno);
  if (::fsync(fd.get()) != 0) return FailErrno("fsync", directory, errno);
  return {};
}

}  // namespace routerate
