// Counting is exact for each path that is told apart; showing is bounded for each.
#include "agent/reject_ledger.h"

#include <algorithm>
#include <utility>

#include "parsers/utf8.h"

namespace routerate {

std::optional<std::uint64_t> RejectLedger::Count(std::string_view path, RejectReason reason,
                                                 Millis now) {
  FileRejects& file = Find(path, now);
  ++file.counts[static_cast<std::size_t>(reason)];
  file.last = now;
  if (now - file.shown < kShowInterval) {
    ++file.unshown;
    return std::nullopt;
  }
  file.shown = now;
  return std::exchange(file.unshown, 0);
}

RejectLedger::FileRejects& RejectLedger::Find(std::string_view path, Millis now) {
  scratch_.Begin(RepairUtf8Room(path.size()));
  const std::string_view label = RepairUtf8(path, &scratch_);
  const auto found = files_.find(label);
  if (found != files_.end()) return found->second;
  return HasRoom(now) ? files_[std::string(label)] : other_;
}

// Makes it where it can.
bool RejectLedger::HasRoom(Millis now) {
  if (files_.size() < kMostFiles) return true;
  const auto oldest =
      std::ranges::min_element(files_, {}, [](const auto& entry) { return entry.second.last; });
  if (now - oldest->second.last < kForgetAfter) return false;
  files_.erase(oldest);
  return true;
}

std::vector<RejectLedger::Unshown> RejectLedger::TakeUnshown(Millis now) {
  std::vector<Unshown> taken;
  const auto take = [&](std::string_view path, FileRejects& file) {
    if (file.unshown == 0 || now - file.shown < kShowInterval) return;
    file.shown = now;
    taken.push_back({std::string(path), std::exchange(file.unshown, 0)});
  };
  for (auto& [path, file] : files_) take(path, file);
  take(kOther, other_);
  return taken;
}

std::map<std::string, RejectLedger::Counts> RejectLedger::CountsByPath() const {
  std::map<std::string, Counts> counts;
  for (const auto& [path, file] : files_) counts.emplace(path, file.counts);
  if (other_.counts != Counts{}) counts.emplace(kOther, other_.counts);
  return counts;
}

}  // namespace routerate
