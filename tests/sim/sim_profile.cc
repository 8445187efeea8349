// Features by name: what each adds to a reduced profile.
#include "tests/sim/sim_profile.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace routerate {
namespace {

enum class Switch { kOff, kOn };

// The acts have their usual weights, or none.
void Weigh(SimProfile* profile, Switch to, std::initializer_list<Act> acts) {
  for (const Act act : acts) {
    profile->weights[static_cast<std::size_t>(act)] = to == Switch::kOn ? KindOf(act).weight : 0;
  }
}

struct Feature {
  std::string_view name;
  void (*set)(SimProfile* profile, Switch to);
};

constexpr std::array<Feature, 16> kFeatures = {{
    {"drain", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kDrain}); }},
    {"disk_full", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kDiskFull}); }},
    {"io_errors", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kIoErrors}); }},
    // Changes that the kernel tells nobody of, on a file system that is trusted to.
    {"untold", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kWatchDeaf}); }},
    {"symlinks", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kSymlinkSwitch}); }},
    {"late_lines",
     [](SimProfile* p, Switch to) {
       p->late_lines =
           to == Switch::kOn ? SimProfile::LateLines::kAny : SimProfile::LateLines::kNever;
     }},
    {"truncate", [](SimProfile* p, Switch to) { Weigh(p, to, {Act::kTruncate}); }},
    // A truncated file may have its old size again, or more, when the agent looks.
    {"regrow",
     [](SimProfile* p, Switch to) {
       Weigh(p, to, {Act::kTruncateRegrow});
       p->truncations = to == Switch::kOn ? SimProfile::Truncations::kAny
                                          : SimProfile::Truncations::kSeenBeforeWritten;
     }},
    {"copies",
     [](SimProfile* p, Switch to) {
       Weigh(p, to, {Act::kCopyTruncate, Act::kReplaceSame});
     }},
    // Files come and are rotated between two looks, and while no agent runs.
    {"unseen",
     [](SimProfile* p, Switch to) {
       Weigh(p, to, {Act::kRotateTwice});
       p->rotations =
           to == Switch::kOn ? SimProfile::Rotations::kAny : SimProfile::Rotations::kOfSeenFiles;
     }},
    // Writes and rotations in the middle of the agent's step.
    {"races",
     [](SimProfile* p, Switch to) {
       p->timing = to == Switch::kOn ? Timing::kAnywhere : Timing::kBetweenSteps;
     }},
    {"inode_reuse",
     [](SimProfile* p, Switch to) {
       p->inodes = to == Switch::kOn ? SimProfile::Inodes::kAny : SimProfile::Inodes::kAlwaysNew;
     }},
    {"holes",
     [](SimProfile* p, Switch to) {
       p->holes = to == Switch::kOn ? SimProfile::Holes::kAny : SimProfile::Holes::kNever;
     }},
    {"reclaim",
     [](SimProfile* p, Switch to) {
       p->reclaim = to == Switch::kOn ? SimProfile::Reclaim::kAny : SimProfile::Reclaim::kNever;
     }},
    {"summaries",
     [](SimProfile* p, Switch to) {
       p->summaries =
           to == Switch::kOn ? SimProfile::Summaries::kAny : SimProfile::Summaries::kNever;
     }},
    // Rotated files are closed within the history, and may grow again. More than a hole is waited
    // for.
    {"closing",
     [](SimProfile* p, Switch to) {
       p->rotated_wait = to == Switch::kOn ? Millis{6000} : Millis{3'600'000};
     }},
}};

bool SetFeature(SimProfile* profile, Switch to, std::string_view name) {
  const auto feature = std::ranges::find(kFeatures, name, &Feature::name);
  if (feature == kFeatures.end()) return false;
  feature->set(profile, to);
  return true;
}

}  // namespace

std::optional<SimProfile> FindProfile(std::string_view name) {
  SimProfile profile{.name = std::string(name), .weights = UsualWeights()};
  std::size_t end = std::min(name.find_first_of("+-"), name.size());
  const std::string_view base = name.substr(0, end);
  if (base != "everything" && base != "reduced") return std::nullopt;
  for (const Feature& feature : kFeatures) {
    feature.set(&profile, base == "everything" ? Switch::kOn : Switch::kOff);
  }
  while (end < name.size()) {
    const Switch to = name[end] == '+' ? Switch::kOn : Switch::kOff;
    const std::size_t next = std::min(name.find_first_of("+-", end + 1), name.size());
    if (!SetFeature(&profile, to, name.substr(end + 1, next - end - 1))) return std::nullopt;
    end = next;
  }
  return profile;
}

std::vector<std::string_view> ProfileFeatures() {
  std::vector<std::string_view> names;
  names.reserve(kFeatures.size());
  for (const Feature& feature : kFeatures) names.push_back(feature.name);
  return names;
}

}  // namespace routerate
