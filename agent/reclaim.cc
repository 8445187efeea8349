// Saved → still the same file? → a hole. A file is opened for writing only while it is punched, and
// followed all the same if it cannot be. Promises: no byte is given back that is not acknowledged
// and behind the offsets of both checkpoints on disk. Not promised: a file that is cut and written
// anew between the last look and the hole loses what is in the hole; its reader finds NUL bytes
// there and the ledger has them.
#include "agent/reclaim.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "agent/file_identity.h"
#include "agent/file_names.h"

namespace routerate {
namespace {

static_assert(FileEvidence::kTailBytes <= Reclaim::kPage);

constexpr std::size_t kMostTold = 100;  // directories that are told of
// Of a log that was large before it was reclaimed so many steps are given back at once: 256 MiB
// take ext4 50 ms.
constexpr std::uint64_t kMostSteps = 256;

std::uint64_t PageBefore(std::uint64_t offset) { return offset / Reclaim::kPage * Reclaim::kPage; }

// Where holes may end if reading may go on at `offset`.
std::uint64_t EndFor(std::uint64_t offset) {
  return offset < Reclaim::kPage ? 0 : PageBefore(offset - Reclaim::kPage);
}

std::string_view RemedyOf(int code) {
  switch (code) {
    case EOPNOTSUPP:
      return "put the logs on ext4, xfs or tmpfs, or set reclaim: none";
    case EACCES:
    case EPERM:
    case EROFS:
      return "let the agent's user write to the log, on a volume that is not mounted read-only, or "
             "set reclaim: none";
    default:
      return "it is tried again as the log grows";
  }
}

}  // namespace

// A line has max_line bytes at most, or names no file.
Reclaim::Reclaim(const AgentOptions& options, FileSystem& file_system, AgentEvents& events)
    : options_(options),
      file_system_(file_system),
      events_(events),
      head_(PageBefore(std::max(options.max_line, FileEvidence::kKeptBytes) + kPage - 1)) {}

void Reclaim::CheckpointSaved(const std::vector<std::unique_ptr<TailedFile>>& files) {
  if (options_.reclaim == ReclaimMode::kNone) return;
  wants_checkpoint_ = false;
  for (const auto& file : files) {
    if (!file->HasFile()) continue;
    if (!file->reclaimed.examined) Examine(*file);
    const std::uint64_t saved = file->committed();
    const std::uint64_t before = std::exchange(file->reclaimed.saved, saved);
    const bool gave = GiveBack(*file, EndFor(before));
    wants_checkpoint_ |= (gave || saved != before) && IsEnough(*file, EndFor(saved));
  }
}

// At once, so that a mistake is told before the disk is full.
void Reclaim::Examine(TailedFile& file) {
  const auto writable = Open(file);
  if (!writable) Refuse(file, writable.error());
  file.reclaimed.examined = !writable || *writable != nullptr;
}

bool Reclaim::IsEnough(const TailedFile& file, std::uint64_t end) const {
  const std::uint64_t begin = std::max({head_, file.reclaimed.end, file.reclaimed.tried});
  return end >= begin + options_.reclaim_step;
}

// Returns whether it gave something.
bool Reclaim::GiveBack(TailedFile& file, std::uint64_t end) {
  if (!IsEnough(file, end)) return false;
  auto writable = Open(file);
  if (writable && *writable == nullptr) return false;
  const auto gave = writable ? PunchUpTo(end, file, **writable)
                             : Result<bool>(std::unexpected(std::move(writable.error())));
  if (gave) return *gave;
  file.reclaimed.tried = end;
  Refuse(file, gave.error());
  return false;
}

Result<bool> Reclaim::PunchUpTo(std::uint64_t end, TailedFile& file, File& writable) {
  // If it was cut since it was last looked at, other lines may stand there.
  const auto status = writable.Status();
  if (!status) return std::unexpected(status.error());
  const auto intact = Matches(writable, status->size, file.read_evidence(), file.read());
  if (!intact || !*intact) return intact;
  // Behind the hole that an agent before this one left.
  const auto data = writable.NextData(std::max(head_, file.reclaimed.end));
  if (!data) return std::unexpected(data.error());
  const std::uint64_t begin = PageBefore(*data);
  end = std::min(end, begin + kMostSteps * PageBefore(options_.reclaim_step));
  file.reclaimed.end = end;
  if (begin >= end) return false;
  if (auto punched = writable.Punch(begin, end); !punched) {
    file.reclaimed.end = begin;
    return std::unexpected(std::move(punched.error()));
  }
  events_.BytesReclaimed(file.path(), end - begin);
  return true;
}

// nullptr: no name is known that leads to it, just now or for good.
Result<std::unique_ptr<File>> Reclaim::Open(const TailedFile& file) {
  const std::string& name = file.name();
  if (name.empty()) return nullptr;
  const auto type = file_system_.Type(name);
  if (!type && type.error().code == ENOENT) return nullptr;
  if (!type) return std::unexpected(type.error());
  if (!type->punches) {
    return Fail(fmt::format("{} lies on {}, where blocks are not given back", name, type->name),
                EOPNOTSUPP);
  }
  auto opened = file_system_.Open(name, FileSystem::Access::kPunch);
  if (!opened && opened.error().code == ENOENT) return nullptr;
  if (!opened) return opened;
  const auto status = (*opened)->Status();
  if (!status) return std::unexpected(status.error());
  if (!status->SameFile(file.status())) return nullptr;
  return opened;
}

// Once for each directory and cause: where one log is refused, others are.
void Reclaim::Refuse(const TailedFile& file, const Error& error) {
  if (told_.size() >= kMostTold) return;
  if (!told_.emplace(DirectoryOf(file.path()), error.code).second) return;
  events_.ReclaimRefused(error.message, RemedyOf(error.code));
}

}  // namespace routerate
