// A file that a name leads to and that is neither open nor known by its inode. It may be new; it
// may be a copy of a file that was read (copytruncate's, cp's), whose lines must not be counted
// again; it may stand in the place of a file that was replaced by the same content (sed -i).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "agent/known_files.h"
#include "agent/tailed_file.h"
#include "base/file_system.h"
#include "base/result.h"

namespace routerate {

struct Stranger {
  std::size_t input;
  std::string path;
  FileStatus status;
  std::string base = {};  // empty: an input's pattern names `path`; else the name it had then
  EarlierContents earlier = {};  // of its inode

  // The name that its input knows it by.
  const std::string& name() const { return base.empty() ? path : base; }
};

// Open, so that it is not lost when its name goes: of what is empty, or may become a copy, it
// cannot be said yet what it is.
struct HeldStranger {
  Stranger stranger;
  std::unique_ptr<File> file;
  Millis since;
  std::optional<Millis> gone_since = {};  // when it was first seen without a name
  bool linked = true;                     // its name was seen in the last scan
  bool may_be_new = true;                 // it has lines that may be nobody else's
  std::uint64_t size_at_first = 0;        // when this process opened it
};

// Whether the file came to be at `since` or later, as far as clocks can tell.
bool IsBornSince(const FileStatus& status, WallMs since);

// What a stranger is to another file.
enum class Relation {
  kNone,
  kSame,     // it has what was read of the other, and no other file has
  kAlike,    // so far: one line is all that was read of the other, and all that it has
  kCopy,     // it has what was read of the other, which is there itself
  kPart,     // all that it has yet is the other's beginning: it may become one of the above
  kPast,     // a copy of less than what was read of the other: there is nothing new in it
  kUnclear,  // the other is about to be found truncated
};

// To a file that is known: its evidence, and whether it is in its place, tell.
Result<Relation> RelationTo(const KnownFile& known, const Stranger& stranger, File& file);
// To a file that is open: their bytes tell.
Result<Relation> RelationTo(TailedFile& open, const Stranger& stranger, File& file);

}  // namespace routerate
