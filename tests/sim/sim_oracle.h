// What must come of every line: the truth that a simulated history is judged by.
//
// A line is *placed* where its bytes stand in a file that the agent can get at: it holds the file
// open, or the file has a name in the logs' directory and is one that the pattern named at some
// time. An agent is *at leisure* while no step of it is kept from reading (max_in_flight, a full
// queue), meets a fault or is interfered with. A line that has been placed while it was at leisure
// for the time that it needs to see everything (SimPod::LookPeriod) has been in its hands: it is
// *seen*, by a *look*.
//
// What may be excused, and nothing else:
//   - a line whose last place goes (truncated, deleted, moved away) before any look saw it;
//   - a line that was seen, whose last place went, and whose record did not reach the topic when
//     the agent's process or its producer's incarnation died: neither could read it again. A seen
//     line that still has a place then is to be read again.
// A file that the agent closed of itself excuses none of its lines, then or later: they are *owed*.
// An excused event is *due in the ledger* if the agent held the file open, had read some of it, had
// been told of a size that takes the line in, lived until its next look, and the line never came
// otherwise. If it had even read the bytes, they may have been on their way, so that the end of its
// process takes the debt away.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/agent_events.h"
#include "base/clock.h"
#include "parsers/event_record.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_settings.h"

namespace routerate {

using LineId = std::uint32_t;

enum class LineKind { kEvent, kGarbage, kLong };
enum class RejectTopic { kNone, kKept };

class SimOracle {
 public:
  enum class LineState { kPending, kSeen, kOwed, kExcused };
  enum class Due { kNo, kAtNextLook, kYes };
  struct Line {
    std::size_t pod = 0;
    std::size_t log = 0;
    LineKind kind = LineKind::kEvent;
    LineState state = LineState::kPending;
    Due due = Due::kNo;
    bool stored = false;  // in the topic, or, rejected, as much as is promised of such a line
    bool was_placed = false;
    bool was_read = false;  // when its last place went
    unsigned places = 0;
    unsigned counted = 0;
    std::uint64_t bytes = 0;     // in the log, its newline included
    std::int64_t ts_second = 0;  // 0: not written when it says
  };
  struct Totals {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    bool operator==(const Totals&) const = default;
  };

  SimOracle(std::size_t pods, std::size_t logs) : pods_(pods), counted_(logs) {}

  // A line's number in its world; its text says it.
  LineId Begin(std::size_t pod, std::size_t log, LineKind kind);
  Line& At(LineId id) { return lines_[id]; }
  // It is complete, in a file where the agent can get at it or not.
  void Complete(LineId id, std::uint64_t bytes);
  const std::vector<Line>& lines() const { return lines_; }

  void Place(LineId id);
  void Seen(LineId id);
  // The agent closed its file.
  void Owe(LineId id);
  enum class Knows { kNothing, kOfIt, kItsBytes };
  void LosePlace(LineId id, Knows agent);

  // A record is in a partition of the topic. Counts as the aggregator does.
  void OnStored(std::size_t partition, const SimRecord& record);
  void OnRejectStored(std::string_view bytes);
  void OnDeadLettersLost(std::uint64_t lines) { rejects_given_up_ += lines; }

  void OnLook(std::size_t pod);
  enum class Death { kProducer, kProcess };
  void OnDeath(std::size_t pod, Death death);

  // Every line that is not excused is where it must be.
  bool Settled() const;
  // One sentence each, the first ten; empty: all is well.
  std::vector<std::string> Mistakes() const;
  void Blame(std::string mistake);
  const Totals& CountedOf(std::size_t log) const { return counted_[log]; }
  std::uint64_t DueBytes(std::size_t pod) const;
  // Of lines over max_line that were there to be skipped.
  std::uint64_t LongBytes(std::size_t pod) const;
  std::uint64_t excused() const;
  std::uint64_t duplicates() const { return duplicates_; }

  // The path that a line asks for: /w0/4711, whose route is its log's; with summaries /w0/e/h/b/b,
  // which is its own route.
  static std::string PathOf(std::size_t log, LineId id, SimSettings::Ship ship);
  // What a line's `size` says: sums of it tell which lines were counted.
  static std::uint64_t SizeOf(LineId id);
  static constexpr std::string_view kGarbage = "garbage ";

 private:
  void OnEvents(const SimRecord& record, std::int64_t& mark);
  void OnSummary(const RecordHeaders& headers, const SimRecord& record, std::int64_t& mark);
  void CountEvent(std::string_view path);
  std::string Describe(LineId id) const;

  struct Pod {
    std::vector<LineId> open;  // not stored; some are excused
  };
  std::vector<Line> lines_;
  std::vector<Pod> pods_;
  std::vector<Totals> counted_;  // by log
  std::unordered_map<std::string, std::int64_t> marks_;
  std::uint64_t rejects_given_up_ = 0;
  std::uint64_t duplicates_ = 0;
  std::vector<std::string> blames_;
};

}  // namespace routerate
