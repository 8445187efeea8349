// read → split → parse → batch, for one file. Promises: a line is in exactly one batch of this file
// id, at its offset; what cannot be shipped is told to AgentEvents, in bytes.
#include "agent/tailed_file.h"

#include <utility>

#include "base/check.h"

namespace routerate {

TailedFile::TailedFile(std::string path, std::size_t input, Parsing parsing,
                       std::unique_ptr<File> file, FileStatus status, Start start, Limits limits)
    : path_(std::move(path)),
      input_(input),
      parsing_(parsing),
      file_(std::move(file)),
      status_(status),
      id_(std::move(start.id)),
      generation_(start.generation),
      limits_(limits),
      splitter_(limits.max_line),
      parser_(parsing.format),
      read_(start.offset),
      lines_known_(start.lines.has_value()),
      boundary_{start.offset, start.lines.value_or(0)},
      flushed_(boundary_) {
  splitter_.Restart(boundary_.line_ends);
}

TailedFile::Progress TailedFile::ReadSome(ReadBuffer& buffer, Millis now, AgentEvents& events) {
  return progress_ = ReadNext(buffer, now, events);
}

TailedFile::Progress TailedFile::ReadNext(ReadBuffer& buffer, Millis now, AgentEvents& events) {
  if (file_ == nullptr) return Progress::kIdle;
  if (BatchFull()) return Progress::kBatchFull;
  auto status = file_->Status();
  if (!status) {
    events.FileFailed(status.error().message);
    return Progress::kFailed;
  }
  if (status->size != status_.size) last_growth_ = now;
  const std::uint64_t known = status_.size;
  status_ = *status;
  if (status->size < read_) {
    if (known > read_) events.BytesLost(path_, LossReason::kTruncated, known - read_);
    return Progress::kTruncated;
  }
  if (status->size == read_) return Progress::kIdle;
  auto got = file_->ReadAt(read_, std::span(buffer.bytes.get(), ReadBuffer::kBytes));
  if (!got) {
    events.FileFailed(got.error().message);
    return Progress::kFailed;
  }
  return Consume({buffer.bytes.get(), *got}, now, events);
}

TailedFile::Progress TailedFile::Consume(std::string_view data, Millis now, AgentEvents& events) {
  const std::uint64_t base = read_;
  counts_ = {};
  const auto outcome = splitter_.Split(data, [&](std::size_t position, std::string_view line) {
    TakeLine(base + position, line, events);
    return BatchFull() ? LineSplitter::Visited::kStop : LineSplitter::Visited::kGoOn;
  });
  std::size_t consumed = outcome.consumed;
  if (outcome.skipped_bytes > 0) {
    events.BytesLost(path_, LossReason::kLongLine, outcome.skipped_bytes);
  }
  if (consumed > 0) hole_since_ = Millis{-1};
  if (outcome.blocked_by_nul) {
    consumed += PassHole(data.substr(consumed), now, events);
  } else {
    hole_since_ = Millis{-1};
  }
  read_ += consumed;
  // Going on in the middle of a long line would take its rest for a line: it is begun again
  // instead.
  if (!splitter_.skipping()) {
    boundary_ = {read_, splitter_.line_ends()};
  } else if (outcome.last_line_end > 0) {
    boundary_ = {base + outcome.last_line_end, splitter_.line_ends()};
  }
  if (consumed == 0) return Progress::kIdle;
  events.BytesRead(consumed);
  events.LinesRead(counts_);
  return BatchFull() ? Progress::kBatchFull : Progress::kRead;
}

void TailedFile::TakeLine(std::uint64_t offset, std::string_view line, AgentEvents& events) {
  // Only the file's very first line names it; a resumed file has its name already.
  if (id_.empty()) id_ = MakeFileId(status_, line, generation_);
  const auto event = parser_.Parse(line);
  if (!event) return Reject(offset, line, event.error(), events);
  ++(parser_.repaired() ? counts_.repaired : counts_.accepted);
  AppendEvent(offset, parsing_.redaction.Apply(*event), &batch_);
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
// writer without O_APPEND after a truncation): only time can tell, so they are waited for, then
// passed over.
std::size_t TailedFile::PassHole(std::string_view data, Millis now, AgentEvents& events) {
  if (hole_since_ < Millis{0}) hole_since_ = now;
  if (now - hole_since_ < limits_.nul_patience) return 0;
  const std::size_t begin = data.find('\0');
  std::size_t end = data.find_first_not_of('\0', begin);
  if (end == std::string_view::npos) end = data.size();
  events.BytesLost(path_, LossReason::kNulBytes, end);
  splitter_.Restart(splitter_.line_ends());
  return end;
}

// However much of the batch has left: none of its range is done with before all of it is
// acknowledged.
void TailedFile::InFlight(Ticket ticket) {
  RR_CHECK(ticket != 0 && (in_flight_.empty() || in_flight_.rbegin()->first < ticket));
  in_flight_.emplace(ticket, flushed_);
}

void TailedFile::EventsSent(Ticket ticket, std::size_t bytes) {
  InFlight(ticket);
  batch_.erase(0, bytes);
}

void TailedFile::RejectSent(Ticket ticket) {
  InFlight(ticket);
  rejects_.Pop();
}

void TailedFile::Flushed() {
  RR_CHECK(batch_.empty() && rejects_.Empty());
  flushed_ = boundary_;
}

void TailedFile::Acknowledge(Ticket ticket) { in_flight_.erase(ticket); }

void TailedFile::Rewind() {
  boundary_ = flushed_ = Committed();
  read_ = flushed_.offset;
  in_flight_.clear();
  batch_.clear();
  rejects_.Clear();
  splitter_.Restart(flushed_.line_ends);
}

TailedFile::Position TailedFile::Committed() const {
  return in_flight_.empty() ? flushed_ : in_flight_.begin()->second;
}

Result<CheckpointEntry> TailedFile::ToCheckpoint(WallMs now) {
  const auto [offset, line_ends] = Committed();
  if (saved_.offset != offset && file_ != nullptr) {
    auto evidence = TakeEvidence(*file_, offset);
    if (!evidence) return std::unexpected(std::move(evidence.error()));
    saved_.evidence = *evidence;
    saved_.offset = offset;
  }
  if (lines_known_ && saved_.offset == offset) saved_.lines = line_ends;
  saved_.id = id_;
  saved_.path = path_;
  saved_.device = status_.device;
  saved_.inode = status_.inode;
  saved_.birth_ns = status_.birth_ns;
  saved_.generation = generation_;
  saved_.seen_ms = now;
  return saved_;
}

}  // namespace routerate
