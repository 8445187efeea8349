// Why a record of the counts topic is skipped.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace routerate {

enum class CountRecordError { kNoCounts, kUnknownVersion, kDamaged, kOtherTopic };
inline constexpr std::size_t kCountRecordErrorCount = 4;

constexpr std::string_view CountRecordErrorName(std::size_t error) {
  constexpr std::array<std::string_view, kCountRecordErrorCount> kNames = {
      "no_counts", "unknown_version", "damaged", "other_topic"};
  return kNames[error];
}

}  // namespace routerate
