// Only related names are compared: logs of several services may begin alike, and a copy that nobody
// can tell by its name is rare. A file in the place of another that still has a name is the other's
// successor: the other was renamed.
#include "agent/stranger.h"

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

// One line alike may be chance, or a log that begins with a header: a log that was deleted and
// begun anew. Several are a file that was replaced (sed -i).
constexpr std::uint64_t kTellingLines = 2;

// To a content of which only the evidence is left. A copy that was made while the log grew has less
// than what was read until the truncation: then its beginning must do.
Result<Relation> ByEvidence(const FileEvidence& evidence, std::uint64_t offset, Relation if_whole,
                            bool same_name, const Stranger& stranger, File& file) {
  if (stranger.status.size >= offset) return If(Matches(file, evidence, offset), if_whole);
  if (same_name) return Relation::kNone;
  const FileEvidence head{.head_size = evidence.head_size, .head_hash = evidence.head_hash};
  if (head.head_size == 0 || stranger.status.size < head.head_size) return Relation::kNone;
  return If(Matches(file, head, head.head_size), Relation::kPast);
}

Result<Relation> InPlaceOf(TailedFile& open, const FileStatus& now, const Stranger& stranger,
                           File& file) {
  if (now.links > 0 || now.size == 0 || open.lines_read() < kTellingLines) return Relation::kNone;
  if (stranger.status.size >= now.size) {
    return If(IsPrefix(*open.file(), now.size, file), Relation::kSame);
  }
  return If(IsPrefix(file, stranger.status.size, *open.file()), Relation::kPart);
}

// A copy that has more than the original was made before a truncation that is to be noticed yet.
Result<Relation> CopyOf(TailedFile& open, const FileStatus& now, const Stranger& stranger,
                        File& file) {
  if (stranger.status.size <= now.size) {
    return If(IsPrefix(file, stranger.status.size, *open.file()), Relation::kPart);
  }
  return If(Matches(file, open.read_evidence(), open.read()), Relation::kUnclear);
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
  if (entry.offset == 0 || entry.evidence.empty()) return Relation::kNone;
  if (!same_name && !HasCopyName(stranger, entry.path)) return Relation::kNone;
  const bool in_place = !known.place.empty();
  // Its successor, for all that they begin alike.
  const bool telling = entry.lines.value_or(kTellingLines) >= kTellingLines;
  if (same_name && (in_place || !telling)) return Relation::kNone;
  return ByEvidence(entry.evidence, entry.offset, in_place ? Relation::kCopy : Relation::kSame,
                    same_name, stranger, file);
}

Result<Relation> RelationTo(TailedFile& open, const Stranger& stranger, File& file) {
  const bool same_name = open.path() == stranger.path;
  if (!same_name && !HasCopyName(stranger, open.path())) return Relation::kNone;
  if (!open.HasFile()) {
    if (open.read() == 0) return Relation::kNone;
    return ByEvidence(open.read_evidence(), open.read(), Relation::kSame, same_name, stranger,
                      file);
  }
  const auto now = open.file()->Status();
  if (!now) return std::unexpected(now.error());
  auto relation =
      same_name ? InPlaceOf(open, *now, stranger, file) : CopyOf(open, *now, stranger, file);
  // Only then: it may be cut at any moment, and what was compared is another content's.
  const auto intact = Matches(*open.file(), open.read_evidence(), open.read());
  if (!intact) return std::unexpected(intact.error());
  return *intact ? relation : Relation::kUnclear;
}

}  // namespace routerate
