// What the simulation excuses (sim_oracle.h) in small histories, and that it is told of all else.
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>

#include "tests/sim/sim_run.h"

using namespace routerate;

namespace {

constexpr unsigned kLook = 1100;  // ms in which an agent looks, and is acknowledged what it sent
constexpr unsigned kLines = 2;    // as an amount: three

struct JudgedHistory {
  std::string_view claim;
  ActionList actions;
  std::uint64_t excused;
};

const std::vector<JudgedHistory> kHistories = {
    {"a line that was seen is not excused by a truncation",
     {ActionOf(Act::kWrite, kLook, kLines), ActionOf(Act::kTruncate, 0)},
     0},
    {"lines truncated away while no agent ran are",
     {ActionOf(Act::kKill, 0, 2000), ActionOf(Act::kWrite, 0, kLines), ActionOf(Act::kTruncate, 0)},
     3},
    {"lines of a file that was deleted while the agent held it are not",
     {ActionOf(Act::kWrite, 0, kLines), ActionOf(Act::kDelete, 0)},
     0},
    {"lines of a file that was deleted while no agent ran are",
     {ActionOf(Act::kKill, 0, 2000), ActionOf(Act::kWrite, 0, kLines), ActionOf(Act::kDelete, 0)},
     3},
    {"lines of a file that was renamed while no agent ran are not",
     {ActionOf(Act::kWrite, kLook, kLines), ActionOf(Act::kKill, 0, 2000),
      ActionOf(Act::kWrite, 0, kLines), ActionOf(Act::kRename, 0)},
     0},
    {"lines of a file that left the directory while no agent ran are",
     {ActionOf(Act::kKill, 0, 2000), ActionOf(Act::kWrite, 0, kLines), ActionOf(Act::kMoveOut, 0)},
     3},
    {"lines in flight whose file was truncated are, when the producer fails",
     {ActionOf(Act::kWrite, kLook, kLines), ActionOf(Act::kSlowAcks, 0, 3000, 5000),
      ActionOf(Act::kWrite, 1, kLines), ActionOf(Act::kTruncate, 0),
      ActionOf(Act::kProducerFails, 0)},
     3},
    {"lines in flight are not, when the producer fails and their file is still there",
     {ActionOf(Act::kSlowAcks, 0, 3000, 5000), ActionOf(Act::kWrite, 1, kLines),
      ActionOf(Act::kProducerFails, 0)},
     0},
    {"lines in flight of a deleted file are, when the agent is killed",
     {ActionOf(Act::kSlowAcks, 0, 3000, 5000), ActionOf(Act::kWrite, 1, kLines),
      ActionOf(Act::kDelete, 0), ActionOf(Act::kKill, 0)},
     3},
    {"lines of which a copy stays within reach are not",
     {ActionOf(Act::kKill, 0, 2000), ActionOf(Act::kWrite, 0, kLines),
      ActionOf(Act::kReplaceSame, 0)},
     0},
};

}  // namespace

TEST_CASE("what may be excused is, and nothing else") {
  spdlog::set_level(spdlog::level::off);
  for (const JudgedHistory& history : kHistories) {
    SimWorld world(*FindProfile("everything"), SimSettings{}, 1, Breakage::kNone);
    for (const Action& action : history.actions) world.Do(action);
    world.Settle();
    SimTally tally;
    world.AddTo(&tally);
    INFO(history.claim);
    CHECK(tally.excused == history.excused);
    CHECK(world.Mistakes() == std::vector<std::string>{});
  }
}
