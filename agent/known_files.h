// Files that are known and not open: of a checkpoint that was loaded, or closed since because they
// were read to their end. Bounded: what was not seen for long goes, and the oldest beyond a number.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/checkpoint.h"
#include "base/clock.h"
#include "base/file_system.h"

namespace routerate {

struct KnownFile {
  CheckpointEntry entry;
  std::string place = {};    // where it is now, as far as known; empty: no name of it is known
  bool linked = false;       // an input's path led there in the last scan
  bool behind_link = false;  // its place is, or leads through, a symbolic link
  bool finished = false;     // all that was in it was done with, half a line at its end too

  // Nothing was written since it was read to its end.
  bool Unchanged(const FileStatus& status) const {
    return (finished || entry.offset == status.size) && entry.size == status.size &&
           entry.modified_ns == status.modified_ns && entry.modified_ns != 0;
  }
};

// Not thread-safe. Addresses of entries are stable until they are erased.
class KnownFiles {
 public:
  // Entries of files that are not there are kept so long: a volume may come back.
  static constexpr Millis kForget{7 * 24 * 3600 * 1000};
  static constexpr std::size_t kMost = 100'000;  // the oldest go first

  using List = std::list<KnownFile>;

  // Unlinks those that had its inode before.
  KnownFile& Add(KnownFile file);
  // Takes the entry out.
  KnownFile Take(const KnownFile& file);
  // All entries with this inode.
  std::vector<KnownFile*> OfInode(std::uint64_t inode);
  // The one that leads there; nullptr: none.
  KnownFile* AtPlace(const std::string& path);
  // Those whose name the one in `path` is, or may be a copy's of (file_names.h); the oldest first.
  std::vector<KnownFile*> Related(std::string_view path);
  void Rename(KnownFile& file, const std::string& path);
  // Its content is under no name any more, and is to be found by what was read of it, if any was.
  void Unlink(KnownFile& file);
  // So is that of all who had this inode: it is another file now.
  void UnlinkInode(std::uint64_t inode);

  // Forgets what is too old or too much; files that are there never.
  void Forget(WallMs now);

  List& all() { return files_; }
  const List& all() const { return files_; }

 private:
  struct Indexed {
    std::uint64_t number;  // in the order of coming
    List::iterator file;
  };
  using ByStem = std::unordered_multimap<std::string, Indexed>;
  ByStem::iterator StemEntry(const KnownFile& file);

  List files_;  // the oldest first
  std::unordered_multimap<std::uint64_t, List::iterator> by_inode_;
  ByStem by_stem_;
  std::uint64_t next_number_ = 0;
};

}  // namespace routerate
