// Evidence by hash of the first and the last bytes read.
#include "agent/file_identity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

namespace routerate {
namespace {

Result<std::uint64_t> HashStretch(File& file, std::uint64_t from, std::uint64_t size) {
  if (size == 0) return 0;
  std::array<char, std::max(FileEvidence::kHeadBytes, FileEvidence::kTailBytes)> bytes;
  auto got = file.ReadAt(from, std::span(bytes).first(size));
  if (!got) return std::unexpected(std::move(got.error()));
  if (*got != size) return Fail("the file is shorter than what was read of it");
  return XXH3_64bits(bytes.data(), size);
}

}  // namespace

Result<FileEvidence> TakeEvidence(File& file, std::uint64_t offset) {
  FileEvidence evidence;
  evidence.head_size = std::min(offset, FileEvidence::kHeadBytes);
  evidence.tail_size = std::min(offset, FileEvidence::kTailBytes);
  auto head = HashStretch(file, 0, evidence.head_size);
  if (!head) return std::unexpected(std::move(head.error()));
  auto tail = HashStretch(file, offset - evidence.tail_size, evidence.tail_size);
  if (!tail) return std::unexpected(std::move(tail.error()));
  evidence.head_hash = *head;
  evidence.tail_hash = *tail;
  return evidence;
}

Result<bool> Matches(File& file, const FileEvidence& evidence, std::uint64_t offset) {
  auto status = file.Status();
  if (!status) return std::unexpected(std::move(status.error()));
  if (status->size < offset) return false;
  auto head = HashStretch(file, 0, evidence.head_size);
  if (!head) return std::unexpected(std::move(head.error()));
  auto tail = HashStretch(file, offset - evidence.tail_size, evidence.tail_size);
  if (!tail) return std::unexpected(std::move(tail.error()));
  return *head == evidence.head_hash && *tail == evidence.tail_hash;
}

std::string MakeFileId(const FileStatus& status, std::string_view first_line,
                       std::uint64_t generation) {
  const std::array<std::uint64_t, 3> facts = {
      status.inode, static_cast<std::uint64_t>(status.birth_ns), generation};
  const std::uint64_t seed = XXH3_64bits(facts.data(), sizeof facts);
  const std::string_view head = first_line.substr(0, FileEvidence::kHeadBytes);
  return fmt::format("{:016x}", XXH3_64bits_withSeed(head.data(), head.size(), seed));
}

}  // namespace routerate
