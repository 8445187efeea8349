// One seed makes the settings, the actions and every later choice of the world.
#include "tests/sim/sim_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace routerate {
namespace {

enum class Simpler { kAmount, kExtra, kWait, kInside };

// Takes `count` actions from `at` on away, if it fails without them too.
bool Without(const SimProfile& profile, SimCase* sim_case, Breakage breakage, std::size_t at,
             std::size_t count) {
  SimCase shorter = *sim_case;
  const auto begin = shorter.actions.begin() + static_cast<std::ptrdiff_t>(at);
  shorter.actions.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  if (RunCase(profile, shorter, breakage, nullptr).empty()) return false;
  *sim_case = std::move(shorter);
  return true;
}

void Simplify(const SimProfile& profile, SimCase* sim_case, Breakage breakage, std::size_t at,
              Simpler what) {
  Action action = sim_case->actions[at];
  unsigned* value = what == Simpler::kAmount  ? &action.amount
                    : what == Simpler::kExtra ? &action.extra
                    : what == Simpler::kWait  ? &action.wait_ms
                                              : &action.inside;
  if (std::exchange(*value, 0U) == 0) return;
  SimCase simpler = *sim_case;
  simpler.actions[at] = action;
  if (!RunCase(profile, simpler, breakage, nullptr).empty()) *sim_case = std::move(simpler);
}

}  // namespace

SimCase MakeCase(const SimProfile& profile, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  SimCase sim_case{.seed = seed, .settings = DrawSettings(profile, random)};
  sim_case.actions = DrawActions(profile.weights, profile.timing, random);
  return sim_case;
}

std::vector<std::string> RunCase(const SimProfile& profile, const SimCase& sim_case,
                                 Breakage breakage, SimTally* tally) {
  SimWorld world(profile, sim_case.settings, sim_case.seed, breakage);
  for (const Action& action : sim_case.actions) world.Do(action);
  world.Settle();
  if (tally != nullptr) world.AddTo(tally);
  return world.Mistakes();
}

SimCase Shrink(const SimProfile& profile, SimCase sim_case, Breakage breakage) {
  for (std::size_t size = sim_case.actions.size(); size > 0; size /= 2) {
    std::size_t at = 0;
    while (at < sim_case.actions.size()) {
      const std::size_t count = std::min(size, sim_case.actions.size() - at);
      if (!Without(profile, &sim_case, breakage, at, count)) at += count;
    }
  }
  for (std::size_t at = 0; at < sim_case.actions.size(); ++at) {
    for (const auto what : {Simpler::kInside, Simpler::kWait, Simpler::kExtra, Simpler::kAmount}) {
      Simplify(profile, &sim_case, breakage, at, what);
    }
  }
  for (std::size_t at = sim_case.actions.size(); at > 0; --at) {
    (void)Without(profile, &sim_case, breakage, at - 1, 1);
  }
  return sim_case;
}

std::string Report(const SimProfile& profile, const SimCase& sim_case, Breakage breakage) {
  std::string text = fmt::format("SEED={}, profile {}: {}", sim_case.seed, profile.name,
                                 Describe(sim_case.settings));
  text += Describe(sim_case.actions);
  for (const std::string& mistake : RunCase(profile, sim_case, breakage, nullptr)) {
    text += fmt::format("  -> {}\n", mistake);
  }
  return text;
}

std::string Describe(const SimTally& tally, double seconds) {
  constexpr double kMsPerHour = 3'600'000;
  std::string text = fmt::format(
      "{:>10} histories in {:.1f} s, {:.0f} a second\n{:>10} steps of agents\n"
      "{:>10.1f} simulated hours\n{:>10} lines, {} of them excused\n"
      "{:>10} records, {} lines in them repeats\n{:>10} bytes reclaimed\n{:>10} acts in the middle "
      "of a step\n",
      tally.worlds, seconds, static_cast<double>(tally.worlds) / seconds, tally.steps,
      static_cast<double>(tally.simulated_ms) / kMsPerHour, tally.lines, tally.excused,
      tally.records, tally.duplicates, tally.reclaimed_bytes, tally.inside);
  for (std::size_t i = 0; i < kActCount; ++i) {
    const ActKind& kind = KindOf(static_cast<Act>(i));
    if (tally.acts[i] > 0) text += fmt::format("{:>10} {}\n", tally.acts[i], kind.name);
  }
  return text;
}

}  // namespace routerate
