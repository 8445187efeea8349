// Watch first, then ask what is watched: it may change in between, and the next round asks again.
#include "agent/file_watching.h"

namespace routerate {

bool FileWatching::Told(const std::string& directory) {
  if (mode_ == WatchMode::kPoll) return false;
  const auto [known, is_new] = told_.try_emplace(directory, false);
  if (is_new) known->second = Watch(directory);
  return known->second;
}

bool FileWatching::Watch(const std::string& directory) {
  if (!watch_.Watch(directory)) return false;
  // Where the names on the way lead may change without a word.
  const auto resolved = file_system_.Resolve(directory);
  if (!resolved || *resolved != directory) return false;
  if (mode_ == WatchMode::kInotify) return true;
  const auto type = file_system_.Type(directory);
  return type && type->tells;
}

}  // namespace routerate
