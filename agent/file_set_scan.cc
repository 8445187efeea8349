// Scan: glob → stat → by inode, beside, strangers. A file is known by its inode while it is open
// (an inode cannot be used again then); before that by the evidence in the checkpoint.
#include <algorithm>
#include <cerrno>
#include <map>

#include "agent/file_names.h"
#include "agent/file_set.h"

namespace routerate {
namespace {

// With all changes told a scan is for what should not happen. It takes a thousandth of the time at
// most, however many files there are.
constexpr int kScansSkipped = 10;
constexpr int kRestByWork = 1000;
// Names that come without end get a fifth of it at most; files that wait for descriptors half of
// it, in which others are read, so that they can go.
constexpr int kRestOfNames = 4;
constexpr int kRestOfWaiting = 1;

}  // namespace

void FileSet::Scan(Millis now, WallMs wall) {
  now_ = now;
  wall_ = wall;
  waiting_ = 0;
  scan_asked_ = false;
  const WallMs passed = (now - scanned_at_now_).count();
  if (scanned_at_ > wall - passed) SetClockBack(scanned_at_ - (wall - passed));
  for (HeldStranger& held : held_) held.linked = false;
  WatchNames();
  MeetNames();
  LookAtPlaces();
  const std::vector<std::string> looked_at = LookBeside();
  next_scan_ = now + options_.scan_interval;
  DecideHeld();
  if (!first_scan_) first_scan_ = now;
  if (!missing_given_up_ && !MissingMayAppear()) GiveUpMissing();
  MoveNameTimes(looked_at);
  scanned_at_ = wall;
  scanned_at_now_ = now;
  names_unclear_ = paths_.blind() || std::ranges::any_of(held_, &HeldStranger::may_be_new);
  if (!names_unclear_) names_seen_at_ = wall;
  for (const auto& file : files_) {
    Locate(*file);
    // A symbolic link may lead elsewhere without a word.
    if (file->where.linked && file->where.told != file->path()) names_told_ = false;
  }
  for (const HeldStranger& held : held_) {
    if (IsBehindLink(held.stranger.path)) names_told_ = false;
  }
  for (const KnownFile& known : known_.all()) {
    if (!known.place.empty() && known.behind_link) names_told_ = false;
  }
  Index();
  const bool all_linked =
      std::ranges::all_of(held_, [](const HeldStranger& held) { return held.linked; });
  if (waiting_ > 0) next_scan_ = std::min(next_scan_, now + kLookAgain);
  // What failed may go well soon, or never.
  blind_pause_ = paths_.blind()
                     ? std::min(std::max(blind_pause_ * 2, kLookAgain), options_.scan_interval)
                     : Millis{0};
  if (paths_.blind()) next_scan_ = std::min(next_scan_, now + blind_pause_);
  skips_ = names_told_ && all_linked && !paths_.complained() &&
           next_scan_ == now + options_.scan_interval;
  if (skips_) next_scan_ = now + kScansSkipped * options_.scan_interval;
}

void FileSet::ScanTook(Millis time) {
  const int least = waiting_ > 0 ? kRestOfWaiting : kRestOfNames;
  no_scan_before_ = now_ + time + least * time;
  next_scan_ = std::max(next_scan_, skips_ ? now_ + kRestByWork * time : no_scan_before_);
}

// What came since must not look older than the last scan.
void FileSet::SetClockBack(WallMs by) {
  scanned_at_ -= by;
  for (auto& [directory, names] : names_) {
    for (auto& [name, since] : names) since -= by;
  }
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
      RememberName(found.path, scanned_at_ != 0 ? scanned_at_ : wall_);
      Recognise({found.input, std::move(found.path), *status});
    }
  }
  for (const auto& file : files_) {
    const auto& where = file->where;
    if (where.was_linked && !where.linked) events_.FileRotated(file->path());
  }
}

// Bounded: an input's files may have a new name each hour. One that is remembered keeps its time.
void FileSet::RememberName(const std::string& path, WallMs since) {
  constexpr std::size_t kMost = 100'000;  // in all directories
  if (names_count_ == kMost) {
    names_.clear();
    names_count_ = 0;
  }
  if (names_[DirectoryOf(path)].emplace(path, since).second) ++names_count_;
}

void FileSet::Recognise(Stranger found) {
  if (TailedFile* open = FindOpen(found.status)) {
    open->where.linked = true;
    open->where.place.clear();
    // Whether or not it was told.
    open->looks.wanted |= !found.status.SameWriting(open->status());
    open->Glimpse(found.status);
    if (open->path() != found.path || !open->where.was_linked) open->where.resolved.clear();
    return open->set_path(std::move(found.path));
  }
  for (KnownFile* known : known_.OfInode(found.status.inode)) {
    if (known->Unchanged(found.status)) {
      known->linked = true;
      if (known->place == found.path) return;
      known->place = found.path;
      known_.Rename(*known, found.path);
      known->behind_link = IsBehindLink(found.path);
      return;
    }
    if (Resume(found, *known)) return;
  }
  strangers_.push_back(std::move(found));
}

