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
#include "parsers/pod_description.h"

namespace routerate {

// What has moved. Not thread-safe.
struct SourcePositions {
  using Pods = std::map<std::string, SourceState, std::less<>>;
  using Descriptions = std::map<std::string, PodDescription, std::less<>>;

  HighWaterMarks marks;
  std::map<std::string, Pods, std::less<>> services;
  std::map<std::string, Descriptions, std::less<>> described;  // of services: pods that told anew
  std::size_t new_sources = 0;                                 // that were not known before

  SourceState* Find(std::string_view service, std::string_view pod) {
    return FindIn(services, service, pod);
  }
  const PodDescription* FindDescription(std::string_view service, std::string_view pod) {
    return FindIn(described, service, pod);
  }

 private:
  template <typename Value>
  static Value* FindIn(
      std::map<std::string, std::map<std::string, Value, std::less<>>, std::less<>>& of,
      std::string_view service, std::string_view pod) {
    const auto pods = of.find(service);
    if (pods == of.end()) return nullptr;
    const auto found = pods->second.find(pod);
    return found == pods->second.end() ? nullptr : &found->second;
  }
};

}  // namespace routerate
