// Only related names are compared: logs of several services may begin alike, and a copy that nobody
// can tell by its name is rare. A file in the place of another that was renamed is the other's
// successor.
#include "agent/stranger.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "agent/file_identity.h"
#include "agent/file_names.h"

namespace routerate {
namespace {

bool HasCopyName(const Stranger& stranger, const std::string& path) {
  return IsCopyName(NameOf(stranger.path), NameOf(path));
}

// An error is passed on.
Result<Relation> If(Result<bool> holds, Relation relation) {
  if (!holds) return std::unexpected(std::move(holds.error()));
  return *holds ? relation : Relation::kNone;
}

// To a content that is nowhere else, as far as known. A copy that was made while the log grew has
// less than what was read until the truncation.
Result<Relation> ByEvidence(const ContentEvidence& content, Relation if_whole, bool same_name,
                            const Stranger& stranger, File& file) {
  const std::uint64_t size = stranger.status.size;
  if (size >= content.offset) return If(HasContent(file, size, content), if_whole);
  if (same_name) return Relation::kNone;
  const auto marks = FindMarks(file, size, content.marks);
  if (!marks) return std::unexpected(marks.error());
  if (marks->misfit || marks->fit == 0) return Relation::kNone;
  const bool whole = content.marks[marks->fit - 1].offset == size;
  return marks->fit >= kTellingLines || whole ? Relation::kPast : Relation::kNone;
}

// Whether there is more than one line in it, as far as its end tells.
Result<bool> IsTelling(TailedFile& open, std::uint64_t size) {
  if (open.IsTelling()) return true;
  std::array<char, 4096> end = {};
  const auto got = open.file()->ReadAt(size - std::min<std::uint64_t>(size, end.size()), end);
  if (!got) return std::unexpected(got.error());
  const std::string_view read(end.data(), *got);
  return static_cast<std::size_t>(std::ranges::count(read, '\n')) >= kTellingLines;
}

Result<Relation> InPlaceOf(TailedFile& open, const FileStatus& now, const Stranger& stranger,
                           File& file) {
  const bool renamed = now.links > 0 && !open.where.place.empty();
  if (renamed || now.size == 0) return Relation::kNone;
  const auto telling = IsTelling(open, now.size);
  if (!telling) return std::unexpected(telling.error());
  if (!*telling && stranger.status.size != now.size) return Relation::kNone;
  if (stranger.status.size >= now.size) {
    return If(IsPrefix(*open.file(), now.size, file),
              *telling ? Relation::kSame : Relation::kAlike);
  }
  return If(IsPrefix(file, stranger.status.size, *open.file()), Relation::kPart);
}

// A copy that has more than the original was made before a truncation that is to be noticed yet.
Result<Relation> CopyOf(TailedFile& open, const FileStatus& now, const Stranger& stranger,
                        File& file) {
  if (stranger.status.size <= now.size) {
    return If(IsPrefix(file, stranger.status.size, *open.file()), Relation::kPart);
  }
  return If(HasContent(file, stranger.status.size, open.Content()), Relation::kUnclear);
}

}  // namespace

// Births are compared with the wall clock, which may have been set a little back.
bool IsBornSince(const FileStatus& status, WallMs since) {
  constexpr WallMs kSlack = 5'000;
  const std::int64_t born_ns = status.birth_ns != 0 ? status.birth_ns : status.modified_ns;
  return born_ns / 1'000'000 >= since - kSlack;
}

Result<Relation> RelationTo(const KnownFile& known, const Stranger& stranger, File& file) {
  const CheckpointEntry& entry = known.entry;
  const bool same_name = entry.path == stranger.path;
  if (!same_name && !HasCopyName(stranger, entry.path)) return Relation::kNone;
  const bool in_place = !known.place.empty();
  // Its successor, for all that they begin alike.
  if (same_name && in_place) return Relation::kNone;
  const bool at_first = entry.offset == 0 || entry.lines.value_or(kTellingLines) < kTellingLines;
  const bool one_line =
      entry.marks.size() == 1 && entry.marks[0].offset >= entry.offset && at_first;
  const bool telling = !same_name || !one_line;
  if (!telling && stranger.status.size != entry.marks[0].offset) return Relation::kNone;
  const Relation if_whole = in_place  ? Relation::kCopy
                            : telling ? Relation::kSame
                                      : Relation::kAlike;
  return ByEvidence(entry.Content(), if_whole, same_name, stranger, file);
}

Result<Relation> RelationTo(TailedFile& open, const Stranger& stranger, File& file) {
  const bool same_name = open.path() == stranger.path;
  if (!same_name && !HasCopyName(stranger, open.path())) return Relation::kNone;
  if (!open.HasFile()) {
    return ByEvidence(open.Content(), Relation::kSame, same_name, stranger, file);
  }
  const auto now = open.file()->Status();
  if (!now) return std::unexpected(now.error());
  auto relation =
      same_name ? InPlaceOf(open, *now, stranger, file) : CopyOf(open, *now, stranger, file);
  // Only then: it may be cut at any moment, and what was compared is another content's.
  if (!open.WasRead()) return relation;
  const auto intact = HasContent(*open.file(), now->size, open.Content());
  if (!intact) return std::unexpected(intact.error());
  *intact ? open.SeeSize(now->size) : open.SeeChanged(now->size);
  return *intact ? relation : Relation::kUnclear;
}

}  // namespace routerate
