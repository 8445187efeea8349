// read → split → parse → batch, for one file. Promises: a line is in exactly one batch of this file
// id, at its offset; what cannot be shipped is told to AgentEvents, in bytes.
#include "agent/tailed_file.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

namespace routerate {

TailedFile::Start TailedFile::StartOf(const CheckpointEntry& entry) {
  if (entry.offset == 0 && entry.marks.empty()) return {.earlier = entry.earlier};
  return {.id = entry.id,
          .generation = entry.generation,
          .offset = entry.offset,
          .lines = entry.lines,
          .evidence = entry.evidence,
          .marks = entry.marks,
          .earlier = entry.earlier};
}

TailedFile::Start TailedFile::AfterTruncation() const {
  // If nothing of it was read as what it is now, another content may have been in it all the time,
  // and another process may have sent that.
  Start start{.earlier = earlier_, .maybe_sent = unproved_ ? maybe_sent_ : 0};
  if (!marks_.empty()) Add({marks_.front(), generation_}, &start.earlier);
  return start;
}

TailedFile::TailedFile(std::string path, std::size_t input, Parsing parsing,
                       std::unique_ptr<File> file, FileStatus status, Start start, Limits limits)
    : path_(std::move(path)),
      input_(input),
      parsing_(parsing),
      file_(std::move(file)),
      status_(status),
      seen_size_(status.size),
      id_(std::move(start.id)),
      generation_(start.generation),
      earlier_(std::move(start.earlier)),
      limits_(limits),
      splitter_(limits.max_line),
      parser_(parsing.format),
      read_(start.offset),
      maybe_sent_(start.maybe_sent.value_or(status.size)),
      read_evidence_(start.evidence),
      marks_(std::move(start.marks)),
      lines_known_(start.lines.has_value()),
      boundary_{start.offset, start.lines.value_or(0), start.evidence},
      flushed_(boundary_),
      given_offset_(start.offset),
      saved_offset_(start.offset) {
  splitter_.Restart(boundary_.line_ends);
}

TailedFile::Progress TailedFile::ReadSome(ReadBuffer& buffer, Millis now, AgentEvents& events) {
  return progress_ = ReadNext(buffer, now, events);
}

TailedFile::Progress TailedFile::ReadNext(ReadBuffer& buffer, Millis now, AgentEvents& events) {
  if (file_ == nullptr) return Progress::kIdle;
  // Events come before the summary in a batch.
  if (BatchFull() || (!summary_.Empty() && read_ < maybe_sent_)) return Progress::kBatchFull;
  auto status = file_->Status();
  if (!status) return Failed(status.error(), events);
  if (status->size < std::max({read_, seen_size_, glimpsed_size_})) {
    if (glimpsed_size_ > next_size_) SeeSize(glimpsed_size_);
    return Truncated(*status, events);
  }
  if (status->size != status_.size) last_growth_ = now;
  if (IsUnchanged(*status)) {
    status_ = *status;
    return Progress::kIdle;
  }
  const std::uint64_t overlap = std::min(read_, FileEvidence::kTailBytes);
  const auto bytes = ReadFrom(read_ - overlap, buffer);
  if (!bytes) {
    SeeSize(status->size);
    return Failed(bytes.error(), events);
  }
  if (bytes->size() < overlap || !HasTail(bytes->substr(0, overlap), read_evidence_)) {
    const auto after = file_->Status();
    SeeNext(bytes->empty() ? 0 : read_ - overlap + bytes->size());
    if (WasCut(status->size, after)) SeeSize(status->size);
    return Truncated(after.value_or(*status), events);
  }
  status_ = *status;
  SeeSize(status->size);
  if (unproved_) {
    const auto same = HasMarks();
    if (!same) return Failed(same.error(), events);
    if (!*same) return Truncated(*status, events);
    unproved_ = false;
  }
  TakeRoom(buffer);
  const auto outcome = Consume(*bytes, overlap, events);
  if (HasUnflushed() && !flushed_.read_at) flushed_.read_at = now;
  if (outcome.consumed > 0 || !outcome.blocked_by_nul) hole_.reset();
  if (outcome.blocked_by_nul) return WaitForHole(buffer, now, events);
  if (BatchFull()) return Progress::kBatchFull;
  return outcome.consumed == 0 ? Progress::kIdle : Progress::kRead;
}

TailedFile::Progress TailedFile::Failed(const Error& error, AgentEvents& events) {
  if (error.code == ESTALE) return Progress::kStale;
  events.FileFailed(error.message);
  return Progress::kFailed;
}

void TailedFile::Measure() {
  if (file_ == nullptr) return;
  const auto status = file_->Status();
  if (!status) return;
  Glimpse(*status);
  const auto same = Matches(*file_, status->size, read_evidence_, read_);
  if (same) *same ? SeeSize(status->size) : SeeChanged(status->size);
}

void TailedFile::SeeChanged(std::uint64_t size) {
  WasCut(size, file_->Status()) ? SeeSize(size) : SeeNext(size);
}

// Whether a size that was told before another content was found was the old one's: if it is smaller
// by now.
bool TailedFile::WasCut(std::uint64_t size, const Result<FileStatus>& after) const {
  return size > next_size_ && after && after->size < size;
}

// While a batch of the old content cannot be sent, the new one may go as well.
TailedFile::Progress TailedFile::Truncated(const FileStatus& now, AgentEvents& events) {
  if (now.size < next_size_) events.BytesLost(path_, LossReason::kTruncated, next_size_);
  next_size_ = now.size;
  return Progress::kTruncated;
}

// Nothing was written since the last look, which was the end of it.
bool TailedFile::IsUnchanged(const FileStatus& status) const {
  return status.SameWriting(status_) && (status.size == read_ || progress_ == Progress::kIdle) &&
         !hole_;
}

Result<std::string_view> TailedFile::ReadFrom(std::uint64_t offset, ReadBuffer& buffer) {
  auto got = file_->ReadAt(offset, std::span(buffer.bytes.get(), ReadBuffer::kBytes));
  if (!got) return std::unexpected(std::move(got.error()));
  return std::string_view(buffer.bytes.get(), *got);
}

// Of `bytes` the first `read_before` were read before.
LineSplitter::Outcome TailedFile::Consume(std::string_view bytes, std::size_t read_before,
                                          AgentEvents& events) {
  const std::uint64_t base = read_;
  counts_ = {};
  const auto outcome =
      splitter_.Split(bytes.substr(read_before), [&](std::size_t position, std::string_view line) {
        TakeLine(base + position, line, events);
        MarkLine(bytes, read_before, line);
        return BatchFull() ? LineSplitter::Visited::kStop : LineSplitter::Visited::kGoOn;
      });
  if (outcome.skipped_bytes > 0) {
    events.BytesLost(path_, LossReason::kLongLine, outcome.skipped_bytes);
  }
  const auto evidence_at = [&](std::uint64_t offset) {
    return EvidenceOf(bytes.substr(0, read_before + (offset - base)), offset, read_evidence_);
  };
  // Going on in the middle of a long line would take its rest for a line: it is begun again
  // instead.
  const std::uint64_t boundary =
      base + (splitter_.skipping() ? outcome.last_line_end : outcome.consumed);
  if (boundary > base) boundary_ = {boundary, splitter_.line_ends(), evidence_at(boundary)};
  if (outcome.consumed > 0) {
    read_ += outcome.consumed;
    read_evidence_ = evidence_at(read_);
    events.BytesRead(input_, outcome.consumed);
    events.LinesRead(input_, counts_);
  }
  return outcome;
}

// Lines 1, 2, 4, 8, ..., the first two that are not skipped at least, unless they were read before.
// Of `bytes`, in which the line is, the first `read_before` were.
void TailedFile::MarkLine(std::string_view bytes, std::size_t read_before, std::string_view line) {
  const bool wanted = lines_known_ && (marks_.size() < kTellingLines ||
                                       std::has_single_bit(splitter_.line_ends() + 1));
  if (!wanted && !id_.empty()) return;
  const auto line_end = static_cast<std::size_t>(line.data() + line.size() - bytes.data());
  const std::size_t size = bytes.find('\n', line_end) + 1;
  const std::uint64_t end = read_ + size - read_before;
  if (!marks_.empty() && marks_.back().offset >= end) return;
  Mark(line, MarkOf(bytes.substr(0, size), end));
}

// Whether what was read before, and is read again now, is there still.
Result<bool> TailedFile::HasMarks() {
  if (marks_.empty()) return true;
  const auto marks = FindMarks(*file_, status_.size, marks_);
  if (!marks) return std::unexpected(marks.error());
  return !marks->misfit && marks_.back().offset <= status_.size;
}

Result<void> TailedFile::MarkBeginning() {
  if (WasRead() || status_.size == 0) return {};
  std::string bytes(std::min(status_.size, kTellingLines * (limits_.max_line + 1)), '\0');
  const auto got = file_->ReadAt(0, bytes);
  if (!got) return std::unexpected(got.error());
  const auto status = file_->Status();
  if (!status) return std::unexpected(status.error());
  if (status->size < status_.size) return {};  // cut meanwhile; the next look will see that
  SeeSize(status->size);
  const std::string_view head = std::string_view(bytes).substr(0, std::min(*got, bytes.find('\0')));
  for (std::size_t begin = 0; marks_.size() < kTellingLines;) {
    const std::size_t end = head.find('\n', begin);
    if (end == std::string_view::npos || end - begin > limits_.max_line) break;
    std::string_view line = head.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin = end + 1;
    Mark(line, MarkOf(head.substr(0, begin), begin));
  }
  return {};
}

// Only the first line names a file; a resumed one has its name already.
void TailedFile::Mark(std::string_view line, const ContentMark& mark) {
  if (id_.empty()) {
    generation_ = GenerationOf(mark, earlier_);
    id_ = MakeFileId(status_, line, generation_);
  }
  if (marks_.size() < kTellingLines) unsaved_ = true;
  marks_.push_back(mark);
}

void TailedFile::TakeLine(std::uint64_t offset, std::string_view line, AgentEvents& events) {
  const auto event = parser_.Parse(line);
  if (!event) return Reject(offset, line, event.error(), events);
  ++(parser_.repaired() ? counts_.repaired : counts_.accepted);
  const AccessEvent shipped = parsing_.redaction.Apply(*event);
  if (parsing_.routes == nullptr || offset < maybe_sent_) {
    AppendEvent(offset, shipped, &batch_);
  } else {
    summary_.Add(offset, shipped, *parsing_.routes);
  }
}

void TailedFile::Reject(std::uint64_t offset, std::string_view line, Rejection why,
                        AgentEvents& events) {
  ++counts_.rejected;
  // The splitter took a carriage return away; the newline that ended the line is still behind it.
  if (line.data()[line.size()] == '\r') line = {line.data(), line.size() + 1};
  RejectedLine rejected{offset, std::nullopt, why, line};
  if (lines_known_) rejected.number = splitter_.line_ends() + 1;
  events.LineRejected(path_, rejected);
  if (limits_.rejects == Rejects::kKept) rejects_.Push(rejected);
}

// NUL bytes are a page that has not arrived (network file systems) or a hole that never will (a
// writer without O_APPEND after a truncation): only time can tell, so they are waited for while
// something stands behind them, then passed over: at once if the file was cut before.
TailedFile::Progress TailedFile::WaitForHole(ReadBuffer& buffer, Millis now, AgentEvents& events) {
  if (!hole_) hole_ = Hole{now, read_};
  const auto end = FindHoleEnd(buffer);
  if (!end) return Failed(end.error(), events);
  const bool cut_before = read_ == 0 && !earlier_.empty();
  const bool patient = !cut_before && now - hole_->since < limits_.nul_patience;
  hole_->ends = end->has_value();
  if (!*end || patient) return Progress::kIdle;
  if (auto passed = PassHole(**end, buffer, events); !passed) return Failed(passed.error(), events);
  return Progress::kRead;
}

// Where the first byte that is not NUL stands behind the NUL bytes at read_; nullopt: nowhere yet.
// Looks at one buffer's worth at a time.
Result<std::optional<std::uint64_t>> TailedFile::FindHoleEnd(ReadBuffer& buffer) {
  auto data = file_->NextData(hole_->seen_to);
  if (!data) return std::unexpected(std::move(data.error()));
  hole_->seen_to = *data;
  const auto bytes = ReadFrom(hole_->seen_to, buffer);
  if (!bytes) return std::unexpected(bytes.error());
  // From half a line's bytes on to the NUL behind it.
  const std::size_t nul = hole_->seen_to == read_ ? bytes->find('\0') : 0;
  const std::size_t end = nul == std::string_view::npos ? nul : bytes->find_first_not_of('\0', nul);
  if (end != std::string_view::npos) return hole_->seen_to + end;
  hole_->seen_to += bytes->size();
  return std::nullopt;
}

Result<void> TailedFile::PassHole(std::uint64_t end, ReadBuffer& buffer, AgentEvents& events) {
  const std::uint64_t tail = std::min(end, FileEvidence::kTailBytes);
  const auto bytes = ReadFrom(end - tail, buffer);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->size() < tail) return {};  // cut meanwhile; the next look will see that
  events.BytesLost(path_, LossReason::kNulBytes, end - read_);
  // A hole is like any other of its size.
  const bool blank = bytes->substr(0, tail).find_first_not_of('\0') == std::string_view::npos;
  read_evidence_ = blank ? FileEvidence{} : EvidenceOf(bytes->substr(0, tail), end, read_evidence_);
  read_ = end;
  hole_.reset();
  splitter_.Restart(splitter_.line_ends());
  boundary_ = {read_, splitter_.line_ends(), read_evidence_};
  return {};
}

void TailedFile::Adopt(std::unique_ptr<File> file, const FileStatus& status) {
  file_ = std::move(file);
  status_ = status;
  seen_size_ = status.size;
  maybe_sent_ = std::max(maybe_sent_, status.size);
  glimpsed_size_ = 0;
  reclaimed = {};
  progress_ = Progress::kRead;
  looks.wanted = true;
}

CheckpointEntry TailedFile::ToCheckpoint(WallMs now) {
  const Position committed = Committed();
  given_offset_ = committed.offset;
  CheckpointEntry entry{.id = id_,
                        .path = path_,
                        .device = status_.device,
                        .inode = HasFile() ? status_.inode : 0,
                        .birth_ns = status_.birth_ns,
                        .generation = generation_,
                        .offset = committed.offset,
                        .lines = {},
                        .evidence = committed.evidence,
                        .marks = marks_,
                        .earlier = earlier_,
                        .size = status_.size,
                        .modified_ns = status_.modified_ns,
                        .seen_ms = now};
  if (lines_known_) entry.lines = committed.line_ends;
  return entry;
}

void TailedFile::Saved() {
  saved_offset_ = given_offset_;
  unsaved_ = false;
}

}  // namespace routerate
