// What happens to files between two scans (file_set_scan.cc).
#include "agent/file_set.h"

#include <algorithm>

#include "agent/file_identity.h"
#include "agent/file_names.h"
#include "base/check.h"

namespace routerate {
namespace {

// A clock that was set back by so much while no agent ran hides nothing.
constexpr WallMs kClockSetBack = 60'000;

CheckpointEntry EntryOf(const Stranger& stranger, WallMs wall) {
  CheckpointEntry entry;
  entry.path = stranger.name();
  entry.device = stranger.status.device;
  entry.inode = stranger.status.inode;
  entry.birth_ns = stranger.status.birth_ns;
  entry.earlier = stranger.earlier;
  entry.seen_ms = wall;
  return entry;
}

}  // namespace

FileSet::FileSet(const AgentOptions& options, FileSystem& file_system, FileWatch& watch,
                 AgentEvents& events, FileInheritance inherited)
    : options_(options),
      file_system_(file_system),
      events_(events),
      paths_(options, file_system, events),
      watching_(options.watch, file_system, watch),
      limits_{.max_line = options.max_line,
              .batch_bytes = options.batch_bytes,
              .rejects = options.dead_letter.topic.empty() ? TailedFile::Rejects::kCounted
                                                           : TailedFile::Rejects::kKept},
      redaction_(options.redaction) {
  if (options.ship == ShipMode::kSummaries) {
    auto routes = RouteMatcher::Create(options.route_rules, options.routes);
    RR_CHECK(routes.has_value());  // LoadAgentOptions has tried
    routes_ = *std::move(routes);
  }
  for (const InputOptions& input : options.inputs) {
    formats_.push_back(std::make_unique<LineFormat>(input.format, input.keys));
  }
  for (CheckpointEntry& entry : inherited.known) {
    RememberName(entry.path, entry.seen_ms - kClockSetBack);
    known_.Add({.entry = std::move(entry)});
  }
  for (FileInheritance::Open& open : inherited.open) Inherit(std::move(open));
}

void FileSet::Inherit(FileInheritance::Open open) {
  const CheckpointEntry& entry = open.entry;
  const auto input = paths_.InputOf(entry.path);
  const auto status = open.file->Status();
  if (!input || !status) return events_.FileClosed(entry.path, entry.offset);
  const Stranger found{*input, entry.path, *status, entry.path, entry.earlier};
  Follow(found, std::move(open.file), TailedFile::StartOf(entry));
  files_.back()->where = {.linked = false, .was_linked = false};  // the next scan sees its names
}

FileInheritance FileSet::Release(WallMs wall) {
  FileInheritance released;
  for (const KnownFile& known : known_.all()) released.known.push_back(known.entry);
  for (const auto& file : files_) {
    CheckpointEntry entry = file->ToCheckpoint(wall);
    if (file->HasFile()) {
      released.open.push_back({std::move(entry), file->ReleaseFile()});
    } else {
      released.known.push_back(std::move(entry));
    }
  }
  for (HeldStranger& held : held_) {
    if (held.stranger.status.size > 0) continue;  // it has its name still, or is a copy
    released.open.push_back({EntryOf(held.stranger, wall), std::move(held.file)});
  }
  files_.clear();
  held_.clear();
  Index();
  return released;
}

void FileSet::Tell(const FileChanges& changes) {
  if (changes.names || changes.all) AskForScan();
  if (changes.all) {
    for (const auto& file : files_) file->looks.wanted = true;
  }
  for (const std::string& name : changes.contents) {
    const auto [begin, end] = by_told_name_.equal_range(name);
    for (auto told = begin; told != end; ++told) told->second->looks.wanted = true;
    if (begin != end) continue;
    // A file that was renamed, or one that is not followed yet.
    for (const auto& file : files_) file->looks.wanted |= !file->where.linked;
    if (!held_.empty() || paths_.InputOf(name) || known_.AtPlace(name) != nullptr) AskForScan();
  }
}

// Soon, but not for each of many names that come and go.
void FileSet::AskForScan() {
  constexpr Millis kPause{50};
  scan_asked_ = true;
  next_scan_ = std::min(next_scan_, std::max(now_ + kPause, no_scan_before_));
}

void FileSet::BeginAgain(std::size_t index) {
  TailedFile& old = *files_[index];
  RR_CHECK(!old.HasUnflushed());
  events_.FileTruncated(old.path(), old.read());
  const auto now = old.file()->Status();
  FileStatus status = now.value_or(old.status());
  status.size = std::max(now ? now->size : 0, old.next_size());  // so much of it was seen
  auto fresh =
      std::make_unique<TailedFile>(old.path(), old.input(), old.parsing(), old.ReleaseFile(),
                                   status, old.AfterTruncation(), limits_);
  fresh->set_last_growth(old.last_growth());
  fresh->where = old.where;
  old.where = {.linked = false};
  changed_ = true;
  files_.push_back(std::move(fresh));
  Index();
  if (!FindCopyOf(old) && old.unread() > 0) {
    events_.BytesLost(old.path(), LossReason::kTruncated, old.unread());
  }
  // Contents between the old one and the new one, copied away while nobody looked.
  const auto others = List(DirectoryOf(old.path()), Names::kOthers);
  for (const Listed& listed : others.value_or(std::vector<Listed>())) {
    FindMissed(listed, {{old.path(), old.looks.seen_at}});
  }
  DecideHeld();
  Index();
}

bool FileSet::ReplaceStale(std::size_t index) {
  TailedFile& stale = *files_[index];
  auto again = file_system_.Open(stale.name());
  if (again) {
    const auto status = (*again)->Status();
    if (status && status->SameFile(stale.status())) {
      stale.Adopt(std::move(*again), *status);
      return true;
    }
  }
  if (stale.behind() > 0) events_.BytesLost(stale.path(), LossReason::kGone, stale.behind());
  events_.FileClosed(stale.path(), stale.committed());
  (void)stale.ReleaseFile();
  stale.where = {.linked = false, .was_linked = false};
  Index();
  AskForScan();
  return false;
}

// copytruncate's copy was made before the truncation, so it is there by now, or will not be found.
bool FileSet::FindCopyOf(TailedFile& file) {
  auto all = List(DirectoryOf(file.path()), Names::kAll);
  if (!all) return false;
  for (Listed& listed : *all) {
    if (!IsCopyName(NameOf(listed.path), NameOf(file.path()))) continue;
    if (FindOpen(listed.status) != nullptr) continue;
    auto copy = file_system_.Open(listed.path);
    if (!copy) continue;
    const auto same = HasContent(**copy, listed.status.size, file.Content());
    // Of a file of which nothing was read, the copy is known by its age and size only.
    const bool by_age =
        !file.WasRead() && file.looks.seen_at != 0 && listed.status.size >= file.status().size &&
        IsBornSince(listed.status, file.looks.seen_at) && !IsCopyOfOther(listed, **copy);
    if (!same || !(*same || by_age)) continue;
    // Written between the copy and the truncation.
    if (file.seen_size() > listed.status.size) {
      events_.BytesLost(file.path(), LossReason::kTruncated, file.seen_size() - listed.status.size);
    }
    if (listed.status.size == file.read() && file.AllAcknowledged()) return true;
    known_.UnlinkInode(listed.status.inode);
    file.Adopt(std::move(*copy), listed.status);
    file.where.place = std::move(listed.path);
    Index();
    return true;
  }
  return false;
}

// Of a file that was read, under another name maybe. If that cannot be seen, it is said to be.
bool FileSet::IsCopyOfOther(const Listed& listed, File& copy) {
  const auto has = [&](const ContentEvidence& content) {
    return HasContent(copy, listed.status.size, content).value_or(true);
  };
  const auto is_copy_of = [&](const std::string& path) {
    return path == listed.path || IsCopyName(NameOf(listed.path), NameOf(path));
  };
  return std::ranges::any_of(known_.OfInode(listed.status.inode),
                             [&](const KnownFile* known) { return has(known->entry.Content()); }) ||
         std::ranges::any_of(known_.Related(listed.path),
                             [&](const KnownFile* known) {
                               return is_copy_of(known->entry.path) && has(known->entry.Content());
                             }) ||
         std::ranges::any_of(files_, [&](const auto& open) {
           return is_copy_of(open->path()) && open->WasRead() && has(open->Content());
         });
}

void FileSet::CloseFinished(Millis now, WallMs wall) {
  wall_ = wall;
  const auto erased = std::erase_if(files_, [&](const std::unique_ptr<TailedFile>& file) {
    if (!file->AllAcknowledged()) return false;
    if (!file->HasFile()) {
      Park(*file);
      return true;
    }
    const bool quiet = now - file->last_growth() >= options_.rotated_wait;
    if (file->where.linked || !quiet || file->HasUnreadLines() || file->IsHeldUp()) return false;
    // Somewhere under a name that is not known: only its deletion will tell that it is done with.
    if (file->status().links > 0 && file->where.place.empty()) return false;
    if (HasChanged(*file)) {
      file->looks.wanted = true;
      return false;
    }
    if (file->unread() > 0) {
      events_.BytesLost(file->path(), LossReason::kNoNewline, file->unread());
    }
    events_.FileClosed(file->path(), file->committed());
    Park(*file);
    return true;
  });
  if (erased > 0) Index();
}

void FileSet::BoundDeleted() {
  std::uint64_t bytes = 0;
  bool released = false;
  for (auto file = files_.rbegin(); file != files_.rend(); ++file) {
    TailedFile& deleted = **file;
    if (!deleted.HasFile() || deleted.status().links > 0) continue;
    bytes += deleted.read() + deleted.behind();
    if (bytes <= options_.max_deleted) continue;
    if (deleted.behind() > 0) {
      events_.BytesLost(deleted.path(), LossReason::kDeleted, deleted.behind());
    }
    released = deleted.ReleaseFile() != nullptr;
  }
  if (released) Index();
}

// A last look, for changes that were not told.
bool FileSet::HasChanged(TailedFile& file) {
  const auto status = file.file()->Status();
  if (!status) {
    events_.FileFailed(status.error().message);
    return true;
  }
  const bool changed = !status->SameWriting(file.status());
  file.Glimpse(*status);
  return changed;
}

// Closed, or as good as: from now on it is known only.
void FileSet::Park(TailedFile& file) {
  KnownFile known{.entry = file.ToCheckpoint(wall_), .linked = file.where.linked, .finished = true};
  if (file.HasFile()) {
    known.place = file.where.place.empty() && file.where.HasName() ? file.path() : file.where.place;
  }
  known.behind_link = !known.place.empty() && IsBehindLink(known.place);
  if (known.behind_link) {
    names_told_ = false;
    next_scan_ = std::min(next_scan_, now_ + options_.scan_interval);
  }
  known_.Add(std::move(known));
}

std::vector<CheckpointEntry> FileSet::Checkpoint(WallMs wall) {
  known_.Forget(wall);
  std::vector<CheckpointEntry> entries;
  for (const KnownFile& known : known_.all()) entries.push_back(known.entry);
  for (const auto& file : files_) entries.push_back(file->ToCheckpoint(wall));
  for (const HeldStranger& held : held_) {
    if (held.stranger.status.size > 0) continue;
    entries.push_back(EntryOf(held.stranger, wall));
  }
  return entries;
}

void FileSet::CheckpointSaved() {
  for (const auto& file : files_) file->Saved();
}

TailedFile* FileSet::FindOpen(const FileStatus& status) {
  const auto [begin, end] = by_inode_.equal_range(status.inode);
  const auto found = std::find_if(
      begin, end, [&](const auto& file) { return file.second->status().SameFile(status); });
  return found == end ? nullptr : found->second;
}

// Under which name its changes are told.
void FileSet::Locate(TailedFile& file) {
  auto& where = file.where;
  const std::string was_told = std::exchange(where.told, {});
  const std::string& name = file.name();
  if (name.empty() || options_.watch == WatchMode::kPoll) return;
  if (where.resolved.empty()) where.resolved = file_system_.Resolve(name).value_or(std::string());
  if (!watching_.Told(DirectoryOf(where.resolved))) return;
  // What was written before it was told is seen by a look.
  file.looks.wanted |= was_told != where.resolved;
  where.told = where.resolved;
}

void FileSet::Index() {
  by_inode_.clear();
  by_told_name_.clear();
  for (const auto& file : files_) {
    if (!file->HasFile()) continue;
    by_inode_.emplace(file->status().inode, file.get());
    if (!file->where.told.empty()) by_told_name_.emplace(file->where.told, file.get());
  }
}

}  // namespace routerate
