// The operations of a MemoryFileSystem, and after each: which lines have a place.
#include "tests/sim/sim_disk.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/check.h"

namespace routerate {

SimDisk::SimDisk(MemoryFileSystem& files, SimWatch& watch, SimOracle& oracle, const Clock& clock,
                 std::string pattern)
    : files_(files),
      watch_(watch),
      oracle_(oracle),
      clock_(clock),
      pattern_(std::move(pattern)),
      directory_(pattern_.substr(0, pattern_.rfind('/'))) {}

// No two changes have the same time, as of a kernel with fine timestamps.
void SimDisk::Tick() {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  files_.now_ns = clock_.Wall() * kNsPerMs + ++ticks_ % kNsPerMs;
}

void SimDisk::Modified(const SimFile& file) {
  Tick();
  file->seen_size = file->content.size();
  file->modified_ns = files_.now_ns;
  watch_.ContentChanged(files_, *file);
}

SimDisk::Truth& SimDisk::TruthOf(const SimFile& file) {
  // The end of one that is reachable is yet to be told.
  std::erase_if(truths_, [](const Truth& t) { return t.file.expired() && !t.reachable; });
  const auto found =
      std::ranges::find_if(truths_, [&file](const Truth& t) { return t.file.lock() == file; });
  if (found != truths_.end()) return *found;
  return truths_.emplace_back(Truth{.file = file});
}

SimFile SimDisk::Open(const std::string& path) {
  const bool made = !files_.Exists(path);
  Tick();
  SimFile file = files_.Get(path);
  (void)TruthOf(file);
  if (made) NamesChanged(path);
  return file;
}

void SimDisk::Append(const SimFile& file, std::string_view text) {
  file->content += text;
  Modified(file);
}

void SimDisk::WriteAt(const SimFile& file, std::uint64_t position, std::string_view text) {
  if (position > file->content.size()) {
    file->content.resize(position, '\0');
    ++TruthOf(file).holes;
  }
  RR_CHECK(position == file->content.size());
  Append(file, text);
}

void SimDisk::CompleteLine(const SimFile& file, LineId id, std::uint64_t bytes) {
  Truth& truth = TruthOf(file);
  truth.placed.push_back({id, file->content.size(), truth.holes, clock_.Monotonic()});
  if (truth.reachable) oracle_.Place(id);
  oracle_.Complete(id, bytes);
}

void SimDisk::LosePlaces(const Truth& truth) {
  const SimFile file = truth.file.lock();
  const bool held = file != nullptr && file->readers > 0;
  for (const Placed& placed : truth.placed) {
    const bool told = held && file->read_end > 0 && file->told_size >= placed.end;
    const bool read = held && file->read_end >= placed.end;
    oracle_.LosePlace(placed.line, read   ? SimOracle::Knows::kItsBytes
                                   : told ? SimOracle::Knows::kOfIt
                                          : SimOracle::Knows::kNothing);
  }
}

void SimDisk::Truncate(const SimFile& file) {
  Truth& truth = TruthOf(file);
  if (truth.reachable) LosePlaces(truth);
  truth.placed.clear();
  truth.holes = 0;
  truth.hole_met = Millis{-1};
  file->content.clear();
  file->told_size = file->read_end = 0;
  Modified(file);
}

std::size_t SimDisk::Delivered(const SimFile& file) {
  return static_cast<std::size_t>(std::ranges::count_if(
      TruthOf(file).placed,
      [this](const Placed& placed) { return oracle_.At(placed.line).stored; }));
}

void SimDisk::Copy(const SimFile& from, const std::string& to) {
  const SimFile copy = Open(to);
  Truncate(copy);
  copy->content = from->content;
  const Truth original = TruthOf(from);
  Truth& truth = TruthOf(copy);
  truth.holes = original.holes;
  truth.placed = original.placed;
  if (truth.reachable) {
    for (const Placed& placed : truth.placed) oracle_.Place(placed.line);
  }
  Modified(copy);
}

void SimDisk::Rename(const std::string& from, const std::string& to) {
  if (!files_.Rename(from, to)) return;
  watch_.NamesChanged(from);
  NamesChanged(to);
}

void SimDisk::Remove(const std::string& path) {
  if (files_.Remove(path)) NamesChanged(path);
}

void SimDisk::Symlink(const std::string& target, const std::string& path) {
  files_.Symlink(target, path);
  NamesChanged(path);
}

void SimDisk::NamesChanged(const std::string& path) {
  watch_.NamesChanged(path);
  ReadNames();
  Settle(Cause::kWorld);
}

void SimDisk::ReadNames() {
  for (Truth& truth : truths_) truth.named = false;
  for (const std::string& path : files_.Names()) {
    if (!path.starts_with(directory_ + "/")) continue;
    const SimFile file = files_.Peek(path);
    if (file == nullptr) continue;
    Truth& truth = TruthOf(file);
    truth.named = true;
    truth.followed = truth.followed || ::fnmatch(pattern_.c_str(), path.c_str(), FNM_PATHNAME) == 0;
  }
}

bool SimDisk::Reachable(const Truth& truth) {
  const SimFile file = truth.file.lock();
  return file != nullptr && (file->readers > 0 || (truth.named && truth.followed));
}

// Gains come first: who is replaced by a copy of himself loses nothing.
void SimDisk::Settle(Cause cause) {
  for (Truth& truth : truths_) {
    if (truth.reachable || !Reachable(truth)) continue;
    truth.reachable = true;
    truth.reachable_since = clock_.Monotonic();
    for (const Placed& placed : truth.placed) oracle_.Place(placed.line);
  }
  for (Truth& truth : truths_) {
    if (!truth.reachable || Reachable(truth)) continue;
    truth.reachable = false;
    // Who closes a file has had all that is in it.
    if (cause == Cause::kAgentClosed) {
      for (const Placed& placed : truth.placed) {
        if (oracle_.At(placed.line).places == 1) oracle_.Owe(placed.line);
      }
    }
    LosePlaces(truth);
  }
}

void SimDisk::Look(Millis period) {
  const Millis now = clock_.Monotonic();
  for (Truth& truth : truths_) {
    if (!truth.reachable || now - truth.reachable_since < period) continue;
    if (truth.holes > 0 && truth.hole_met < Millis{0}) truth.hole_met = now;
    for (const Placed& placed : truth.placed) {
      const Millis patience = placed.holes * kHolePatience;
      if (placed.holes > 0 && now - truth.hole_met < patience) continue;
      if (now - placed.since >= period) oracle_.Seen(placed.line);
    }
  }
}

void SimDisk::AgentStepped(Cause cause) { Settle(cause); }

void SimDisk::AgentDied() {
  Settle(Cause::kWorld);
  AgentWentBack();
}

void SimDisk::AgentWentBack() {
  for (Truth& truth : truths_) truth.hole_met = Millis{-1};
}

}  // namespace routerate
