// Step 3 of a scan: what a file is that is neither open nor known by its inode. It is held open
// until that can be said.
#include <algorithm>
#include <cerrno>

#include "agent/file_set.h"

namespace routerate {
namespace {

constexpr std::size_t kClosedAtOnce = 16;  // this part of the descriptors

}  // namespace

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
  const FileStatus seen = stranger.status;
  auto file = Open(stranger);
  if (file == nullptr) return;
  // The name leads elsewhere by now: to a file that is known, maybe.
  if (!stranger.status.SameFile(seen)) return AskForScan();
  const std::uint64_t size = stranger.status.size;
  held_.push_back({.stranger = std::move(stranger),
                   .file = std::move(file),
                   .since = now_,
                   .size_at_first = size});
  changed_ = true;
}

void FileSet::DecideHeld() {
  for (Stranger& stranger : std::exchange(strangers_, {})) Hold(std::move(stranger));
  std::erase_if(held_, [&](HeldStranger& held) {
    if (FindOpen(held.stranger.status) != nullptr) return true;
    if (const auto seen = RefreshHeld(held); !seen) return seen.error().code == ESTALE;
    return Decide(held) || IsGone(held);
  });
}

// Who still has it open may write it yet.
bool FileSet::IsGone(HeldStranger& held) const {
  if (held.stranger.status.links > 0) {
    held.gone_since.reset();
  } else if (!held.gone_since) {
    held.gone_since = now_;
  }
  return held.gone_since && now_ - *held.gone_since >= options_.rotated_wait;
}

// An error: it could not be seen what became of it.
Result<void> FileSet::RefreshHeld(HeldStranger& held) {
  const auto status = held.file->Status();
  const std::uint64_t before = held.may_be_new ? held.stranger.status.size : 0;
  if (!status && status.error().code == ESTALE) {  // a server took it away
    if (before > 0) events_.BytesLost(held.stranger.name(), LossReason::kGone, before);
    return std::unexpected(status.error());
  }
  if (!status) {
    paths_.Complain(status.error());
    paths_.GoBlind();
    return std::unexpected(status.error());
  }
  held.stranger.status = *status;
  if (status->size < before) {
    events_.BytesLost(held.stranger.name(), LossReason::kTruncated, before);
  }
  return {};
}

// True if it is no stranger any more.
bool FileSet::Decide(HeldStranger& held) {
  const Stranger& stranger = held.stranger;
  held.may_be_new = false;
  if (stranger.status.size == 0) return false;  // there is nothing yet to tell it by
  const auto follow = [&](TailedFile::Start start) {
    Follow(stranger, std::move(held.file), std::move(start));
    files_.back()->where.linked &= held.linked;
    return true;
  };
  const auto unreadable = [&](const Error& error) {
    held.may_be_new = true;
    paths_.Complain(error);
    return false;
  };
  for (KnownFile* related : known_.Related(stranger.path)) {
    KnownFile& known = *related;
    const auto relation = RelationTo(known, stranger, *held.file);
    if (!relation) return unreadable(relation.error());
    if (*relation == Relation::kNone) continue;
    if (*relation == Relation::kPast) return false;
    if (*relation == Relation::kAlike && IsEarly(held)) return false;
    if (*relation == Relation::kCopy) {
      return follow({.offset = known.entry.offset, .lines = {}, .evidence = known.entry.evidence});
    }
    return follow(TailedFile::StartOf(known_.Take(known).entry));
  }
  for (const auto& open : files_) {
    const auto relation = RelationTo(*open, stranger, *held.file);
    if (!relation) return unreadable(relation.error());
    switch (*relation) {
      case Relation::kNone:
        continue;
      case Relation::kAlike:
        if (IsEarly(held)) return false;
        [[fallthrough]];
      case Relation::kSame:
        known_.UnlinkInode(stranger.status.inode);
        open->Adopt(std::move(held.file), stranger.status);
        open->where = {.linked = stranger.base.empty() && held.linked};
        if (!stranger.base.empty()) open->where.place = stranger.path;
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
  // What came since is nobody's but ours to send.
  return follow({.earlier = stranger.earlier, .maybe_sent = held.size_at_first});
}

// Soon more will be in it, and that will tell.
bool FileSet::IsEarly(HeldStranger& held) {
  const bool early = now_ - held.since < kUndecided;
  if (early) next_scan_ = std::min(next_scan_, now_ + kLookAgain);
  held.may_be_new |= early;
  return early;
}

// A copy is one as long as nothing else is in it. In the place of a file that is gone, another may
// just begin like it.
bool FileSet::MayWait(const TailedFile& open, HeldStranger& held, Relation relation) {
  const bool unclear = relation == Relation::kUnclear;
  held.may_be_new |= unclear;
  return IsEarly(held) || unclear || open.path() != held.stranger.path;
}

// nullptr: not now. The name may lead elsewhere by now: what counts is what was opened.
std::unique_ptr<File> FileSet::Open(Stranger& found) {
  if (waiting_ > 0 || !MakeRoom()) {
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

// Descriptors for more files: of those that nobody writes the ones that were quiet for longest are
// closed, a few at once, and are known from then on.
bool FileSet::MakeRoom() {
  if (by_inode_.size() + held_.size() < options_.max_open_files) return true;
  std::vector<TailedFile*> quiet;
  for (const auto& file : files_) {
    const bool can_go = file->HasFile() && file->AllAcknowledged() && !file->HasUnreadLines() &&
                        file->unread() == 0 && file->where.HasName();
    if (can_go) quiet.push_back(file.get());
  }
  if (quiet.empty()) return false;
  std::ranges::sort(quiet, {}, &TailedFile::last_growth);
  quiet.resize(std::min<std::size_t>(quiet.size(), 1 + options_.max_open_files / kClosedAtOnce));
  for (TailedFile* file : quiet) Park(*file);
  std::erase_if(files_,
                [&](const auto& file) { return std::ranges::count(quiet, file.get()) > 0; });
  Index();
  return true;
}

void FileSet::Follow(const Stranger& found, std::unique_ptr<File> file, TailedFile::Start start) {
  events_.FileOpened(found.path, start.offset);
  const TailedFile::Parsing parsing{*formats_[found.input], redaction_,
                                    routes_ ? &*routes_ : nullptr};
  auto followed = std::make_unique<TailedFile>(found.name(), found.input, parsing, std::move(file),
                                               found.status, std::move(start), limits_);
  followed->set_last_growth(now_);
  followed->where.linked = found.base.empty();
  if (!followed->where.linked) followed->where.place = found.path;
  if (auto marked = followed->MarkBeginning(); !marked) paths_.Complain(marked.error());
  known_.UnlinkInode(found.status.inode);
  by_inode_.emplace(found.status.inode, followed.get());
  files_.push_back(std::move(followed));
  changed_ = true;
}

}  // namespace routerate
