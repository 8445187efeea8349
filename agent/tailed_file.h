// One log file being followed: where reading is, what is on its way and what is acknowledged.
//
//   0 ......... committed ........ flushed ........ read ........ size
//     acknowledged      in flight          in batch       unread
//
// A range in flight is acknowledged in any order; `committed` is the beginning of the lowest one
// that is not. Lines that gave no event (rejected, too long) are ranges without a record, but for
// rejected ones that are kept for the dead-letter topic: then they are records of their own.
//
// A batch holds encoded events, and behind them, of an agent that ships summaries, what was counted
// of the lines that no record ever held: those behind `maybe_sent`. A summary cannot be taken
// apart, so a line that may have been sent before is shipped as an event, by whose offset repeats
// are known (docs/decisions.md).
//
// With every offset goes the evidence for it (file_identity.h), taken of the bytes as they were
// read. Each read begins a little before the offset and compares: so a file that was cut and has
// grown past the offset since is not taken for the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agent/agent_events.h"
#include "agent/checkpoint.h"
#include "agent/file_identity.h"
#include "agent/line_splitter.h"
#include "agent/record_sink.h"
#include "agent/reject_queue.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "parsers/event_redaction.h"
#include "parsers/line_parser.h"
#include "parsers/request_summary.h"
#include "parsers/route_matcher.h"

namespace routerate {

// Shared by all files of an agent, so that memory does not grow with them.
struct ReadBuffer {
  static constexpr std::size_t kBytes = 256 << 10;  // more than any max_line and the evidence
  std::unique_ptr<char[]> bytes = std::make_unique<char[]>(kBytes + kLinePadding);
  // Both empty: the room of a batch that left, for the next file that reads.
  std::string batch = {};
  RequestSummary summary = {};
};

class TailedFile {
 public:
  // How a file is found again or begun.
  struct Start {
    std::string id = {};  // empty: made from the first line
    std::uint64_t generation = 0;
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> lines = 0;  // newlines before the offset, when known
    FileEvidence evidence = {};              // for the offset
    ContentMarks marks = {};
    EarlierContents earlier = {};  // of the inode
    // Lines that begin before it; nullopt: all that are there by now.
    std::optional<std::uint64_t> maybe_sent = {};
  };
  // Where reading goes on. A content of which nothing was read is named by its first line, as if it
  // were new.
  static Start StartOf(const CheckpointEntry& entry);
  // How a line becomes an event, and which route's; borrowed.
  struct Parsing {
    const LineFormat& format;
    EventRedaction& redaction;
    RouteMatcher* routes = nullptr;  // of summaries; nullptr: all is shipped as events
  };
  enum class Rejects { kCounted, kKept };  // kept: for the dead-letter topic
  struct Limits {
    std::uint64_t max_line;
    std::uint64_t batch_bytes;
    Millis nul_patience{5'000};  // a hole is waited for so long
    Rejects rejects = Rejects::kCounted;
  };

  TailedFile(std::string path, std::size_t input, Parsing parsing, std::unique_ptr<File> file,
             FileStatus status, Start start, Limits limits);

  // Takes the evidence of its first lines, as far as they are there, so that one checkpoint can
  // have that of many files before their lines are sent.
  Result<void> MarkBeginning();

  enum class Progress { kIdle, kRead, kBatchFull, kTruncated, kStale, kFailed };
  // Reads at most one buffer's worth into the batch. kIdle: nothing more to read now. kBatchFull:
  // flush, then call again. kTruncated: what was read is not there any more; see BeginAgain.
  // kStale: a server took the open file away (NFS); see ReplaceStale.
  Progress ReadSome(ReadBuffer& buffer, Millis now, AgentEvents& events);

  // The batch: encoded events of [flushed, read), and the rejected lines there that are kept.
  const std::string& batch() const { return batch_; }
  const RequestSummary& summary() const { return summary_; }
  const RejectQueue& rejects() const { return rejects_; }
  std::uint64_t batch_bytes() const {
    return batch_.size() + summary_.most_bytes() + rejects_.Bytes();
  }
  // Since when lines wait in it.
  Millis waiting_in_batch_since() const { return flushed_.read_at.value_or(Millis{0}); }
  // After all of the batch left.
  void ReturnRoom(ReadBuffer& buffer);
  bool HasUnflushed() const { return flushed_.offset != boundary_.offset; }
  // The batch's first bytes, or the first rejected line, left under a ticket, which are
  // acknowledged one by one.
  void EventsSent(Ticket ticket, std::size_t bytes);
  void EventsGivenUp(std::size_t bytes) { batch_.erase(0, bytes); }
  // The summary left; what is before it in the batch has left already.
  void SummarySent(Ticket ticket);
  // It cannot: what of the batch has not left is read again, as events.
  void ReadAgainAsEvents();
  void RejectSent(Ticket ticket);
  void RejectGivenUp() { rejects_.Pop(); }
  // All of the batch left.
  void Flushed();
  void Acknowledge(Ticket ticket);
  // All in flight and in the batch is lost: read again from `committed`.
  void Rewind();
  // The same inode has another content: what is in flight goes on, and reading begins at 0 as
  // another file id.
  Start AfterTruncation() const;

