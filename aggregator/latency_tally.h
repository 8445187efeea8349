// The sum of many sketches' buckets, from which quantiles are read once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parsers/latency_sketch.h"

namespace routerate {

// Has a count for every bucket there may be, so adding one searches and moves nothing. 4 KiB, to be
// made where it is needed. Not thread-safe.
class LatencyTally {
 public:
  // Of buckets with an index and a count, in any order.
  template <typename Bucket>
  void Add(std::span<const Bucket> buckets) {
    std::int32_t first = first_;
    std::int32_t last = last_;
    for (const Bucket& bucket : buckets) {
      std::uint32_t& count = counts_[static_cast<std::size_t>(bucket.index)];
      count = LatencySketch::Sum(count, bucket.count);
      first = std::min(first, bucket.index);
      last = std::max(last, bucket.index);
    }
    first_ = first;
    last_ = last;
  }

  // As LatencySketch::Quantile of each, of which a later one is no less; nullopt when empty.
  template <std::size_t kSize>
  std::optional<std::array<double, kSize>> Quantiles(
      const std::array<double, kSize>& wanted) const {
    std::uint64_t count = 0;
    for (std::int32_t i = first_; i <= last_; ++i) count += At(i);
    if (count == 0) return std::nullopt;
    std::array<double, kSize> values;
    std::int32_t index = first_;
    std::uint64_t up_to = At(index);
    for (std::size_t i = 0; i < kSize; ++i) {
      const auto rank = static_cast<std::uint64_t>(wanted[i] * static_cast<double>(count - 1));
      while (up_to <= rank && index < last_) up_to += At(++index);
      values[i] = LatencySketch::ValueOf(index);
    }
    return values;
  }

  // Those that hold something, by index.
  std::vector<LatencySketch::Bucket> Buckets() const {
    std::array<LatencySketch::Bucket, LatencySketch::kLastIndex + 1> found;
    std::size_t size = 0;
    for (std::int32_t i = first_; i <= last_; ++i) {
      found[size] = {i, At(i)};
      size += At(i) > 0 ? 1 : 0;
    }
    return {found.begin(), found.begin() + static_cast<std::ptrdiff_t>(size)};
  }

 private:
  std::uint32_t At(std::int32_t index) const { return counts_[static_cast<std::size_t>(index)]; }

  std::array<std::uint32_t, LatencySketch::kLastIndex + 1> counts_{};
  std::int32_t first_ = LatencySketch::kLastIndex;  // of those that were added to
  std::int32_t last_ = 0;
};

}  // namespace routerate
