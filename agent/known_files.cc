// A list in the order of coming; an index by inode, since every look at a path asks for that, and
// one by the stem of the name, so that many files are not all compared with one another.
#include "agent/known_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agent/file_names.h"
#include "base/check.h"

namespace routerate {

KnownFile& KnownFiles::Add(KnownFile file) {
  if (file.entry.inode != 0) UnlinkInode(file.entry.inode);
  files_.push_back(std::move(file));
  const auto added = std::prev(files_.end());
  by_inode_.emplace(added->entry.inode, added);
  by_stem_.emplace(StemOf(NameOf(added->entry.path)), Indexed{next_number_++, added});
  return *added;
}

KnownFiles::ByStem::iterator KnownFiles::StemEntry(const KnownFile& file) {
  const auto [begin, end] = by_stem_.equal_range(std::string(StemOf(NameOf(file.entry.path))));
  const auto found =
      std::find_if(begin, end, [&](const auto& indexed) { return &*indexed.second.file == &file; });
  RR_CHECK(found != end);
  return found;
}

std::vector<KnownFile*> KnownFiles::Related(std::string_view path) {
  const std::string_view name = NameOf(path);
  std::vector<Indexed> related;
  for (std::size_t size = 0; size <= name.size(); ++size) {
    const auto [begin, end] = by_stem_.equal_range(std::string(name.substr(0, size)));
    for (auto i = begin; i != end; ++i) related.push_back(i->second);
  }
  std::ranges::sort(related, {}, &Indexed::number);
  std::vector<KnownFile*> files;
  files.reserve(related.size());
  for (const Indexed& indexed : related) files.push_back(&*indexed.file);
  return files;
}

void KnownFiles::Rename(KnownFile& file, const std::string& path) {
  const auto entry = StemEntry(file);
  const Indexed indexed = entry->second;
  by_stem_.erase(entry);
  file.entry.path = path;
  by_stem_.emplace(StemOf(NameOf(path)), indexed);
}

KnownFile KnownFiles::Take(const KnownFile& file) {
  const auto [begin, end] = by_inode_.equal_range(file.entry.inode);
  const auto found =
      std::find_if(begin, end, [&](const auto& indexed) { return &*indexed.second == &file; });
  RR_CHECK(found != end);
  by_stem_.erase(StemEntry(file));
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