  // Without an inode when the file went to another.
  CheckpointEntry ToCheckpoint(WallMs now);
  // What ToCheckpoint gave is on disk.
  void Saved();
  bool CommittedMoved() const { return committed() != saved_offset_; }
  // A restart would not know its lines for those that were sent.
  bool EvidenceUnsaved() const { return unsaved_; }

  // The file goes to another TailedFile; what is in flight stays here. Nothing more is read.
  std::unique_ptr<File> ReleaseFile() { return std::move(file_); }
  // Reading goes on in another file, which has all that was read: a copy.
  void Adopt(std::unique_ptr<File> file, const FileStatus& status);
  File* file() { return file_.get(); }
  bool HasFile() const { return file_ != nullptr; }
  const std::string& path() const { return path_; }
  void set_path(std::string path) { path_ = std::move(path); }
  const std::string& id() const { return id_; }
  std::size_t input() const { return input_; }
  const Parsing& parsing() const { return parsing_; }
  const FileStatus& status() const { return status_; }  // as last seen
  std::uint64_t committed() const { return Committed().offset; }
  std::uint64_t read() const { return read_; }
  std::uint64_t unread() const { return seen_size_ > read_ ? seen_size_ - read_ : 0; }
  std::uint64_t seen_size() const { return seen_size_; }  // of this content
  // Of the content that took its place, once that was seen; 0: it was not.
  std::uint64_t next_size() const { return next_size_; }
  // It is so long, with this content.
  void SeeSize(std::uint64_t size) { seen_size_ = std::max(seen_size_, size); }
  // It has another content by now, so long at least.
  void SeeNext(std::uint64_t size) { next_size_ = std::max(next_size_, size); }
  // It was so long, and another content was found in it afterwards. The size was the old one's if
  // it was cut in between.
  void SeeChanged(std::uint64_t size);
  // The file is so long, with this content or another: nobody compared.
  void Glimpse(const FileStatus& status) {
    glimpsed_size_ = std::max(glimpsed_size_, status.size);
    status_.links = status.links;
  }
  // Looks how long it is, for as long as nothing is read.
  void Measure();
  std::uint64_t behind() const { return std::max({seen_size_, glimpsed_size_, read_}) - read_; }
  const FileEvidence& read_evidence() const { return read_evidence_; }  // for read()
  // Some of this content was read, by this process or another.
  bool WasRead() const { return read_ > 0 || !marks_.empty(); }
  // What was read of it tells it from another that begins alike.
  bool IsTelling() const { return marks_.size() >= kTellingLines || !lines_known_; }
  ContentEvidence Content() const { return {read_evidence_, read_, marks_}; }
  bool AllAcknowledged() const { return in_flight_.empty() && !HasUnflushed(); }
  // When the oldest line that is not acknowledged was read; nullopt: there is none. Reading it
  // again after a loss makes it no younger.
  std::optional<Millis> waiting_since() const {
    return in_flight_.empty() ? flushed_.read_at : in_flight_.begin()->second.read_at;
  }
  Millis last_growth() const { return last_growth_; }
  void set_last_growth(Millis now) { last_growth_ = now; }
  // The last ReadSome left complete lines behind, or could not look.
  bool HasUnreadLines() const { return progress_ != Progress::kIdle; }

  // Where it is: kept by whoever looks at names (file_set).
  struct Whereabouts {
    bool linked = true;      // a path of the input leads to it: path()
    bool was_linked = true;  // at the scan before
    std::string place = {};  // a name that it has, where that is not path(); empty: none is known
    std::string resolved = {};  // path() without symbolic links; empty: not known yet
    std::string told = {};      // the name under which changes are told; empty: they are not

    // In the middle of a scan the one before counts.
    bool HasName() const { return linked || was_linked || !place.empty(); }
  };
  Whereabouts where;
  // A name that leads to it, as far as known; empty: none is.
  const std::string& name() const { return where.linked ? path_ : where.place; }

