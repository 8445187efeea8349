// What happens in a simulated history, as a list: made from the seed first, then done, so that it
// can be printed, and made shorter while it still fails. An action says nothing of the world that
// it meets: its numbers are taken modulo what there is, so it keeps a meaning when others are
// removed.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace routerate {

enum class Act {
  // A server writes.
  kWrite,
  kWriteHalf,
  kWriteGarbage,
  kWriteLong,
  kReopen,
  // Rotation, of all kinds.
  kRename,
  kRenameGap,
  kRotateTwice,
  kCopyTruncate,
  kDelete,
  kDeleteRecreate,
  kSymlinkSwitch,
  kMoveOut,
  kReplaceSame,
  kReplaceOther,
  kTruncate,
  kTruncateRegrow,
  kCompress,
  // The agent's process.
  kKill,
  kKillInside,
  kPause,
  kDrain,
  // Kafka.
  kOutage,
  kSlowAcks,
  kLoseAcks,
  kProducerFails,
  kQueueFull,
  kRejectsRefused,
  // The node.
  kDiskFull,
  kIoErrors,
  kWatchDeaf,
  kWatchOverflow,
  kAgentClock,
  // The aggregator.
  kRebalance,
  kReplicaCrash,
  kAggregatorClock,
  kWait,
};
inline constexpr std::size_t kActCount = static_cast<std::size_t>(Act::kWait) + 1;

struct ActKind {
  std::string_view name;
  unsigned weight;  // how often it is drawn, in a profile that leaves nothing out
  unsigned amounts;
  std::string_view amount;  // what the amount, below `amounts`, means
  unsigned extras = 1;
  std::string_view extra = "";
};
const ActKind& KindOf(Act act);

struct Action {
  Act act = Act::kWait;
  unsigned target = 0;  // which log file, pod or replica
  unsigned amount = 0;
  unsigned extra = 0;
  unsigned wait_ms = 0;  // passes behind it
  // 0: while the agent waits. Else at its so many-th system call from now, in the middle of a step:
  // of writes and rotations only.
  unsigned inside = 0;
};
using ActionList = std::vector<Action>;

inline Action ActionOf(Act act, unsigned wait_ms, unsigned amount = 0, unsigned extra = 0) {
  return {.act = act, .amount = amount, .extra = extra, .wait_ms = wait_ms};
}

// How often each act is drawn; 0: never.
using ActWeights = std::array<unsigned, kActCount>;
ActWeights UsualWeights();

enum class Timing { kBetweenSteps, kAnywhere };
ActionList DrawActions(const ActWeights& weights, Timing timing, std::mt19937_64& random);

// A line each.
std::string Describe(const ActionList& actions);

}  // namespace routerate
