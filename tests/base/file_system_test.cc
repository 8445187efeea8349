// The real file system, in a temporary directory.
#include "base/file_system.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/durable_replace.h"
#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

// A directory of its own, gone with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "routerate-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("a file is read from any offset up to its end") {
  const TemporaryDirectory directory;
  Write(directory / "a.log", "0123456789");
  PosixFileSystem files;
  auto file = files.Open(directory / "a.log");
  REQUIRE(file.has_value());
  std::string buffer(4, '\0');
  CHECK((*file)->ReadAt(3, buffer).value() == 4);
  CHECK(buffer == "3456");
  CHECK((*file)->ReadAt(8, buffer).value() == 2);
  CHECK((*file)->ReadAt(10, buffer).value() == 0);
}

TEST_CASE("status tells size, kind and identity, also of a deleted file held open") {
  const TemporaryDirectory directory;
  Write(directory / "a.log", "12345");
  PosixFileSystem files;
  auto file = files.Open(directory / "a.log");
  const FileStatus named = files.Status(directory / "a.log").value();
  CHECK(named.size == 5);
  CHECK(named.regular);
  CHECK(named.links == 1);
  ::unlink((directory / "a.log").c_str());
  const FileStatus held = (*file)->Status().value();
  CHECK(held.inode == named.inode);
  CHECK(held.device == named.device);
  CHECK(held.links == 0);
}

TEST_CASE("failures name what was tried and the path") {
  const TemporaryDirectory directory;
  PosixFileSystem files;
  const std::string missing = directory / "missing";
  CHECK(files.Open(missing).error().message == "open " + missing + ": No such file or directory");
  CHECK(files.Status(missing).error().code == ENOENT);
  CHECK(files.Glob(missing + "/*").error().message ==
        "list " + missing + "/*: No such file or directory");
}

TEST_CASE("a pattern gives its matches in order") {
  const TemporaryDirectory directory;
  for (const char* name : {"b.log", "a.log", "c.txt"}) Write(directory / name, "");
  PosixFileSystem files;
  CHECK(files.Glob(directory / "*.log").value() ==
        std::vector<std::string>{directory / "a.log", directory / "b.log"});
  CHECK(files.Glob(directory / "*.json").value().empty());
}

TEST_CASE("a replaced file keeps the content before it beside it") {
  const TemporaryDirectory directory;
  PosixFileSystem files;
  const std::string path = directory / "state";
  REQUIRE(ReplaceDurably(files, path, "one").has_value());
  REQUIRE(ReplaceDurably(files, path, "two").has_value());
  CHECK(files.ReadWhole(path).value() == "two");
  CHECK(files.ReadWhole(path + ".previous").value() == "one");
  CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("a replacement that cannot be written leaves the old content") {
  PosixFileSystem files;
  const auto replaced = ReplaceDurably(files, "/proc/routerate/state", "x");
  REQUIRE_FALSE(replaced.has_value());
  CHECK_THAT(replaced.error().message, Catch::StartsWith("create /proc/routerate/state.new: "));
}

TEST_CASE("a replacement leaves one content or the other, whichever call fails") {
  for (int failing = 1;; ++failing) {
    INFO("call " << failing << " fails");
    MemoryFileSystem files;
    for (const char* content : {"one", "two"}) {
      REQUIRE(ReplaceDurably(files, "/state", content).has_value());
    }
    int calls = 0;
    files.fails = [&](std::string_view) { return ++calls == failing ? EIO : 0; };
    const bool replaced = ReplaceDurably(files, "/state", "three").has_value();
    files.fails = nullptr;
    if (calls < failing) break;
    CHECK_FALSE(replaced);
    const std::string now = files.ReadWhole("/state").value();
    CHECK((now == "two" || now == "three"));
  }
}

TEST_CASE("a hole is found and passed") {
  const TemporaryDirectory directory;
  const std::string path = directory / "sparse";
  Write(path, "begin");
  std::filesystem::resize_file(path, 1 << 20);
  PosixFileSystem files;
  auto file = files.Open(path).value();
  CHECK(file->NextData(0).value() == 0);
  CHECK(file->NextData(1 << 16).value() == 1 << 20);
  std::ofstream(path, std::ios::app) << "end";
  CHECK(file->NextData(1 << 16).value() == 1 << 20);
}

TEST_CASE("punched blocks read as NUL bytes and take no room") {
  const TemporaryDirectory directory;
  const std::string path = directory / "a.log";
  Write(path, std::string(64 << 10, 'x'));
  PosixFileSystem files;
  if (!files.Type(path).value().punches) {
    WARN("the temporary directory's file system punches no holes: not tested");
    return;
  }
  auto file = files.Open(path, FileSystem::Access::kPunch).value();
  REQUIRE(file->Punch(4096, 32 << 10).has_value());
  CHECK(file->Status().value().size == 64 << 10);
  CHECK(files.ReadWhole(path).value() ==
        std::string(4096, 'x') + std::string(28 << 10, '\0') + std::string(32 << 10, 'x'));
  struct stat raw = {};
  REQUIRE(::stat(path.c_str(), &raw) == 0);
  CHECK(raw.st_blocks * 512 < 64 << 10);
}

TEST_CASE("what is no local file system is not trusted to tell of changes") {
  PosixFileSystem files;
  CHECK_FALSE(files.Type("/proc").value().tells);
  CHECK_FALSE(files.Type("/proc").value().punches);
  CHECK(files.Type("/dev/shm").value().name == "tmpfs");
  CHECK(files.Type("/no/such/path").error().code == ENOENT);
}

TEST_CASE("a path is resolved through symbolic links") {
  const TemporaryDirectory directory;
  Write(directory / "a.log", "");
  std::filesystem::create_symlink(directory / "a.log", directory / "one");
  std::filesystem::create_symlink("one", directory / "two");
  PosixFileSystem files;
  CHECK(files.Resolve(directory / "two").value() == files.Resolve(directory / "a.log").value());
}

TEST_CASE("a file larger than one read is read whole") {
  const TemporaryDirectory directory;
  const std::string content(200'000, 'x');
  Write(directory / "large", content);
  PosixFileSystem files;
  CHECK(files.ReadWhole(directory / "large").value() == content);
}
