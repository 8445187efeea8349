// The agent's loop, one step at a time: take acknowledgements, look for files, read, send, say that
// we are alive, save the checkpoint. It never waits and asks nobody for the time: the caller sleeps
// until the deadline that Step returns, so tests step it through any history.
#pragma once

#include <string>
#include <vector>

#include "agent/agent_events.h"
#include "agent/agent_options.h"
#include "agent/checkpoint_store.h"
#include "agent/file_set.h"
#include "agent/labels_file.h"
#include "agent/outbox.h"
#include "agent/reclaim.h"
#include "base/clock.h"
#include "base/file_changes.h"
#include "base/file_system.h"

namespace routerate {

class Agent {
 public:
  // Borrows all. Loads the checkpoint. `sinks` has one for rejects if the options name a
  // dead-letter topic.
  Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch, const Clock& clock,
        Sinks sinks, AgentEvents& events);
  // Goes on where another agent, now done with, stood.
  Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch, const Clock& clock,
        Sinks sinks, AgentEvents& events, FileInheritance inherited);
  // Saves the checkpoint and hands over what is followed. What is not acknowledged is the heir's to
  // send again.
  FileInheritance Release();

  enum class Next { kWaitForFiles, kWaitForTime };
  struct Plan {
    Millis wait;  // until the next Step at the latest
    Next next;    // kWaitForTime: a batch is open, changed files can wait for its deadline
  };
  // `changes` are those since the last Step.
  Plan Step(const FileChanges& changes);

  // From now on: read until every file is quiet and everything is acknowledged, then say goodbye.
  void BeginDrain();
  bool Drained() const { return phase_ == Phase::kGone; }
  // What a drain that ran out of time leaves behind: "3 files, 1200 bytes unread, ...".
  std::string Remains() const;

  std::string checkpoint_warning() const { return checkpoint_warning_; }
  // Saves where everything stands, whatever the interval says.
  void SaveCheckpoint();

 private:
  Agent(const AgentOptions& options, FileSystem& file_system, FileWatch& watch, const Clock& clock,
        Sinks sinks, AgentEvents& events, CheckpointStore::Loaded loaded);

  // Full, refused or failed: an acknowledgement will kick, and this is in case none does.
  static constexpr Millis kBlockedWait{100};

  // A summary is sent so long after its first line was read.
  static constexpr Millis kSummaryTime{1000};

  enum class Phase { kRunning, kDraining, kSayingGoodbye, kGone };
  enum class Pass { kAtEnd, kMoreToRead };

  void TakeAcknowledgements();
  void Recover();
  bool Full() const;
  void LookAtNames(const FileChanges& changes);
  Pass ReadFiles();
  bool ReadRound();
  bool ReadFile(std::size_t index);
  void PlanNextLook(TailedFile& file);
  void SendDueBatches();
  bool WaitsForSummary(const TailedFile& file) const;
  static Millis SummaryEnd(const TailedFile& file);
  Millis BatchEnd() const;
  bool SendNow(TailedFile& file);
  void SaveNames(const TailedFile& file);
  void AdvanceWatermark(Pass pass);
  void Beat();
  void Drain(Pass pass);
  void NoteUnsaved();
  void CloseFinished();
  void MeasureBacklog();
  void LookOver();
  void SaveCheckpointWhenDue();
  void Report();
  Millis NextLook() const;
  Plan MakePlan(Pass pass) const;

  const AgentOptions& options_;
  const Clock& clock_;
  AgentEvents& events_;
  CheckpointStore store_;
  std::string checkpoint_warning_;
  FileSet files_;
  Outbox outbox_;
  LabelsFile labels_;
  Reclaim reclaim_;
  ReadBuffer buffer_;
  std::uint64_t batched_ = 0;  // bytes in the batches of all files
  std::size_t next_turn_ = 0;  // the file that a round of reading begins with
  Phase phase_ = Phase::kRunning;
  Millis now_{0};         // monotonic, of the step under way
  WallMs wall_ = 0;       // likewise; what is written later may not be seen by it
  WallMs watermark_ = 0;  // every line written up to then has been sent
  Millis next_beat_{0};
  bool beat_owed_ = false;  // it is over, and there was no room
  Millis next_save_{0};
  Millis next_measure_{0};
  bool save_failed_ = false;      // the last time
  AgentGauges gauges_;            // those of files as LookOver left them
  bool stirred_ = true;           // something became of a file since then
  Millis last_send_{-1'000'000};  // of batches that were not full
  Millis last_line_{0};           // when a line was last read; for the drain's quiet time
  bool unreadable_ = false;       // a read failed in this step
  bool blocked_ = false;  // the in-flight bound or the sink's queue stopped reading or sending
  // No file needs anything before a change is told or a scan is due, so steps pass over them all.
  bool at_rest_ = false;
};

}  // namespace routerate
