// Scan: glob → stat → by inode, beside, strangers. A file is known by its inode while it is open
// (an inode cannot be used again then); before that by the evidence in the checkpoint.
#include <algorithm>
#include <cerrno>
#include <map>

#include "agent/file_names.h"
#include "agent/file_set.h"

namespace routerate {
namespace {

// With all changes told a scan is for what should not happen.
constexpr int kScansSkipped = 10;
// What may become a copy of a file that is gone is waited for so long, and looked at so often.
constexpr Millis kUndecided{5'000};
constexpr Millis kLookAgain{200};

}  // namespace

void FileSet::Scan(Millis now, WallMs wall) {
  now_ = now;
  wall_ = wall;
  waiting_ = 0;
  scan_asked_ = false;
  for (HeldStranger& held : held_) held.linked = false;
  WatchNames();
  MeetNames();
  LookAtPlaces();
  LookBeside();
  next_scan_ = now + options_.scan_interval;
  DecideHeld();
  if (scanned_at_ == 0) GiveUpMissing();
  scanned_at_ = wall;
  if (!paths_.blind()) names_seen_at_ = wall;
  for (const auto& file : files_) {
    Locate(*file);
    // A symbolic link may lead elsewhere without a word.
    if (file->where.linked && file->where.told != file->path()) names_told_ = false;
  }
  for (const HeldStranger& held : held_) {
    if (IsBehindLink(held.stranger.path)) names_told_ = false;
  }
  for (const KnownFile& known : known_.all()) {
    if (known.linked && known.behind_link) names_told_ = false;
  }
  Index();
  const bool all_linked =
      std::ranges::all_of(held_, [](const HeldStranger& held) { return held.linked; });
  if (waiting_ > 0) next_scan_ = std::min(next_scan_, now + kLookAgain);
  const bool skips =
      names_told_ && all_linked && !paths_.blind() && next_scan_ == now + options_.scan_interval;
  if (skips) next_scan_ = now + kScansSkipped * options_.scan_interval;
}

bool FileSet::IsBehindLink(const std::string& path) const {
  const auto resolved = file_system_.Resolve(path);
  return !resolved || *resolved != path;
}

// Before the names are looked at, so that none comes in between untold.
void FileSet::WatchNames() {
  watching_.BeginRound();
  names_told_ = !paths_.HasWildcardDirectory();
  for (const std::string& directory : paths_.Directories())
    names_told_ &= watching_.Told(directory);
}

// Step 1, for every name.
void FileSet::MeetNames() {
  for (const auto& file : files_) {
    file->where.was_linked = std::exchange(file->where.linked, false);
  }
  for (KnownFile& known : known_.all()) known.linked = false;
  for (InputPath& found : paths_.List()) {
    auto status = file_system_.Status(found.path);
    // Gone since it was listed: rotation at work.
    if (!status && status.error().code == ENOENT) continue;
    if (!status) {
      paths_.Complain(status.error());
    } else if (status->regular) {
      Recognise({found.input, std::move(found.path), *status});
    }
  }
  for (const auto& file : files_) {
    const auto& where = file->where;
    if (where.was_linked && !where.linked) events_.FileRotated(file->path());
  }
}

void FileSet::Recognise(Stranger found) {
  if (TailedFile* open = FindOpen(found.status)) {
    open->where.linked = true;
    open->where.place.clear();
    // Whether or not it was told.
    open->looks.wanted |= found.status.size != open->status().size ||
                          found.status.modified_ns != open->status().modified_ns;
    if (open->path() != found.path || !open->where.was_linked) open->where.resolved.clear();
    return open->set_path(std::move(found.path));
  }
  for (KnownFile* known : known_.OfInode(found.status.inode)) {
    if (known->Unchanged(found.status)) {
      known->linked = true;
      if (known->place == found.path) return;
      known->place = known->entry.path = found.path;
      known->behind_link = IsBehindLink(found.path);
      return;
    }
    found.generation = std::max(found.generation, known->entry.generation + 1);
    if (Resume(found, *known)) return;
  }
  strangers_.push_back(std::move(found));
}

// Follows a file on, if it still has what was read of it. True, too, if that could not be seen now.
bool FileSet::Resume(const Stranger& found, KnownFile& known) {
  Stranger opened = found;
  auto file = Open(opened);
  if (file == nullptr || !opened.status.SameFile(found.status)) return true;
  const CheckpointEntry& entry = known.entry;
  const auto same = Matches(*file, entry.evidence, entry.offset);
  if (!same) {
    paths_.Complain(same.error());
    return true;
  }
  // Births tell files apart of which nothing was read.
  if (!*same || (entry.birth_ns != 0 && entry.birth_ns != opened.status.birth_ns)) {
    known_.Unlink(known);
    return false;
  }
  Follow(opened, std::move(file), TailedFile::StartOf(known_.Take(known).entry));
  return true;
}

// Files that were renamed out of the patterns, read to their end and closed: somebody may write
// them still.
void FileSet::LookAtPlaces() {
  std::vector<KnownFile*> rotated;
  for (KnownFile& known : known_.all()) {
    if (!known.place.empty() && known.place != known.entry.path) rotated.push_back(&known);
  }
  for (KnownFile* known : rotated) {
    const auto status = file_system_.Status(known->place);
    const bool there = status && status->inode == known->entry.inode;
    const auto input = paths_.InputOf(known->entry.path);
    if (!there) known->place.clear();
    if (!there || !input || known->Unchanged(*status)) continue;
    (void)Resume({*input, known->place, *status, known->entry.path}, *known);
  }
}

// Step 2, in the directories of all that is followed. At the start that is what the checkpoint has.
void FileSet::LookBeside() {
  const bool first = scanned_at_ == 0;
  std::map<std::string, std::map<std::string, WallMs>> bases;  // directory → name → since when
  const auto add = [&](const std::string& path, WallMs since) {
    WallMs& latest = bases[DirectoryOf(path)][path];
    latest = std::max(latest, since);
  };
  for (const auto& file : files_) {
    if (!file->where.linked) file->where.resolved.clear();
    if (!first) add(file->path(), scanned_at_);
  }
  for (const HeldStranger& held : held_) add(held.stranger.name(), scanned_at_);
  std::vector<KnownFile*> gone;
  for (KnownFile& known : known_.all()) {
    const bool was_linked = known.place == known.entry.path;
    if (known.entry.inode != 0 && !known.linked && (first || was_linked)) gone.push_back(&known);
    if (first || was_linked) add(known.entry.path, first ? known.entry.seen_ms : scanned_at_);
  }
  for (const auto& [directory, since_by_name] : bases) {
    const std::vector<Listed> beside = List(directory, Names::kOthers);
    for (KnownFile* known : gone) {
      if (DirectoryOf(known->entry.path) == directory) FindMoved(*known, beside);
    }
    for (const auto& [base, since] : since_by_name) FindMissed(base, since, beside);
  }
}

std::vector<FileSet::Listed> FileSet::List(const std::string& directory, Names which) {
  std::vector<Listed> listed;
  auto paths = file_system_.Glob(directory + "/*");
  if (!paths) return listed;  // the directory went with the files; step 1 says so
  for (std::string& path : *paths) {
    if (which == Names::kOthers && paths_.InputOf(path)) continue;
    const auto status = file_system_.Status(path);
    if (!status || !status->regular) continue;
    TailedFile* open = FindOpen(*status);
    if (open != nullptr && !open->where.linked) open->where.place = path;
    listed.push_back({std::move(path), *status});
  }
  return listed;
}

// A file that was renamed keeps the name that its input knew it by, so that a restart finds it as
// well.
void FileSet::FindMoved(KnownFile& known, const std::vector<Listed>& beside) {
  known.place.clear();
  for (const Listed& listed : beside) {
    if (listed.status.inode != known.entry.inode || FindOpen(listed.status) != nullptr) continue;
    known.place = listed.path;
    const auto input = paths_.InputOf(known.entry.path);
    if (known.Unchanged(listed.status) || !input) return;
    (void)Resume({*input, listed.path, listed.status, known.entry.path}, known);
    return;
  }
}

// Files that had the name `base` for a while between two scans, or while no agent ran.
void FileSet::FindMissed(const std::string& base, WallMs since, const std::vector<Listed>& beside) {
  if (beside.empty()) return;
  const auto input = paths_.InputOf(base);
  if (!input) return;
  for (const Listed& listed : beside) {
    if (!IsBornSince(listed.status, since)) continue;
    if (!IsRotatedName(NameOf(listed.path), NameOf(base))) continue;
    if (FindOpen(listed.status) != nullptr || !known_.OfInode(listed.status.inode).empty())
      continue;
    strangers_.push_back({*input, listed.path, listed.status, base});
  }
}

// After a start: what was unread and is nowhere any more.
void FileSet::GiveUpMissing() {
  for (KnownFile& known : known_.all()) {
    CheckpointEntry& entry = known.entry;
    if (entry.Unread() == 0 || !known.place.empty()) continue;
    // Its directory may come later.
    if (!file_system_.Glob(DirectoryOf(entry.path) + "/*")) continue;
    const auto reason = entry.inode == 0 ? LossReason::kTruncated : LossReason::kGone;
    events_.BytesLost(entry.path, reason, entry.Unread());
    entry.size = entry.offset;
  }
}

// Step 3.
void FileSet::Hold(Stranger stranger) {
  const auto same = [&](const HeldStranger& held) {
    return held.stranger.status.SameFile(stranger.status);
  };
  if (const auto held = std::ranges::find_if(held_, same); held != held_.end()) {
    held->linked = true;
    held->stranger.path = std::move(stranger.path);
    held->stranger.base = std::move(stranger.base);
    return;
  }
  auto file = Open(stranger);
  if (file == nullptr || FindOpen(stranger.status) != nullptr) return;
  held_.push_back({std::move(stranger), std::move(file), now_});
  changed_ = true;
}

void FileSet::DecideHeld() {
  for (Stranger& stranger : std::exchange(strangers_, {})) Hold(std::move(stranger));
  std::erase_if(held_, [&](HeldStranger& held) {
    return FindOpen(held.stranger.status) != nullptr || !RefreshHeld(held) || Decide(held);
  });
}

// False for one that is gone for good.
bool FileSet::RefreshHeld(HeldStranger& held) {
  const auto status = held.file->Status();
  if (!status) {
    paths_.Complain(status.error());
    return true;
  }
  held.stranger.status = *status;
  return status->links > 0 || now_ - held.since < options_.rotated_wait;
}

// True if it is no stranger any more.
bool FileSet::Decide(HeldStranger& held) {
  const Stranger& stranger = held.stranger;
  if (stranger.status.size == 0) return false;  // there is nothing yet to tell it by
  const auto follow = [&](TailedFile::Start start) {
    Follow(stranger, std::move(held.file), std::move(start));
    return true;
  };
  const auto unreadable = [&](const Error& error) {
    paths_.Complain(error);
    return false;
  };
  for (KnownFile& known : known_.all()) {
    const auto relation = RelationTo(known, stranger, *held.file);
    if (!relation) return unreadable(relation.error());
    if (*relation == Relation::kNone) continue;
    if (*relation == Relation::kPast) return false;
    if (*relation == Relation::kCopy) {
      return follow({.generation = stranger.generation,
                     .offset = known.entry.offset,
                     .lines = {},
                     .evidence = known.entry.evidence});
    }
    return follow(TailedFile::StartOf(known_.Take(known).entry));
  }
  for (const auto& open : files_) {
    const auto relation = RelationTo(*open, stranger, *held.file);
    if (!relation) return unreadable(relation.error());
    switch (*relation) {
      case Relation::kNone:
        continue;
      case Relation::kSame:
        open->Adopt(std::move(held.file), stranger.status);
        open->where = {.linked = stranger.base.empty(), .place = stranger.path};
        Index();
        return true;
      case Relation::kPast:
        return false;
      case Relation::kCopy:
      case Relation::kPart:
      case Relation::kUnclear:
        if (MayWait(*open, held, *relation)) return false;
    }
  }
  return follow({.generation = stranger.generation});
}

// A copy is one as long as nothing else is in it. In the place of a file that is gone, another may
// just begin like it.
bool FileSet::MayWait(const TailedFile& open, const HeldStranger& held, Relation relation) {
  const bool early = now_ - held.since < kUndecided;
  if (early) next_scan_ = std::min(next_scan_, now_ + kLookAgain);
  return early || relation == Relation::kUnclear || open.path() != held.stranger.path;
}

// nullptr: not now. The name may lead elsewhere by now: what counts is what was opened.
std::unique_ptr<File> FileSet::Open(Stranger& found) {
  if (!MakeRoom()) {
    ++waiting_;
    return nullptr;
  }
  auto file = file_system_.Open(found.path);
  if (!file) {
    if (file.error().code != ENOENT) paths_.Complain(file.error());
    return nullptr;
  }
  auto status = (*file)->Status();
  if (!status) {
    paths_.Complain(status.error());
    return nullptr;
  }
  found.status = *status;
  return std::move(*file);
}

// A descriptor for one more file: of those that nobody writes the one that was quiet for longest is
// closed, and is known from then on.
bool FileSet::MakeRoom() {
  if (by_inode_.size() + held_.size() < options_.max_open_files) return true;
  TailedFile* quietest = nullptr;
  for (const auto& file : files_) {
    const bool can_go = file->HasFile() && file->AllAcknowledged() && !file->HasUnreadLines() &&
                        file->unread() == 0 && file->where.HasName();
    if (!can_go) continue;
    if (quietest == nullptr || file->last_growth() < quietest->last_growth()) quietest = file.get();
  }
  if (quietest == nullptr) return false;
  Park(*quietest);
  std::erase_if(files_, [&](const auto& file) { return file.get() == quietest; });
  Index();
  return true;
}

void FileSet::Follow(const Stranger& found, std::unique_ptr<File> file, TailedFile::Start start) {
  events_.FileOpened(found.path, start.offset);
  const TailedFile::Parsing parsing{*formats_[found.input], redaction_};
  auto followed = std::make_unique<TailedFile>(found.name(), found.input, parsing, std::move(file),
                                               found.status, std::move(start), limits_);
  followed->set_last_growth(now_);
  followed->where.linked = found.base.empty();
  if (!followed->where.linked) followed->where.place = found.path;
  by_inode_.emplace(found.status.inode, followed.get());
  files_.push_back(std::move(followed));
  changed_ = true;
}

}  // namespace routerate
