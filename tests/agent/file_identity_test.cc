// Same file or another? By content before the offset, never by name.
#include "agent/file_identity.h"

#include <catch2/catch.hpp>

#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

bool SameAfter(const std::string& before, std::uint64_t offset, const std::string& after) {
  MemoryFileSystem files;
  files.Append("/a", before);
  auto file = files.Open("/a").value();
  const FileEvidence evidence = TakeEvidence(*file, offset).value();
  files.Overwrite("/a", after);
  return Matches(*file, evidence, offset).value();
}

}  // namespace

TEST_CASE("a file that grew is the same file") {
  const std::string long_text(5000, 'x');
  CHECK(SameAfter("abc", 3, "abcdef"));
  CHECK(SameAfter("abc", 0, ""));
  CHECK(SameAfter(long_text, 4000, long_text + "y"));
}

TEST_CASE("another head, another tail or a shorter file is another file") {
  const std::string head(2000, 'h');
  const std::string middle(3000, 'm');
  CHECK_FALSE(SameAfter("abc", 3, "abd"));
  CHECK_FALSE(SameAfter("abc", 3, "ab"));
  CHECK_FALSE(SameAfter(head + middle, 5000, head + std::string(3000, 'n')));
  CHECK_FALSE(SameAfter(head + middle, 5000, std::string(2000, 'g') + middle));
}

TEST_CASE("a file id is fixed by inode, birth, first line and generation") {
  const FileStatus status{.inode = 42, .birth_ns = 1'000};
  const std::string id = MakeFileId(status, "line", 0);
  CHECK(id == "68de2632db51e336");
  CHECK(MakeFileId({.device = 9, .inode = 42, .size = 5, .birth_ns = 1'000}, "line", 0) == id);
  CHECK(MakeFileId({.inode = 43, .birth_ns = 1'000}, "line", 0) != id);
  CHECK(MakeFileId({.inode = 42, .birth_ns = 1'001}, "line", 0) != id);
  CHECK(MakeFileId(status, "lime", 0) != id);
  CHECK(MakeFileId(status, "line", 1) != id);
}
