// One map from (source, file) to the last offset counted; looked up once a record, not once a line.
#include "aggregator/high_water_marks.h"

#include <algorithm>
#include <vector>

namespace routerate {

HighWaterMarks::Mark& HighWaterMarks::At(std::string_view source, std::string_view file,
                                         WallMs heard_ms) {
  key_.assign(source).append(1, '\0').append(file);
  return AtKey(heard_ms);
}

HighWaterMarks::Mark& HighWaterMarks::AtKey(WallMs heard_ms) {
  Touch(heard_ms);
  auto found = marks_.find(key_);
  if (found == marks_.end()) {
    if (marks_.size() >= kMost) DropOlderHalf();
    found = marks_.emplace(key_, Mark{}).first;
  }
  found->second.heard_ms = std::max(found->second.heard_ms, heard_ms);
  return found->second;
}

const HighWaterMarks::Mark* HighWaterMarks::Find(std::string_view source,
                                                 std::string_view file) const {
  key_.assign(source).append(1, '\0').append(file);
  const auto found = marks_.find(key_);
  return found == marks_.end() ? nullptr : &found->second;
}

void HighWaterMarks::Merge(const HighWaterMarks& other) {
  Touch(other.newest_ms_);
  for (const auto& [key, mark] : other.marks_) Set(key, mark);
}

void HighWaterMarks::Set(std::string_view key, const Mark& mark) {
  key_ = key;
  AtKey(mark.heard_ms).last_offset = mark.last_offset;
}

void HighWaterMarks::Expire() {
  std::erase_if(marks_, [this](const auto& entry) {
    return newest_ms_ - entry.second.heard_ms > kLife.count();
  });
}

void HighWaterMarks::DropOlderHalf() {
  std::vector<WallMs> times;
  times.reserve(marks_.size());
  for (const auto& [key, mark] : marks_) times.push_back(mark.heard_ms);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  std::size_t left = times.size() / 2 + 1;  // many may be of one time
  std::erase_if(marks_, [&left, limit = *middle](const auto& entry) {
    const bool dropped = entry.second.heard_ms <= limit && left > 0;
    if (dropped) --left;
    return dropped;
  });
}

}  // namespace routerate
