// Scan: glob → stat → open. A file is known by its inode while it is open (an inode cannot be used
// again then); before that by the evidence in the checkpoint.
#include "agent/file_set.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"

namespace routerate {
namespace {

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

bool HasWildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

FileSet::FileSet(const AgentOptions& options, FileSystem& file_system, AgentEvents& events,
                 std::vector<CheckpointEntry> known)
    : options_(options),
      file_system_(file_system),
      events_(events),
      limits_{.max_line = options.max_line,
              .batch_bytes = options.batch_bytes,
              .rejects = options.dead_letter.topic.empty() ? TailedFile::Rejects::kCounted
                                                           : TailedFile::Rejects::kKept},
      redaction_(options.redaction),
      known_(std::move(known)) {
  for (const InputOptions& input : options.inputs) {
    formats_.push_back(std::make_unique<LineFormat>(input.format, input.keys));
  }
}

void FileSet::Scan(Millis now) {
  std::vector<bool> was_linked;
  for (const auto& file : files_) {
    was_linked.push_back(file->linked);
    file->linked = false;
  }
  current_complaints_.clear();
  for (std::size_t input = 0; input < options_.inputs.size(); ++input) {
    ScanInput(input, now);
  }
  if (!std::exchange(scanned_, true)) FindRotated(now);
  complaints_ = current_complaints_;
  for (std::size_t i = 0; i < was_linked.size(); ++i) {
    if (was_linked[i] && !files_[i]->linked) events_.FileRotated(files_[i]->path());
  }
}

void FileSet::ScanInput(std::size_t input, Millis now) {
  const std::string& pattern = options_.inputs[input].path;
  auto paths = file_system_.Glob(pattern);
  if (!paths) return Complain(paths.error());
  for (const std::string& path : *paths) Meet(input, path, now);
  // A pattern that matches nothing is normal between rotations, so it is said once.
  if (paths->empty() && current_complaints_.insert(pattern).second &&
      !complaints_.contains(pattern)) {
    events_.InputEmpty(pattern);
  }
}

void FileSet::Meet(std::size_t input, const std::string& path, Millis now) {
  auto status = file_system_.Status(path);
  // Gone since it was listed: rotation at work.
  if (!status && status.error().code == ENOENT) return;
  if (!status) return Complain(status.error());
  if (!status->regular) return;
  if (TailedFile* open = FindOpen(*status)) {
    open->linked = true;
    return open->set_path(path);
  }
  auto file = file_system_.Open(path);
  if (!file) return Complain(file.error());
  // The name may lead elsewhere by now: what counts is what was opened.
  status = (*file)->Status();
  if (!status) return Complain(status.error());
  if (FindOpen(*status) != nullptr) return;
  TailedFile::Start start = FindStart(**file, *status);
  events_.FileOpened(path, start.offset);
  Follow(input, path, std::move(*file), *status, std::move(start), now);
}

void FileSet::Follow(std::size_t input, const std::string& path, std::unique_ptr<File> file,
                     const FileStatus& status, TailedFile::Start start, Millis now) {
  const TailedFile::Parsing parsing{*formats_[input], redaction_};
  files_.push_back(std::make_unique<TailedFile>(path, input, parsing, std::move(file), status,
                                                std::move(start), limits_));
  files_.back()->set_last_growth(now);
  changed_ = true;
}

// Files that were renamed out of their pattern while no agent ran: they stand beside their old
// name, on the inode that the checkpoint tells.
void FileSet::FindRotated(Millis now) {
  for (const CheckpointEntry& entry : std::vector<CheckpointEntry>(known_)) {
    FindRotated(entry, now);
  }
}

void FileSet::FindRotated(const CheckpointEntry& entry, Millis now) {
  const auto input = std::ranges::find_if(options_.inputs, [&](const InputOptions& option) {
    return ::fnmatch(option.path.c_str(), entry.path.c_str(), FNM_PATHNAME) == 0;
  });
  if (input == options_.inputs.end()) return;
  auto paths = file_system_.Glob(DirectoryOf(entry.path) + "/*");
  if (!paths) return;  // the directory went with the files; the scan says so
  for (const std::string& path : *paths) {
    auto status = file_system_.Status(path);
    if (!status || status->inode != entry.inode || FindOpen(*status) != nullptr) continue;
    auto file = file_system_.Open(path);
    if (!file) return Complain(file.error());
    TailedFile::Start start = FindStart(**file, *status);
    if (start.id != entry.id || start.offset != entry.offset) continue;
    const auto index = static_cast<std::size_t>(input - options_.inputs.begin());
    events_.FileOpened(path, start.offset);
    // It keeps the name that its input knew it by, so that another restart finds it as well.
    Follow(index, entry.path, std::move(*file), *status, std::move(start), now);
    files_.back()->linked = false;
    return;
  }
}

TailedFile* FileSet::FindOpen(const FileStatus& status) {
  const auto found = std::ranges::find_if(files_, [&](const auto& file) {
    return file->HasFile() && file->status().inode == status.inode &&
           file->status().device == status.device;
  });
  return found == files_.end() ? nullptr : found->get();
}

TailedFile::Start FileSet::FindStart(File& file, const FileStatus& status) {
  TailedFile::Start start;
  for (auto entry = known_.begin(); entry != known_.end(); ++entry) {
    if (entry->inode != status.inode) continue;
    const auto same = Matches(file, entry->evidence, entry->offset);
    if (same && *same) {
      start = {.id = entry->id,
               .generation = entry->generation,
               .offset = entry->offset,
               .lines = entry->offset == 0 ? 0 : entry->lines};
      known_.erase(entry);
      return start;
    }
    // The inode is known with another content: a new id even if the first lines agree.
    start.generation = std::max(start.generation, entry->generation + 1);
  }
  return start;
}

void FileSet::Complain(const Error& error) {
  if (!current_complaints_.insert(error.message).second) return;
  if (!complaints_.contains(error.message)) events_.FileFailed(error.message);
}

void FileSet::BeginAgain(std::size_t index) {
  TailedFile& old = *files_[index];
  RR_CHECK(!old.HasUnflushed());
  events_.FileTruncated(old.path(), old.read());
  auto fresh =
      std::make_unique<TailedFile>(old.path(), old.input(), old.parsing(), old.ReleaseFile(),
                                   old.status(), old.AfterTruncation(), limits_);
  fresh->set_last_growth(old.last_growth());
  fresh->linked = old.linked;
  files_.push_back(std::move(fresh));
  changed_ = true;
}

void FileSet::CloseFinished(Millis now, WallMs wall) {
  std::erase_if(files_, [&](const std::unique_ptr<TailedFile>& file) {
    if (!file->AllAcknowledged()) return false;
    if (!file->HasFile()) return true;
    const bool quiet = now - file->last_growth() >= options_.rotated_wait;
    if (file->linked || !quiet || file->HasUnreadLines()) return false;
    const std::uint64_t size = file->status().size;
    if (size > file->read()) {
      events_.BytesLost(file->path(), LossReason::kNoNewline, size - file->read());
    }
    events_.FileClosed(file->path(), file->committed());
    if (auto entry = file->ToCheckpoint(wall)) known_.push_back(std::move(*entry));
    return true;
  });
}

std::vector<CheckpointEntry> FileSet::Checkpoint(WallMs wall) {
  std::erase_if(known_, [&](const CheckpointEntry& entry) {
    return wall - entry.seen_ms > kForgetEntry.count();
  });
  if (known_.size() > kMaxEntries) {
    known_.erase(known_.begin(),
                 known_.begin() + static_cast<std::ptrdiff_t>(known_.size() - kMaxEntries));
  }
  std::vector<CheckpointEntry> entries = known_;
  for (const auto& file : files_) {
    if (!file->HasFile()) continue;
    // A file cut while its evidence is read has none; the next read will find it truncated.
    if (auto entry = file->ToCheckpoint(wall)) entries.push_back(std::move(*entry));
  }
  return entries;
}

bool FileSet::CommittedMoved() const {
  return std::ranges::any_of(
      files_, [](const auto& file) { return file->HasFile() && file->CommittedMoved(); });
}

std::vector<std::string> FileSet::Directories() const {
  std::set<std::string> directories;
  for (const InputOptions& input : options_.inputs) {
    const std::string directory = DirectoryOf(input.path);
    if (!HasWildcard(directory)) directories.insert(directory);
  }
  for (const auto& file : files_) directories.insert(DirectoryOf(file->path()));
  return {directories.begin(), directories.end()};
}

}  // namespace routerate
