// The common case is most of the draws; each rarer one is in many.
#include "tests/sim/sim_settings.h"

#include <fmt/format.h>

namespace routerate {

SimSettings DrawSettings(const SimProfile& profile, std::mt19937_64& random) {
  const auto one_in = [&random](unsigned n) { return random() % n == 0; };
  SimSettings settings;
  settings.pods = one_in(5) ? 2 : 1;
  settings.logs_per_pod = one_in(2) ? 2 : 1;
  settings.partitions = 1 + random() % 3;
  settings.replicas = one_in(3) ? 2 : 1;
  if (one_in(3)) settings.pattern = SimSettings::Pattern::kRotatedToo;
  if (one_in(3)) settings.first_line = SimSettings::FirstLine::kAlike;
  if (one_in(5) && profile.holes == SimProfile::Holes::kAny)
    settings.writing = SimSettings::Writing::kAtPosition;
  if (one_in(2)) settings.rejects = SimSettings::Rejects::kKept;
  if (one_in(5)) settings.births = SimSettings::Births::kUnknown;
  // Where nothing at all tells a file from the next one, nobody can.
  const bool alike = settings.first_line == SimSettings::FirstLine::kAlike &&
                     settings.births == SimSettings::Births::kUnknown;
  if (one_in(4) || alike || profile.inodes == SimProfile::Inodes::kAlwaysNew) {
    settings.inodes = SimSettings::Inodes::kAlwaysNew;
  }
  if (profile.reclaim == SimProfile::Reclaim::kAny && one_in(2))
    settings.reclaim = SimSettings::Reclaim::kPunch;
  if (profile.summaries == SimProfile::Summaries::kAny && one_in(2))
    settings.ship = SimSettings::Ship::kSummaries;
  return settings;
}

std::string Describe(const SimSettings& settings) {
  return fmt::format(
      "{} pods, {} logs each, {} partitions, {} replicas, pattern {}, first lines {}, {}, rejects "
      "{}, births {}, inodes {}, reclaim {}, ship {}\n",
      settings.pods, settings.logs_per_pod, settings.partitions, settings.replicas,
      settings.pattern == SimSettings::Pattern::kLogsOnly ? "*.log" : "*.log*",
      settings.first_line == SimSettings::FirstLine::kAlike ? "alike" : "unique",
      settings.writing == SimSettings::Writing::kAppend ? "appending" : "writing at positions",
      settings.rejects == SimSettings::Rejects::kKept ? "kept" : "counted",
      settings.births == SimSettings::Births::kTold ? "told" : "unknown",
      settings.inodes == SimSettings::Inodes::kUsedAgain ? "used again" : "always new",
      settings.reclaim == SimSettings::Reclaim::kPunch ? "punch" : "none",
      settings.ship == SimSettings::Ship::kSummaries ? "summaries" : "events");
}

}  // namespace routerate
