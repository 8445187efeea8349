// What the agent knows of each file when it starts again. Pure text in and out; checkpoint_store
// keeps it on disk.
//
//   routerate-checkpoint 1 <XXH3 of all that follows, 16 hex digits>
//   {"id":"...","path":"...","device":..,"inode":..,"birth_ns":..,"generation":..,"offset":..,...}
//
// One line of JSON a file. A reader refuses another version or another checksum, and skips members
// that it does not know; those of later releases (lines, marks, earlier, size,
// modified_ns) may be absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/file_identity.h"
#include "base/clock.h"
#include "base/result.h"

namespace routerate {

struct CheckpointEntry {
  std::string id;    // rr-file
  std::string path;  // where an input last found it
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  // 0: the content is under no name any more, if not in a copy
  std::int64_t birth_ns = 0;
  std::uint64_t generation = 0;
  std::uint64_t offset = 0;  // everything before it is acknowledged, or known not to be a line
  std::optional<std::uint64_t> lines;  // newlines before it, when known
  FileEvidence evidence;               // for `offset`
  ContentMarks marks = {};             // of all that was read
  EarlierContents earlier = {};        // of its inode
  std::uint64_t size = 0;              // as last seen: what is behind the offset is unread
  std::int64_t modified_ns = 0;        // likewise; 0: not known
  WallMs seen_ms = 0;                  // when the file was last there

  bool WasRead() const { return !evidence.empty() || !marks.empty(); }
  // What a content that comes after it on its inode has before it.
  EarlierContents AsEarlier() const;
  ContentEvidence Content() const { return {evidence, offset, marks}; }
  std::uint64_t Unread() const { return size > offset ? size - offset : 0; }
};

std::string EncodeCheckpoint(const std::vector<CheckpointEntry>& entries);
Result<std::vector<CheckpointEntry>> DecodeCheckpoint(std::string_view text);

}  // namespace routerate