// Follows a file on, if it still has what was read of it; else the stranger learns what it had.
// True, too, if that could not be seen now.
bool FileSet::Resume(Stranger& found, KnownFile& known) {
  if (!known.entry.WasRead()) {
    found.earlier = known.entry.earlier;
    return false;
  }
  Stranger opened = found;
  auto file = Open(opened);
  if (file == nullptr) paths_.GoBlind();  // there is something new in it
  if (file == nullptr || !opened.status.SameFile(found.status)) return true;
  const CheckpointEntry& entry = known.entry;
  const auto same = HasContent(*file, opened.status.size, entry.Content());
  if (!same) {
    paths_.Complain(same.error());
    paths_.GoBlind();
    known.entry.size = std::max(entry.size, opened.status.size);  // should it go unread
    return true;
  }
  if (!*same || (entry.birth_ns != 0 && entry.birth_ns != opened.status.birth_ns)) {
    // Another birth is another id.
    if (entry.birth_ns == opened.status.birth_ns) {
      for (const EarlierContent& content : entry.AsEarlier()) Add(content, &found.earlier);
    }
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
    if (!status && status.error().code != ENOENT) {
      paths_.Complain(status.error());
      continue;
    }
    const bool there = status && status->inode == known->entry.inode;
    const auto input = paths_.InputOf(known->entry.path);
    if (!there) known->place.clear();
    if (!there || !input || known->Unchanged(*status)) continue;
    ResumeMoved({*input, known->place, *status, known->entry.path}, *known);
  }
}

// Under another name, with other content maybe.
void FileSet::ResumeMoved(Stranger found, KnownFile& known) {
  if (!Resume(found, known)) strangers_.push_back(std::move(found));
}

// Step 2, in the directories of all that is followed. At the start that is what the checkpoint has.
// Returns those that could be listed.
std::vector<std::string> FileSet::LookBeside() {
  for (const auto& file : files_) {
    if (!file->where.linked) file->where.resolved.clear();
  }
  auto gone = GoneByDirectory();
  std::vector<std::string> looked_at;
  for (const auto& [directory, names] : names_) {
    const auto beside = List(directory, Names::kOthers);
    if (!beside) continue;
    looked_at.push_back(directory);
    GoneFiles& sought = gone[directory];
    for (const auto& [inode, known] : sought) known->place.clear();
    for (const Listed& listed : *beside) FindMoved(listed, sought);
    for (const Listed& listed : *beside) FindMissed(listed, names);
  }
  return looked_at;
}

// Known files that lost their name.
std::map<std::string, FileSet::GoneFiles> FileSet::GoneByDirectory() {
  std::map<std::string, GoneFiles> directories;
  for (KnownFile& known : known_.all()) {
    const std::string& path = known.entry.path;
    const bool has_no_place = known.place == path || known.place.empty();
    if (known.entry.inode == 0 || known.linked || !has_no_place) continue;
    directories[DirectoryOf(path)].emplace(known.entry.inode, &known);
  }
  return directories;
}

// Once all that was found there could be opened, older files need not be looked for again.
void FileSet::MoveNameTimes(const std::vector<std::string>& looked_at) {
  if (!missing_given_up_ || paths_.blind() || waiting_ > 0) return;
  for (const std::string& directory : looked_at) {
    for (auto& [name, since] : names_[directory]) since = wall_;
  }
}

std::optional<std::vector<FileSet::Listed>> FileSet::List(const std::string& directory,
                                                          Names which) {
  auto paths = file_system_.Glob(directory + "/*");
  if (!paths) {
    // The directory went with the files: step 1 says so.
    if (paths.error().code != ENOENT) paths_.Complain(paths.error());
    return std::nullopt;
  }
  std::vector<Listed> listed;
  for (std::string& path : *paths) {
    if (which == Names::kOthers && paths_.InputOf(path)) continue;
    const auto status = file_system_.Status(path);
    if (!status && status.error().code != ENOENT) paths_.Complain(status.error());
    if (!status || !status->regular) continue;
    TailedFile* open = FindOpen(*status);
    if (open != nullptr && !open->where.linked) open->where.place = path;
    listed.push_back({std::move(path), *status});
  }
  return listed;
}

// A file that was renamed keeps the name that its input knew it by, so that a restart finds it as
// well.
void FileSet::FindMoved(const Listed& listed, GoneFiles& gone) {
  const auto found = gone.find(listed.status.inode);
  if (found == gone.end() || FindOpen(listed.status) != nullptr) return;
  KnownFile& known = *found->second;
  gone.erase(found);
  known.place = listed.path;
  known.behind_link = IsBehindLink(listed.path);
  const auto input = paths_.InputOf(known.entry.path);
  if (known.Unchanged(listed.status) || !input) return;
  ResumeMoved({*input, listed.path, listed.status, known.entry.path}, known);
}

// A file that had one of the names for a while between two scans, or while no agent ran.
void FileSet::FindMissed(const Listed& listed, const NameTimes& names) {
  if (FindOpen(listed.status) != nullptr || !known_.OfInode(listed.status.inode).empty()) return;
  for (const auto& [base, since] : names) {
    if (!IsBornSince(listed.status, since)) continue;
    if (!IsRotatedName(NameOf(listed.path), NameOf(base))) continue;
    const auto input = paths_.InputOf(base);
    if (input) strangers_.push_back({*input, listed.path, listed.status, base});
    if (input) return;
  }
}

// Not everything could be seen yet, or said to be what it is.
bool FileSet::MissingMayAppear() const {
  const bool undecided = std::ranges::any_of(
      held_, [](const HeldStranger& held) { return held.stranger.status.size > 0; });
  const bool early = now_ - *first_scan_ < 2 * kUndecided;
  return paths_.blind() || (early && (paths_.complained() || undecided || waiting_ > 0));
}

// After a start: what was unread and is nowhere any more.
void FileSet::GiveUpMissing() {
  missing_given_up_ = true;
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

}  // namespace routerate
