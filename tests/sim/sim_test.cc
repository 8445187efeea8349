// Random histories of the whole pipeline (docs/testing.md, Simulation).
//   SEED=n           replays one, and shrinks it if it fails
//   SIM_TRACE=1      tells what happens in the shrunk history of a seed that fails
//   SIM_SEEDS=n      runs so many, from SIM_FROM (1) on, and prints what was simulated
//   SIM_PROFILE=p    everything | reduced | reduced+drain+holes | everything-copies (sim_profile.h)
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>

#include "tests/sim/sim_run.h"

using namespace routerate;

namespace {

// What the agent is held to each time. Holes in logs that are reclaimed as well are not in it yet.
constexpr std::array kUsualProfiles = {"everything-reclaim", "reduced+races+inode_reuse+reclaim"};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kUsualSeeds = 100;
#else
constexpr std::uint64_t kUsualSeeds = 2'000;
#endif

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::stoull(given);
}

SimProfile ProfileToRun(const char* usual) {
  const char* given = std::getenv("SIM_PROFILE");
  const auto profile = FindProfile(given == nullptr ? usual : given);
  INFO("features: " << fmt::format("{}", fmt::join(ProfileFeatures(), " ")));
  REQUIRE(profile);
  return *profile;
}

// Once more, telling everything that happens.
void Trace(const SimProfile& profile, const SimCase& sim_case) {
  spdlog::set_level(spdlog::level::debug);
  spdlog::set_pattern("%v");
  (void)RunCase(profile, sim_case, Breakage::kNone, nullptr);
  spdlog::set_level(spdlog::level::off);
}

using Seconds = std::chrono::duration<double>;

}  // namespace

TEST_CASE("whatever happens, every line is counted exactly once or stands in the ledger") {
  spdlog::set_level(spdlog::level::off);
  const std::size_t nth = GENERATE(0U, 1U);
  if (nth > 0 && std::getenv("SIM_PROFILE") != nullptr) return;
  const SimProfile profile = ProfileToRun(kUsualProfiles[nth]);
  const bool one = std::getenv("SEED") != nullptr;
  const std::uint64_t first = FromEnvironment(one ? "SEED" : "SIM_FROM", 1);
  const std::uint64_t seeds = one ? 1 : FromEnvironment("SIM_SEEDS", kUsualSeeds);
  const auto begin = std::chrono::steady_clock::now();
  SimTally tally;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const SimCase sim_case = MakeCase(profile, seed);
    if (one) WARN(Report(profile, sim_case, Breakage::kNone));
    if (RunCase(profile, sim_case, Breakage::kNone, &tally).empty()) continue;
    const SimCase shrunk = Shrink(profile, sim_case, Breakage::kNone);
    if (std::getenv("SIM_TRACE") != nullptr) Trace(profile, shrunk);
    FAIL_CHECK(Report(profile, shrunk, Breakage::kNone));
  }
  WARN(Describe(tally, Seconds(std::chrono::steady_clock::now() - begin).count()));
}
