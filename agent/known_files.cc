// A list in the order of coming, and an index by inode, since every look at a path asks for that.
#include "agent/known_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace routerate {

KnownFile& KnownFiles::Add(KnownFile file) {
  if (file.entry.inode != 0) UnlinkInode(file.entry.inode);
  files_.push_back(std::move(file));
  const auto added = std::prev(files_.end());
  by_inode_.emplace(added->entry.inode, added);
  return *added;
}

KnownFile KnownFiles::Take(const KnownFile& file) {
  const auto [begin, end] = by_inode_.equal_range(file.entry.inode);
  const auto found =
      std::find_if(begin, end, [&](const auto& indexed) { return &*indexed.second == &file; });
  RR_CHECK(found != end);
  KnownFile taken = std::move(*found->second);
  files_.erase(found->second);
  by_inode_.erase(found);
  return taken;
}

std::vector<KnownFile*> KnownFiles::OfInode(std::uint64_t inode) {
  std::vector<KnownFile*> found;
  const auto [begin, end] = by_inode_.equal_range(inode);
  for (auto i = begin; i != end; ++i) found.push_back(&*i->second);
  return found;
}

KnownFile* KnownFiles::AtPlace(const std::string& path) {
  const auto found =
      std::ranges::find_if(files_, [&](const KnownFile& file) { return file.place == path; });
  return found == files_.end() ? nullptr : &*found;
}

void KnownFiles::Unlink(KnownFile& file) {
  KnownFile unlinked = Take(file);
  if (!unlinked.entry.WasRead()) return;  // nothing tells it any more
  unlinked.entry.inode = 0;
  unlinked.place.clear();
  unlinked.linked = false;
  Add(std::move(unlinked));
}

void KnownFiles::UnlinkInode(std::uint64_t inode) {
  for (KnownFile* file : OfInode(inode)) Unlink(*file);
}

void KnownFiles::Forget(WallMs now) {
  const auto is_old = [&](const KnownFile& file) {
    return file.place.empty() && now - file.entry.seen_ms > kForget.count();
  };
  for (auto file = files_.begin(); file != files_.end();) {
    const auto here = file++;
    if (is_old(*here) || files_.size() > kMost) (void)Take(*here);
  }
}

}  // namespace routerate
