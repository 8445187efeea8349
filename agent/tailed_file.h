// One log file being followed: where reading is, what is on its way and what is acknowledged.
//
//   0 ......... committed ........ flushed ........ read ........ size
//     acknowledged      in flight          in batch       unread
//
// A range in flight is acknowledged in any order; `committed` is the beginning of the lowest one
// that is not. Lines that gave no event (rejected, too long) are ranges without a record.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "agent/agent_events.h"
#include "agent/checkpoint.h"
#include "agent/file_identity.h"
#include "agent/line_splitter.h"
#include "agent/record_sink.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "parsers/line_parser.h"

namespace routerate {

// Shared by all files of an agent, so that memory does not grow with them.
struct ReadBuffer {
  static constexpr std::size_t kBytes = 256 << 10;  // more than any max_line
  std::unique_ptr<char[]> bytes = std::make_unique<char[]>(kBytes + kLinePadding);
};

class TailedFile {
 public:
  // How a file is found again or begun.
  struct Start {
    std::string id = {};  // empty: made from the first line
    std::uint64_t generation = 0;
    std::uint64_t offset = 0;
  };
  struct Limits {
    std::uint64_t max_line;
    std::uint64_t batch_bytes;
    Millis nul_patience{10'000};  // a hole is waited for so long
  };

  TailedFile(std::string path, std::size_t input, const LineFormat& format,
             std::unique_ptr<File> file, FileStatus status, Start start, Limits limits);

  enum class Progress { kIdle, kRead, kBatchFull, kTruncated, kFailed };
  // Reads at most one buffer's worth into the batch. kIdle: nothing more to read now. kBatchFull:
  // flush, then call again. kTruncated: the file is shorter than what was read; see BeginAgain.
  Progress ReadSome(ReadBuffer& buffer, Millis now, AgentEvents& events);

  // The batch: encoded events of [flushed, read).
  const std::string& batch() const { return batch_; }
  Millis batch_since() const { return batch_since_; }  // monotonic time of its first line
  bool HasUnflushed() const { return flushed_ != boundary_; }
  // The batch left under `ticket`, or, if it is empty, its range needs no acknowledgement.
  void Flushed(Ticket ticket);
  void Acknowledge(Ticket ticket);
  // All in flight and in the batch is lost: read again from `committed`.
  void Rewind();
  // The same inode has another content: what is in flight goes on, and reading begins at 0 as
  // another file id.
  Start AfterTruncation() const { return {.generation = generation_ + 1}; }

  // For the checkpoint; the evidence is taken when `committed` moved since.
  Result<CheckpointEntry> ToCheckpoint(WallMs now);
  bool CommittedMoved() const { return committed() != saved_.offset; }

  // The file goes to another TailedFile; what is in flight stays here. Nothing more is read.
  std::unique_ptr<File> ReleaseFile() { return std::move(file_); }
  bool HasFile() const { return file_ != nullptr; }
  const std::string& path() const { return path_; }
  void set_path(std::string path) { path_ = std::move(path); }
  const std::string& id() const { return id_; }
  std::size_t input() const { return input_; }
  const LineFormat& format() const { return format_; }
  const FileStatus& status() const { return status_; }  // as last seen
  std::uint64_t committed() const;
  std::uint64_t read() const { return read_; }
  std::uint64_t generation() const { return generation_; }
  bool AllAcknowledged() const { return in_flight_.empty() && !HasUnflushed(); }
  Millis last_growth() const { return last_growth_; }
  void set_last_growth(Millis now) { last_growth_ = now; }
  // The last ReadSome left complete lines behind, or could not look.
  bool HasUnreadLines() const { return progress_ != Progress::kIdle; }
  bool linked = true;  // a path of the input leads to it

 private:
  Progress ReadNext(ReadBuffer& buffer, Millis now, AgentEvents& events);
  Progress Consume(std::string_view data, Millis now, AgentEvents& events);
  void TakeLine(std::uint64_t offset, std::string_view line, Millis now, AgentEvents& events);
  bool BatchFull() const { return batch_.size() >= limits_.batch_bytes; }
  std::size_t PassHole(std::string_view data, Millis now, AgentEvents& events);

  std::string path_;
  std::size_t input_;
  const LineFormat& format_;
  std::unique_ptr<File> file_;
  FileStatus status_;
  std::string id_;
  std::uint64_t generation_;
  Limits limits_;
  LineSplitter splitter_;
  LineParser parser_;
  std::uint64_t read_;
  std::uint64_t boundary_;  // the last end of a line up to read_
  std::uint64_t flushed_;
  std::map<Ticket, std::uint64_t> in_flight_;  // ticket → beginning of its range; tickets rise
  Progress progress_ = Progress::kRead;
  std::string batch_;
  Millis batch_since_{0};
  Millis last_growth_{0};
  Millis hole_since_{-1};
  CheckpointEntry saved_;  // as last given out, its evidence fits saved_.offset
};

}  // namespace routerate
