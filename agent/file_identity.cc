// Evidence by hash of the first and the last bytes read.
#include "agent/file_identity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

std::uint64_t Hash(std::string_view bytes) {
  return bytes.empty() ? 0 : XXH3_64bits(bytes.data(), bytes.size());
}

// Room for the head of a file or its tail.
using Stretch = std::array<char, FileEvidence::kKeptBytes>;
static_assert(FileEvidence::kHeadBytes <= std::tuple_size_v<Stretch>);
static_assert(FileEvidence::kTailBytes <= std::tuple_size_v<Stretch>);

// `size` bytes at `from`, fewer only at the end of the file. A view into `stretch`.
Result<std::string_view> ReadStretch(File& file, std::uint64_t from, std::uint64_t size,
                                     Stretch* stretch) {
  auto got = file.ReadAt(from, std::span(*stretch).first(size));
  if (!got) return std::unexpected(std::move(got.error()));
  return std::string_view(stretch->data(), *got);
}

// 0 for no bytes. An end of the file before is another hash than any.
Result<std::uint64_t> HashStretch(File& file, std::uint64_t from, std::uint64_t size) {
  Stretch stretch;
  const auto bytes = ReadStretch(file, from, size, &stretch);
  if (!bytes) return std::unexpected(bytes.error());
  return Hash(*bytes);
}

// Lines that were reclaimed: a log has no NUL bytes of its own.
bool HasHole(std::string_view bytes) { return bytes.find('\0') != std::string_view::npos; }

enum class Likeness { kSame, kOther, kHole };  // kHole: in `whole`, so that nobody can say

Result<Likeness> Compare(File& part, File& whole, std::uint64_t from, std::uint64_t size) {
  Stretch room_for_one;
  const auto one = ReadStretch(part, from, size, &room_for_one);
  if (!one) return std::unexpected(one.error());
  Stretch room_for_other;
  const auto other = ReadStretch(whole, from, size, &room_for_other);
  if (!other) return std::unexpected(other.error());
  if (*one == *other) return Likeness::kSame;
  return HasHole(*other) ? Likeness::kHole : Likeness::kOther;
}

}  // namespace

FileEvidence EvidenceOf(std::string_view read, std::uint64_t offset, const FileEvidence& before) {
  FileEvidence evidence = before;
  if (read.size() >= offset) {
    evidence.head_size = std::min(offset, FileEvidence::kHeadBytes);
    evidence.head_hash = Hash(read.substr(read.size() - offset, evidence.head_size));
  }
  evidence.tail_size = std::min(offset, FileEvidence::kTailBytes);
  RR_CHECK(read.size() >= evidence.tail_size);
  evidence.tail_hash = Hash(read.substr(read.size() - evidence.tail_size));
  return evidence;
}

ContentMark MarkOf(std::string_view read, std::uint64_t offset) {
  const std::uint64_t size = std::min(offset, FileEvidence::kTailBytes);
  RR_CHECK(read.size() >= size);
  return {offset, Hash(read.substr(read.size() - size))};
}

Result<MarksFound> FindMarks(File& file, std::uint64_t size, const ContentMarks& marks) {
  MarksFound found;
  for (const ContentMark& mark : marks) {
    if (mark.offset > size || found.misfit) break;
    const std::uint64_t size_there = std::min(mark.offset, FileEvidence::kTailBytes);
    Stretch stretch;
    const auto there = ReadStretch(file, mark.offset - size_there, size_there, &stretch);
    if (!there) return std::unexpected(there.error());
    const bool fits = Hash(*there) == mark.hash;
    found.fit += fits ? 1 : 0;
    const bool reclaimed = mark.offset > FileEvidence::kKeptBytes && HasHole(*there);
    found.misfit = !fits && !reclaimed;
  }
  return found;
}

Result<bool> HasContent(File& file, std::uint64_t size, const ContentEvidence& content) {
  if (size < content.offset) return false;
  const std::size_t enough = std::min(content.marks.size(), kTellingLines);
  const bool marks_in_reach = enough > 0 && content.marks[enough - 1].offset <= size;
  if (content.evidence.empty() && !marks_in_reach) return false;
  auto read = Matches(file, size, content.evidence, content.offset);
  if (!read || !*read || !marks_in_reach) return read;
  auto marks = FindMarks(file, size, content.marks);
  if (!marks) return std::unexpected(std::move(marks.error()));
  return !marks->misfit && (marks->fit > 0 || !content.evidence.empty());
}

bool HasTail(std::string_view read, const FileEvidence& evidence) {
  if (read.size() < evidence.tail_size) return false;
  return Hash(read.substr(read.size() - evidence.tail_size)) == evidence.tail_hash;
}

Result<bool> Matches(File& file, std::uint64_t size, const FileEvidence& evidence,
                     std::uint64_t offset) {
  if (size < offset) return false;
  auto head = HashStretch(file, 0, evidence.head_size);
  if (!head) return std::unexpected(std::move(head.error()));
  auto tail = HashStretch(file, offset - evidence.tail_size, evidence.tail_size);
  if (!tail) return std::unexpected(std::move(tail.error()));
  return *head == evidence.head_hash && *tail == evidence.tail_hash;
}

Result<bool> IsPrefix(File& part, std::uint64_t size, File& whole) {
  const std::uint64_t head = std::min(size, FileEvidence::kHeadBytes);
  const std::uint64_t tail = std::min(size, FileEvidence::kTailBytes);
  auto at_tail = Compare(part, whole, size - tail, tail);
  if (!at_tail) return std::unexpected(std::move(at_tail.error()));
  if (*at_tail == Likeness::kOther) return false;
  const bool reclaimed = *at_tail == Likeness::kHole;
  // More of the beginning must do then, and a hole in that is a writer's, not ours.
  const std::uint64_t beginning = reclaimed ? std::min(size, FileEvidence::kKeptBytes) : head;
  auto at_head = Compare(part, whole, 0, beginning);
  if (!at_head) return std::unexpected(std::move(at_head.error()));
  if (!reclaimed || *at_head != Likeness::kSame) return *at_head == Likeness::kSame;
  Stretch stretch;
  const auto kept = ReadStretch(whole, 0, beginning, &stretch);
  if (!kept) return std::unexpected(kept.error());
  return !HasHole(*kept);
}

std::string MakeFileId(const FileStatus& status, std::string_view first_line,
                       std::uint64_t generation) {
  const std::array<std::uint64_t, 3> facts = {
      status.inode, static_cast<std::uint64_t>(status.birth_ns), generation};
  const std::uint64_t seed = XXH3_64bits(facts.data(), sizeof facts);
  const std::string_view head = first_line.substr(0, FileEvidence::kHeadBytes);
  return fmt::format("{:016x}", XXH3_64bits_withSeed(head.data(), head.size(), seed));
}

void Add(EarlierContent content, EarlierContents* contents) {
  if (contents->size() == EarlierContent::kMost) contents->erase(contents->begin());
  contents->push_back(content);
}

std::uint64_t GenerationOf(const ContentMark& first_line, const EarlierContents& earlier) {
  std::uint64_t generation = 0;
  for (const EarlierContent& content : earlier) {
    if (content.first_line == first_line) {
      generation = std::max(generation, content.generation + 1);
    }
  }
  return generation;
}

}  // namespace routerate
