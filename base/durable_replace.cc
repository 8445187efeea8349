// write(2) tells nothing about the disk before fsync(2), and a rename is durable once the directory
// is synced; in this order there is no moment at which neither content is whole under a name.
#include "base/durable_replace.h"

#include <cerrno>

namespace routerate {
namespace {

Result<void> UnlessMissing(Result<void> outcome) {
  if (!outcome && outcome.error().code == ENOENT) return {};
  return outcome;
}

// The old copy keeps its inode under a second name; a first write has no old copy.
Result<void> KeepPrevious(FileSystem& file_system, const std::string& path) {
  const std::string previous = path + ".previous";
  if (auto removed = UnlessMissing(file_system.Remove(previous)); !removed) return removed;
  return UnlessMissing(file_system.Link(path, previous));
}

}  // namespace

Result<void> ReplaceDurably(FileSystem& file_system, const std::string& path,
                            std::string_view content) {
  const std::string beside = path + ".new";
  if (auto written = file_system.WriteSynced(beside, content); !written) {
    (void)file_system.Remove(beside);  // half of it may be there, on a disk that is full
    return written;
  }
  if (auto kept = KeepPrevious(file_system, path); !kept) return kept;
  if (auto renamed = file_system.Rename(beside, path); !renamed) return renamed;
  return file_system.SyncDirectoryOf(path);
}

}  // namespace routerate
