// One small history, and in it each single system call of the agent's: it fails, it fails with
// those that follow, the agent is killed at it. For every call, every line is counted exactly once.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "tests/sim/sim_run.h"

using namespace routerate;

namespace {

// Written, rotated, written to the file before, with the checkpoint saved in between.
const ActionList kTail = {
    ActionOf(Act::kWrite, 5, 2),    ActionOf(Act::kWriteHalf, 1100, 50),
    ActionOf(Act::kWrite, 1100, 1), ActionOf(Act::kRename, 20, 1, 2),
    ActionOf(Act::kWrite, 1100, 1), ActionOf(Act::kDeleteRecreate, 1100, 2),
};
// And then killed, with unread lines in the file and in the one before, and started again.
const ActionList kRestart = [] {
  ActionList actions = kTail;
  actions.push_back(ActionOf(Act::kWrite, 0, 2));
  actions.push_back(ActionOf(Act::kKill, 5, 1000));
  actions.push_back(ActionOf(Act::kWrite, 1100, 2));
  actions.push_back(ActionOf(Act::kWrite, 1100, 2));
  return actions;
}();

struct History {
  ActionList actions;
  SimSettings settings = {};
};
// With files so large that blocks are given back.
const History kReclaimed = [] {
  History history{.actions = ActionList(3, ActionOf(Act::kWrite, 1100, 7))};
  history.settings.reclaim = SimSettings::Reclaim::kPunch;
  history.actions.insert(history.actions.end(), kRestart.begin(), kRestart.end());
  return history;
}();

using Fault = std::function<void(SimPod&)>;

std::vector<std::string> MistakesWith(const History& history, const Fault& fault) {
  SimWorld world(*FindProfile("reduced"), history.settings, 1, Breakage::kNone);
  fault(world.pod(0));
  for (const Action& action : history.actions) world.Do(action);
  world.Settle();
  return world.Mistakes();
}

unsigned CallsOf(const History& history) {
  SimWorld world(*FindProfile("reduced"), history.settings, 1, Breakage::kNone);
  for (const Action& action : history.actions) world.Do(action);
  return world.pod(0).calls();
}

// Of all that can be done to each call, what goes wrong: the first of it, or nothing.
std::string FirstMistake(const History& history, unsigned count) {
  constexpr std::array<std::pair<int, std::string_view>, 4> kCodes = {
      {{EIO, "EIO"}, {ENOSPC, "ENOSPC"}, {EMFILE, "EMFILE"}, {EACCES, "EACCES"}}};
  const unsigned calls = CallsOf(history);
  for (unsigned n = 1; n <= calls; ++n) {
    for (const auto& [code, name] : kCodes) {
      const auto mistakes = MistakesWith(history, [&](SimPod& pod) {
        pod.FailCalls({n, count, code});
      });
      if (mistakes.empty()) continue;
      return fmt::format("call {} of {} and {} more fail with {}: {}", n, calls, count - 1, name,
                         mistakes.front());
    }
  }
  return {};
}

}  // namespace

TEST_CASE("the n-th call fails, for every n: what is followed is counted once") {
  spdlog::set_level(spdlog::level::off);
  const auto count = GENERATE(1U, 5U, 40U);
  CHECK(FirstMistake({kTail}, count) == "");
}

TEST_CASE("the n-th call fails, for every n: a restart counts nothing twice and loses nothing") {
  spdlog::set_level(spdlog::level::off);
  const auto count = GENERATE(1U, 5U, 40U);
  CHECK(FirstMistake({kRestart}, count) == "");
}

TEST_CASE("the n-th call fails, for every n, where blocks are given back") {
  spdlog::set_level(spdlog::level::off);
  SimTally tally;
  SimWorld world(*FindProfile("reduced"), kReclaimed.settings, 1, Breakage::kNone);
  for (const Action& action : kReclaimed.actions) world.Do(action);
  world.AddTo(&tally);
  REQUIRE(tally.reclaimed_bytes > 0);
  CHECK(FirstMistake(kReclaimed, GENERATE(1U, 5U)) == "");
}

TEST_CASE("killed at its n-th call, for every n: nothing is counted twice and nothing is lost") {
  spdlog::set_level(spdlog::level::off);
  const auto history = GENERATE(History{kRestart}, kReclaimed);
  const unsigned calls = CallsOf(history);
  for (const std::size_t survivors : {0, 1, 100}) {
    for (unsigned n = 1; n <= calls; ++n) {
      INFO("killed at call " << n << ", " << survivors << " records survive");
      CHECK(MistakesWith(history, [&](SimPod& pod) {
              pod.KillInside(n, survivors, Millis{200});
            }) == std::vector<std::string>{});
    }
  }
}

TEST_CASE("a checkpoint that is torn or damaged at any byte falls back to the one before") {
  spdlog::set_level(spdlog::level::off);
  using Damage = std::function<void(std::string*, std::size_t at)>;
  const auto damage = GENERATE(Damage([](std::string* text, std::size_t at) { text->resize(at); }),
                               Damage([](std::string* text, std::size_t at) {
                                 (*text)[at] = static_cast<char>((*text)[at] ^ 1);
                               }));
  std::size_t size = 1;
  for (std::size_t at = 0; at < size; ++at) {
    SimWorld world(*FindProfile("reduced"), SimSettings{}, 1, Breakage::kNone);
    for (const Action& action : kTail) world.Do(action);
    world.Do(ActionOf(Act::kWrite, 1100, 3));
    world.Do(ActionOf(Act::kWrite, 0, 3));
    world.Do(ActionOf(Act::kKill, 5, 1000));
    MemoryFileSystem& files = world.pod(0).files();
    std::string text = files.Content(SimPod::kCheckpoint);
    size = text.size();
    damage(&text, at);
    files.Overwrite(SimPod::kCheckpoint, text);
    world.Settle();
    INFO("at byte " << at << " of " << size);
    REQUIRE(world.Mistakes() == std::vector<std::string>{});
    REQUIRE(size > 1);
  }
}
