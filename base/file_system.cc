// POSIX files: every call names its path in its error, and every write that must survive a crash is
// written beside, synced, renamed and its directory synced, in that order.
#include "base/file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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
  if ((raw.stx_mask & STATX_BTIME) != 0) {
    status.birth_ns = raw.stx_btime.tv_sec * 1'000'000'000 + raw.stx_btime.tv_nsec;
  }
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

Result<void> WriteSynced(const std::string& path, std::string_view content) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return FailErrno("create", path, errno);
  if (auto written = WriteAll(fd.get(), content, path); !written) return written;
  if (::fsync(fd.get()) != 0) return FailErrno("fsync", path, errno);
  return {};
}

Result<void> SyncDirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return FailErrno("open", directory, errno);
  if (::fsync(fd.get()) != 0) return FailErrno("fsync", directory, errno);
  return {};
}

int RememberGlobError(const char*, int) { return 1; }

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::Open(const std::string& path) {
  // O_NONBLOCK: a FIFO in the log directory must not stop the program.
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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

Result<void> PosixFileSystem::Replace(const std::string& path, std::string_view content) {
  const std::string beside = path + ".new";
  const std::string previous = path + ".previous";
  if (auto written = WriteSynced(beside, content); !written) {
    ::unlink(beside.c_str());
    return written;
  }
  // The old copy keeps its inode under a second name; a first write has no old copy.
  if (::unlink(previous.c_str()) != 0 && errno != ENOENT) {
    return FailErrno("unlink", previous, errno);
  }
  if (::link(path.c_str(), previous.c_str()) != 0 && errno != ENOENT) {
    return FailErrno("link", previous, errno);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return FailErrno("rename", beside, errno);
  return SyncDirectoryOf(path);
}

}  // namespace routerate
