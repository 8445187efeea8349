// How far the sources of a partition have been counted: the last line of each file, and what each
// pod has told of itself.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "aggregator/count_items.h"
#include "aggregator/high_water_marks.h"
#include "aggregator/source_state.h"

namespace routerate {

// What has moved. Not thread-safe.
struct SourcePositions {
  using Pods = std::map<std::string, SourceState, std::less<>>;

  HighWaterMarks marks;
  std::map<std::string, Pods, std::less<>> services;
  std::size_t new_sources = 0;  // that were not known before

  SourceState* Find(std::string_view service, std::string_view pod) {
    const auto pods = services.find(service);
    if (pods == services.end()) return nullptr;
    const auto found = pods->second.find(pod);
    return found == pods->second.end() ? nullptr : &found->second;
  }
};

}  // namespace routerate
