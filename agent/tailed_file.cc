// read → split → parse → batch, for one file. Promises: a line is in exactly one batch of this file
// id, at its offset; what cannot be shipped is told to AgentEvents, in bytes.
#include "agent/tailed_file.h"

#include <utility>

#include "base/check.h"

namespace routerate {

TailedFile::TailedFile(std::string path, std::size_t input, const LineFormat& format,
                       std::unique_ptr<File> file, FileStatus status, Start start, Limits limits)
    : path_(std::move(path)),
      input_(input),
      format_(format),
      file_(std::move(file)),
      status_(status),
      id_(std::move(start.id)),
      generation_(start.generation),
      limits_(limits),
      splitter_(limits.max_line),
      parser_(format),
      read_(start.offset),
      boundary_(start.offset),
      flushed_(start.offset) {}

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
  const auto outcome = splitter_.Split(data, [&](std::size_t position, std::string_view line) {
    TakeLine(base + position, line, now, events);
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
  if (!splitter_.skipping()) boundary_ = read_;
  if (consumed == 0) return Progress::kIdle;
  events.BytesRead(consumed);
  events.LinesParsed(outcome.lines);
  return BatchFull() ? Progress::kBatchFull : Progress::kRead;
}

void TailedFile::TakeLine(std::uint64_t offset, std::string_view line, Millis now,
                          AgentEvents& events) {
  // Only the file's very first line names it; a resumed file has its name already.
  if (id_.empty()) id_ = MakeFileId(status_, line, generation_);
  const auto event = parser_.Parse(line);
  if (!event) return events.LineRejected(path_, offset, event.error(), line);
  if (batch_.empty()) batch_since_ = now;
  AppendEvent(offset, *event, &batch_);
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
  splitter_.Restart();
  return end;
}

void TailedFile::Flushed(Ticket ticket) {
  if (!batch_.empty()) {
    RR_CHECK(ticket != 0 && (in_flight_.empty() || in_flight_.rbegin()->first < ticket));
    in_flight_.emplace(ticket, flushed_);
    batch_.clear();
  }
  flushed_ = boundary_;
}

void TailedFile::Acknowledge(Ticket ticket) { in_flight_.erase(ticket); }

void TailedFile::Rewind() {
  read_ = boundary_ = flushed_ = committed();
  in_flight_.clear();
  batch_.clear();
  splitter_.Restart();
}

std::uint64_t TailedFile::committed() const {
  return in_flight_.empty() ? flushed_ : in_flight_.begin()->second;
}

Result<CheckpointEntry> TailedFile::ToCheckpoint(WallMs now) {
  const std::uint64_t offset = committed();
  if (saved_.offset != offset && file_ != nullptr) {
    auto evidence = TakeEvidence(*file_, offset);
    if (!evidence) return std::unexpected(std::move(evidence.error()));
    saved_.evidence = *evidence;
    saved_.offset = offset;
  }
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
