// The checkpoint's text and its life on disk.
#include "agent/checkpoint.h"

#include <catch2/catch.hpp>

#include "agent/checkpoint_store.h"
#include "tests/memory_file_system.h"

using namespace routerate;

namespace {

CheckpointEntry Entry(const std::string& id, std::uint64_t offset) {
  return {.id = id,
          .path = "/logs/\xFF\"\n" + id,
          .device = 7,
          .inode = UINT64_MAX,
          .birth_ns = -5,
          .generation = 2,
          .offset = offset,
          .evidence = {.head_size = 1, .head_hash = UINT64_MAX, .tail_size = 1, .tail_hash = 9},
          .seen_ms = 1'795'363'184'000};
}

}  // namespace

TEST_CASE("a checkpoint comes back as it was, whatever bytes a path has") {
  const auto decoded = DecodeCheckpoint(EncodeCheckpoint({Entry("a", 1), Entry("b", UINT64_MAX)}));
  REQUIRE(decoded.has_value());
  REQUIRE(decoded->size() == 2);
  const CheckpointEntry& b = (*decoded)[1];
  CHECK(b.path == "/logs/\xFF\"\nb");
  CHECK(b.inode == UINT64_MAX);
  CHECK(b.offset == UINT64_MAX);
  CHECK(b.birth_ns == -5);
  CHECK(b.evidence.head_hash == UINT64_MAX);
  CHECK(b.seen_ms == 1'795'363'184'000);
}

TEST_CASE("the number of lines is kept when known, and may be absent") {
  CheckpointEntry counted = Entry("a", 1000);
  counted.lines = 17;
  const std::string text = EncodeCheckpoint({counted, Entry("b", 1000)});
  const auto decoded = DecodeCheckpoint(text);
  REQUIRE(decoded.has_value());
  CHECK((*decoded)[0].lines == 17);
  CHECK((*decoded)[1].lines == std::nullopt);
  CHECK(text.find("lines") == text.rfind("lines"));
  counted.lines = 1001;
  CHECK_FALSE(DecodeCheckpoint(EncodeCheckpoint({counted})).has_value());
}

TEST_CASE("a checkpoint of an older release is read") {
  const auto decoded = DecodeCheckpoint(
      "routerate-checkpoint 1 8aaf9e3baf127ce0\n"
      R"({"id":"0a1b2c","path":"/logs/a.log","device":2049,"inode":77,"birth_ns":-5,)"
      R"("generation":3,"offset":4096,"head_size":1024,"head_hash":11,"tail_size":1024,)"
      R"("tail_hash":12,"seen_ms":1795363184000})"
      "\n");
  REQUIRE(decoded.has_value());
  REQUIRE(decoded->size() == 1);
  const CheckpointEntry& entry = decoded->front();
  CHECK(entry.path == "/logs/a.log");
  CHECK(entry.offset == 4096);
  CHECK(entry.evidence.tail_hash == 12);
  CHECK(entry.Unread() == 0);
  CHECK(entry.lines == std::nullopt);
  CHECK(entry.marks.empty());
}

TEST_CASE("a checkpoint cut or changed anywhere is refused") {
  const std::string text = EncodeCheckpoint({Entry("a", 1)});
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO("cut at " << size);
    CHECK_FALSE(DecodeCheckpoint(text.substr(0, size)).has_value());
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    INFO("changed at " << i);
    std::string changed = text;
    changed[i] ^= 1;
    CHECK_FALSE(DecodeCheckpoint(changed).has_value());
  }
}

TEST_CASE("no checkpoint is an empty one without a warning") {
  MemoryFileSystem files;
  const auto loaded = CheckpointStore(files, "/state/c").Load();
  CHECK(loaded.entries.empty());
  CHECK(loaded.warning.empty());
}

TEST_CASE("a damaged checkpoint falls back to the one before and says so") {
  MemoryFileSystem files;
  CheckpointStore store(files, "/state/c");
  REQUIRE(store.Save({Entry("a", 1)}).has_value());
  REQUIRE(store.Save({Entry("a", 2)}).has_value());
  files.Overwrite("/state/c", "torn");
  const auto loaded = store.Load();
  REQUIRE(loaded.entries.size() == 1);
  CHECK(loaded.entries[0].offset == 1);
  CHECK(loaded.warning ==
        "checkpoint /state/c: not a checkpoint of version 1; using /state/c.previous");
}

TEST_CASE("two damaged checkpoints are none, and the warning says what follows") {
  MemoryFileSystem files;
  files.Append("/state/c", "torn");
  files.Append("/state/c.previous", "torn");
  const auto loaded = CheckpointStore(files, "/state/c").Load();
  CHECK(loaded.entries.empty());
  CHECK_THAT(loaded.warning, Catch::EndsWith("; files are read from their beginning"));
}
