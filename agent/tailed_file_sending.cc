// Batch → records: what of it has left, what is acknowledged, and going back to where it was.
#include <algorithm>
#include <utility>

#include "agent/tailed_file.h"
#include "base/check.h"

namespace routerate {

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

void TailedFile::SummarySent(Ticket ticket) {
  RR_CHECK(batch_.empty());
  InFlight(ticket);
  summary_.Clear();
}

void TailedFile::ReadAgainAsEvents() { BeginAgainAt(flushed_); }

void TailedFile::RejectSent(Ticket ticket) {
  InFlight(ticket);
  rejects_.Pop();
}

void TailedFile::Flushed() {
  RR_CHECK(batch_bytes() == 0);
  flushed_ = boundary_;
}

void TailedFile::TakeRoom(ReadBuffer& buffer) {
  if (batch_.empty() && batch_.capacity() < buffer.batch.capacity()) batch_.swap(buffer.batch);
  if (summary_.Empty() && summary_.room() < buffer.summary.room()) {
    std::swap(summary_, buffer.summary);
  }
}

void TailedFile::ReturnRoom(ReadBuffer& buffer) {
  RR_CHECK(batch_bytes() == 0);
  if (batch_.capacity() > buffer.batch.capacity()) buffer.batch.swap(batch_);
  if (summary_.room() > buffer.summary.room()) std::swap(buffer.summary, summary_);
  batch_ = std::string();
  summary_ = RequestSummary();
  rejects_ = RejectQueue();
}

void TailedFile::Acknowledge(Ticket ticket) { in_flight_.erase(ticket); }

void TailedFile::Rewind() {
  BeginAgainAt(Committed());
  in_flight_.clear();
}

// What was read behind it may have been sent, and is read again.
void TailedFile::BeginAgainAt(Position position) {
  maybe_sent_ = std::max(maybe_sent_, boundary_.offset);
  boundary_ = flushed_ = position;
  read_ = flushed_.offset;
  read_evidence_ = flushed_.evidence;
  unproved_ = true;
  hole_.reset();
  progress_ = Progress::kRead;
  looks.wanted = true;
  looks.next = Millis{0};
  looks.caught_up_at = looks.sent_up_to = 0;
  batch_ = std::string();
  summary_ = {};
  rejects_.Clear();
  splitter_.Restart(flushed_.line_ends);
}

TailedFile::Position TailedFile::Committed() const {
  return in_flight_.empty() ? flushed_ : in_flight_.begin()->second;
}

}  // namespace routerate
