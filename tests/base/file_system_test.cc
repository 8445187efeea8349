// The real file system, in a temporary directory.
#include "base/file_system.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

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
  REQUIRE(files.Replace(path, "one").has_value());
  REQUIRE(files.Replace(path, "two").has_value());
  CHECK(files.ReadWhole(path).value() == "two");
  CHECK(files.ReadWhole(path + ".previous").value() == "one");
  CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("a replacement that cannot be written leaves the old content") {
  PosixFileSystem files;
  const auto replaced = files.Replace("/proc/routerate/state", "x");
  REQUIRE_FALSE(replaced.has_value());
  CHECK_THAT(replaced.error().message, Catch::StartsWith("create /proc/routerate/state.new: "));
}

TEST_CASE("a file larger than one read is read whole") {
  const TemporaryDirectory directory;
  const std::string content(200'000, 'x');
  Write(directory / "large", content);
  PosixFileSystem files;
  CHECK(files.ReadWhole(directory / "large").value() == content);
}
