// Same file or another? By content before the offset, never by name.
#include "agent/file_identity.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

bool SameAfter(const std::string& before, std::uint64_t offset, const std::string& after) {
  MemoryFileSystem files;
  files.Append("/a", before);
  auto file = files.Open("/a").value();
  const FileEvidence evidence = EvidenceOf(before.substr(0, offset), offset, {});
  files.Overwrite("/a", after);
  return Matches(*file, file->Status().value().size, evidence, offset).value();
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

TEST_CASE("evidence is the same whatever way the bytes were read") {
  std::string text;
  for (int i = 0; text.size() < 5000; ++i) text += std::to_string(i);
  for (const std::size_t offset : {1u, 500u, 1023u, 1024u, 1025u, 3000u, 5000u}) {
    const FileEvidence whole = EvidenceOf(text.substr(0, offset), offset, {});
    FileEvidence stepwise;
    for (std::size_t at = 0; at < offset;) {
      const std::size_t overlap = std::min<std::size_t>(at, FileEvidence::kTailBytes);
      const std::size_t next = std::min(at + 700, offset);
      stepwise = EvidenceOf(text.substr(at - overlap, overlap + next - at), next, stepwise);
      at = next;
    }
    CHECK(stepwise.head_hash == whole.head_hash);
    CHECK(stepwise.tail_hash == whole.tail_hash);
    CHECK(stepwise.head_size == whole.head_size);
    CHECK(stepwise.tail_size == whole.tail_size);
    CHECK(HasTail(text.substr(0, offset), whole));
    CHECK_FALSE(HasTail(text.substr(0, offset - 1), whole));
  }
}

TEST_CASE("a part of a file is told from another beginning and another end") {
  MemoryFileSystem files;
  files.Append("/whole", std::string(3000, 'a') + std::string(3000, 'b'));
  const auto is_prefix = [&](const std::string& text) {
    files.Overwrite("/part", text);
    auto part = files.Open("/part").value();
    auto whole = files.Open("/whole").value();
    return IsPrefix(*part, text.size(), *whole).value();
  };
  CHECK(is_prefix("a"));
  CHECK(is_prefix(std::string(3000, 'a') + std::string(2000, 'b')));
  CHECK_FALSE(is_prefix("b"));
  CHECK_FALSE(is_prefix(std::string(3001, 'a')));
  CHECK_FALSE(is_prefix("b" + std::string(2999, 'a')));
}

TEST_CASE("a part of a reclaimed file is told by more of its beginning") {
  constexpr std::size_t kPage = 4096;
  const std::string head = std::string(3000, 'a') + std::string(kPage - 3000, 'b');
  const std::string middle(2 * kPage, 'c');
  MemoryFileSystem files;
  files.Append("/whole", head + std::string(middle.size(), '\0') + std::string(kPage, 'd'));
  const auto is_prefix = [&](const std::string& text) {
    files.Overwrite("/part", text);
    auto part = files.Open("/part").value();
    auto whole = files.Open("/whole").value();
    return IsPrefix(*part, text.size(), *whole).value();
  };
  CHECK(is_prefix(head + middle));
  CHECK(is_prefix(head + middle.substr(0, 100)));  // its tail lies on the hole's edge
  CHECK(is_prefix(head + middle + "d"));
  CHECK_FALSE(is_prefix(std::string(kPage, 'a') + middle));
  CHECK_FALSE(is_prefix(head + middle + std::string(kPage, 'e')));
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