  // When it is looked at: kept by whoever reads (agent).
  struct Looks {
    bool wanted = true;       // a change was told, or the last look was not the end of it
    Millis next{0};           // without being told
    Millis pause{0};          // how long the last one was waited for
    WallMs seen_at = 0;       // it was looked at, and had what was read of it
    WallMs caught_up_at = 0;  // every line written up to then was read
    WallMs sent_up_to = 0;    // ... and has left
  };
  Looks looks;
  // What of it was given back: kept by whoever does that (reclaim). Offsets.
  struct Reclaimed {
    bool examined = false;    // whether it can be given back
    std::uint64_t saved = 0;  // in the newest checkpoint on disk
    std::uint64_t end = 0;    // holes up to there, if there are any
    std::uint64_t tried = 0;  // likewise, and could not be
  };
  Reclaimed reclaimed;
  bool WaitsForHole() const { return hole_.has_value(); }
  // With something behind it that is not read yet.
  bool IsHeldUp() const { return hole_ && hole_->ends; }

 private:
  struct Position {
    std::uint64_t offset;
    std::uint64_t line_ends;  // newlines before it; counted from the start if lines_known_ is false
    FileEvidence evidence;
    // When the line that begins there was read first; nullopt: not yet.
    std::optional<Millis> read_at = {};
  };

  // NUL bytes at read_, behind half a line maybe.
  struct Hole {
    Millis since;
    std::uint64_t seen_to;  // up to there they were looked through
    bool ends = false;
  };

  Progress ReadNext(ReadBuffer& buffer, Millis now, AgentEvents& events);
  Result<std::string_view> ReadFrom(std::uint64_t offset, ReadBuffer& buffer);
  LineSplitter::Outcome Consume(std::string_view bytes, std::size_t read_before,
                                AgentEvents& events);
  static Progress Failed(const Error& error, AgentEvents& events);
  Progress Truncated(const FileStatus& now, AgentEvents& events);
  bool WasCut(std::uint64_t size, const Result<FileStatus>& after) const;
  bool IsUnchanged(const FileStatus& status) const;
  Progress WaitForHole(ReadBuffer& buffer, Millis now, AgentEvents& events);
  Result<std::optional<std::uint64_t>> FindHoleEnd(ReadBuffer& buffer);
  Result<void> PassHole(std::uint64_t end, ReadBuffer& buffer, AgentEvents& events);
  void TakeLine(std::uint64_t offset, std::string_view line, AgentEvents& events);
  void Reject(std::uint64_t offset, std::string_view line, Rejection why, AgentEvents& events);
  void MarkLine(std::string_view bytes, std::size_t read_before, std::string_view line);
  Result<bool> HasMarks();
  void Mark(std::string_view line, const ContentMark& mark);
  void BeginAgainAt(Position position);
  void TakeRoom(ReadBuffer& buffer);
  // A summary seldom takes half of what it may.
  bool BatchFull() const {
    return batch_.size() + summary_.most_bytes() / 2 + rejects_.Bytes() >= limits_.batch_bytes;
  }
  void InFlight(Ticket ticket);
  Position Committed() const;

  std::string path_;
  std::size_t input_;
  Parsing parsing_;
  std::unique_ptr<File> file_;
  FileStatus status_;
  std::uint64_t seen_size_;  // of this content
  std::uint64_t glimpsed_size_ = 0;
  std::uint64_t next_size_ = 0;  // of the content that took its place
  std::string id_;
  bool unsaved_ = false;  // its first marks
  std::uint64_t generation_;
  EarlierContents earlier_;
  Limits limits_;
  LineSplitter splitter_;
  LineParser parser_;
  std::uint64_t read_;
  std::uint64_t maybe_sent_;  // a line that begins before it may have been sent by now
  FileEvidence read_evidence_;
  ContentMarks marks_;    // of all that was ever read of this content
  bool unproved_ = true;  // the marks behind read_ were not looked for since reading began (again)
  bool lines_known_;
  Position boundary_;  // the last end of a line up to read_
  Position flushed_;
  std::map<Ticket, Position> in_flight_;  // ticket → beginning of its range; tickets rise
  Progress progress_ = Progress::kRead;
  std::string batch_;
  RequestSummary summary_;
  RejectQueue rejects_;
  LineCounts counts_;  // of the read under way
  Millis last_growth_{0};
  std::optional<Hole> hole_;
  std::uint64_t given_offset_;  // by ToCheckpoint
  std::uint64_t saved_offset_;
};

}  // namespace routerate
