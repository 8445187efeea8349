// The table of acts, how lists of them are drawn, and how they are told.
#include "tests/sim/sim_actions.h"

#include <fmt/format.h>

#include <numeric>

namespace routerate {
namespace {

constexpr std::array<ActKind, kActCount> kKinds = {{
    {"write", 300, 8, "lines, less one", 8, "style: 1 CRLF"},
    {"write half a line", 25, 100, "percent of it"},
    {"write garbage", 20, 4, "lines, less one"},
    {"write a line over max_line", 6, 2, "times max_line, less one"},
    {"reopen", 50, 1, ""},
    {"rename", 25, 3, "0: reopened at once", 4, "lines behind"},
    {"rename, gap", 10, 1, ""},
    {"rotate twice", 8, 3, "lines in the one between"},
    {"copytruncate", 16, 4, "0: the copy goes elsewhere"},
    {"delete", 8, 1, ""},
    {"delete, recreate", 10, 4, "lines"},
    {"switch symlink", 10, 1, ""},
    {"move out", 6, 1, ""},
    {"replace, same content", 5, 1, ""},
    {"replace, other content", 6, 4, "lines"},
    {"truncate", 8, 1, ""},
    {"truncate, regrow", 8, 30, "lines"},
    {"compress", 8, 1, ""},
    {"kill", 30, 4000, "ms until the next start", 6, "records in flight that survive"},
    {"kill inside a step", 25, 60, "system calls on", 6, "records in flight that survive"},
    {"pause", 8, 6000, "ms"},
    {"drain", 6, 2000, "ms until the next start"},
    {"outage", 20, 8000, "ms"},
    {"slow acknowledgements", 15, 4000, "ms each", 6000, "for ms"},
    {"lose acknowledgements", 12, 4, "of records, less one", 4000, "ms until the producer fails"},
    {"producer fails", 15, 6, "records in flight that survive"},
    {"queue full", 10, 3000, "ms"},
    {"rejects refused", 5, 1, ""},
    {"disk full", 10, 5000, "ms"},
    {"i/o errors", 12, 1500, "ms", 8, "every so many-th call, less one"},
    {"no file events", 10, 6000, "ms"},
    {"file events overflow", 6, 1, ""},
    {"agent's clock steps", 8, 40'000, "ms, 20000 is none"},
    {"rebalance", 12, 64, "which way"},
    {"replica crashes", 8, 3000, "ms until the next start"},
    {"aggregator's clock steps", 4, 40'000, "ms, 20000 is none"},
    {"wait", 30, 6000, "ms"},
}};

// Mostly things follow one another closely; now and then the world has time.
unsigned DrawWait(std::mt19937_64& random) {
  constexpr std::array<unsigned, 8> kAtMost = {1, 1, 8, 8, 30, 200, 1500, 4000};
  return static_cast<unsigned>(random() % kAtMost[random() % kAtMost.size()]);
}

Action DrawAction(const ActWeights& weights, unsigned sum, Timing timing, std::mt19937_64& random) {
  auto left = static_cast<unsigned>(random() % sum);
  std::size_t act = 0;
  while (left >= weights[act]) left -= weights[act++];
  Action action{.act = static_cast<Act>(act)};
  action.target = static_cast<unsigned>(random() % 8);
  action.amount = static_cast<unsigned>(random() % kKinds[act].amounts);
  action.extra = static_cast<unsigned>(random() % kKinds[act].extras);
  action.wait_ms = DrawWait(random);
  constexpr unsigned kInsideOneIn = 5;
  constexpr unsigned kCalls = 40;
  if (timing == Timing::kAnywhere && action.act <= Act::kCompress && random() % kInsideOneIn == 0) {
    action.inside = 1 + static_cast<unsigned>(random() % kCalls);
  }
  return action;
}

}  // namespace

const ActKind& KindOf(Act act) { return kKinds[static_cast<std::size_t>(act)]; }

ActWeights UsualWeights() {
  ActWeights weights{};
  for (std::size_t i = 0; i < kActCount; ++i) weights[i] = kKinds[i].weight;
  return weights;
}

ActionList DrawActions(const ActWeights& weights, Timing timing, std::mt19937_64& random) {
  constexpr unsigned kFewest = 20;
  constexpr unsigned kMore = 50;
  const unsigned sum = std::accumulate(weights.begin(), weights.end(), 0U);
  ActionList actions(kFewest + random() % kMore);
  for (Action& action : actions) action = DrawAction(weights, sum, timing, random);
  return actions;
}

std::string Describe(const ActionList& actions) {
  std::string text;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Action& action = actions[i];
    const ActKind& kind = KindOf(action.act);
    text += fmt::format("{:3}. [{}] {}", i + 1, action.target, kind.name);
    if (kind.amounts > 1) text += fmt::format(", {} ({})", action.amount, kind.amount);
    if (kind.extras > 1) text += fmt::format(", {} ({})", action.extra, kind.extra);
    if (action.inside > 0) text += fmt::format("; at the agent's call {}", action.inside);
    text += fmt::format("; then {} ms\n", action.wait_ms);
  }
  return text;
}

}  // namespace routerate
