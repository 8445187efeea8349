// The simulation catches agents that are broken on purpose; within how many seeds, it prints.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/sim/sim_run.h"

using namespace routerate;

namespace {

struct Hunt {
  std::uint64_t seeds = 0;  // looked at until one failed; 0: none did
  std::string report;
};

Hunt HuntFrom(std::uint64_t first, Breakage breakage) {
  constexpr std::uint64_t kPatience = 200;
  const SimProfile profile =
      *FindProfile(breakage == Breakage::kSummariesOnly ? "reduced+summaries" : "reduced");
  for (std::uint64_t seed = first; seed < first + kPatience; ++seed) {
    const SimCase sim_case = MakeCase(profile, seed);
    if (RunCase(profile, sim_case, breakage, nullptr).empty()) continue;
    return {seed - first + 1, Report(profile, Shrink(profile, sim_case, breakage), breakage)};
  }
  return {};
}

}  // namespace

TEST_CASE("an agent that is broken on purpose is caught each time") {
  struct Broken {
    Breakage breakage;
    std::string_view what;
  };
  const auto [breakage, what] =
      GENERATE(Broken{Breakage::kCommitOnSend, "commits what it has sent"},
               Broken{Breakage::kFreshIds, "tells no line that is sent again"},
               Broken{Breakage::kSummariesOnly, "has what may have been sent in summaries"},
               Broken{Breakage::kIdentityByHead, "knows a file by its first line"});
  spdlog::set_level(spdlog::level::off);
  constexpr std::uint64_t kHunts = 20;
  constexpr std::uint64_t kApart = 1000;
  std::uint64_t sum = 0;
  std::uint64_t most = 0;
  std::string shortest;
  for (std::uint64_t i = 0; i < kHunts; ++i) {
    const Hunt hunt = HuntFrom(1 + i * kApart, breakage);
    INFO(what << ", from seed " << 1 + i * kApart);
    REQUIRE(hunt.seeds > 0);
    sum += hunt.seeds;
    most = std::max(most, hunt.seeds);
    if (shortest.empty() || hunt.report.size() < shortest.size()) shortest = hunt.report;
  }
  WARN(fmt::format("an agent that {} is caught within {} seeds, {:.1f} on average; for one:\n{}",
                   what, most, static_cast<double>(sum) / kHunts, shortest));
}

TEST_CASE("a seed gives the same history each time") {
  spdlog::set_level(spdlog::level::off);
  const SimProfile profile = *FindProfile("everything");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SimCase sim_case = MakeCase(profile, seed);
    SimTally first;
    SimTally second;
    const auto mistakes = RunCase(profile, sim_case, Breakage::kNone, &first);
    CHECK(RunCase(profile, sim_case, Breakage::kNone, &second) == mistakes);
    CHECK(Describe(first, 1) == Describe(second, 1));
  }
}
