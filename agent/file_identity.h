// Which file is this? Neither a name (rotation moves it), nor an inode (deleted and used again),
// nor the first bytes (JSON lines begin alike) can say alone. A file that was read up to an offset
// is the same file if its first bytes and the bytes just before that offset are still there, on the
// same inode; the same bytes on another inode are a copy of it, read up to there as well (DESIGN
// A4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

// Hashes of two stretches of a file (XXH3, 64 bits). An empty stretch has the hash 0 and
// matches any file.
struct FileEvidence {
  std::uint64_t head_size = 0;  // of the bytes from 0 on; at most kHeadBytes
  std::uint64_t head_hash = 0;
  std::uint64_t tail_size = 0;  // of the bytes that end at the offset; at most kTailBytes
  std::uint64_t tail_hash = 0;

  static constexpr std::uint64_t kHeadBytes = 1024;
  static constexpr std::uint64_t kTailBytes = 1024;
  // So much at the beginning stays when the rest is reclaimed (reclaim).
  static constexpr std::uint64_t kKeptBytes = 4096;

  bool empty() const { return head_size == 0 && tail_size == 0; }
};

// Evidence for beginnings of a content: at the ends of its 1st, 2nd, 4th, 8th ... line the hash of
// the bytes before, kTailBytes at most. By it a file is known that has less than what was read.
struct ContentMark {
  std::uint64_t offset;
  std::uint64_t hash;
  bool operator==(const ContentMark&) const = default;
};
using ContentMarks = std::vector<ContentMark>;  // by offset, rising

// One line alike, with others behind it, may be chance, or logs that begin with a header. Several
// are one content.
inline constexpr std::size_t kTellingLines = 2;

// What is left of a content that was read, wherever it is now.
struct ContentEvidence {
  const FileEvidence& evidence;  // for `offset`
  std::uint64_t offset;          // reading goes on there
  const ContentMarks& marks;     // some may lie behind it: those lines may have been sent
};

// The mark at `offset`; `read` ends there, and begins as in EvidenceOf.
ContentMark MarkOf(std::string_view read, std::uint64_t offset);

struct MarksFound {
  std::size_t fit = 0;
  bool misfit = false;  // one is there, and is of another content
};

// Of the marks in the file's first `size` bytes. Those in a hole, of lines that were reclaimed, are
// passed over.
Result<MarksFound> FindMarks(File& file, std::uint64_t size, const ContentMarks& marks);

// Whether the file, of `size` bytes, has that content up to the offset at least, and what it has
// behind it is no other. False if there is nothing to know the content by.
Result<bool> HasContent(File& file, std::uint64_t size, const ContentEvidence& content);

// The evidence for `offset`, of bytes that were read: `read` ends there, and begins at the file's
// beginning or kTailBytes earlier at least. `before` is the evidence for an earlier offset, whose
// head serves when `read` begins later.
FileEvidence EvidenceOf(std::string_view read, std::uint64_t offset, const FileEvidence& before);

// Whether the bytes that end at the evidence's offset are those of its tail; `read` ends there.
bool HasTail(std::string_view read, const FileEvidence& evidence);

// Whether the file, of `size` bytes, has what was there when `evidence` was taken at `offset`. It
// is not asked for its size again: what it would tell then would be known to nobody.
Result<bool> Matches(File& file, std::uint64_t size, const FileEvidence& evidence,
                     std::uint64_t offset);

// Whether all of `part`, of `size` bytes, is at the beginning of `whole`: judged by the first
// kHeadBytes and the last kTailBytes of it; where `whole` was reclaimed, by the first kKeptBytes.
Result<bool> IsPrefix(File& part, std::uint64_t size, File& whole);

// What an inode had before it was truncated, or used again. The latest last; kMost at most.
struct EarlierContent {
  static constexpr std::size_t kMost = 8;
  ContentMark first_line;
  std::uint64_t generation;
};
using EarlierContents = std::vector<EarlierContent>;

void Add(EarlierContent content, EarlierContents* contents);

// The stable id of a file's content, 16 hex digits, made of the inode, its birth and the first
// line's first kHeadBytes: the same after any restart, even when no checkpoint was written.
// `generation` tells apart contents that agree in all of this (a file truncated and written alike).
std::string MakeFileId(const FileStatus& status, std::string_view first_line,
                       std::uint64_t generation);

// 0, if none of the earlier contents began so.
std::uint64_t GenerationOf(const ContentMark& first_line, const EarlierContents& earlier);

}  // namespace routerate
