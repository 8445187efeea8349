// How long after their time a service's events come: from this its lateness follows (DESIGN G2).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "base/byte_codec.h"
#include "base/clock.h"

namespace routerate {

// Counts of events by the seconds, rounded up, that they are older than what their source had said
// to have sent before. Of late: when it has kMemory events they are made half as many. 488 bytes.
class DelayHistogram {
 public:
  static constexpr std::size_t kMostSeconds = 60;
  static constexpr std::uint64_t kMemory = 10'000;
  // Of too few events nothing follows: a log that is written at once, at a second's resolution.
  static constexpr std::uint64_t kEnough = 100;
  static constexpr Millis kUnmeasured{2'000};
  // One event of so many may be later than the lateness, and be in no published rate.
  static constexpr std::uint64_t kOneLateOf = 1'000;

  // Of so many events.
  void Add(Millis delay, std::uint64_t events = 1) {
    constexpr std::int64_t kMs = 1000;
    const std::int64_t seconds = (std::max<std::int64_t>(delay.count(), 0) + kMs - 1) / kMs;
    counts_[std::min(static_cast<std::size_t>(seconds), kMostSeconds)] += events;
  }

  void Merge(const DelayHistogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    while (Total() > kMemory) {
      for (std::uint64_t& count : counts_) count /= 2;
    }
  }

  // A second at least, for times are rounded to seconds.
  Millis Lateness() const {
    const std::uint64_t total = Total();
    if (total < kEnough) return kUnmeasured;
    std::uint64_t later = total;
    for (std::size_t seconds = 0; seconds <= kMostSeconds; ++seconds) {
      later -= counts_[seconds];
      const bool covered = later <= total / kOneLateOf;
      if (covered)
        return Millis{1000 * static_cast<std::int64_t>(std::max<std::size_t>(seconds, 1))};
    }
    return Millis{1000 * static_cast<std::int64_t>(kMostSeconds)};
  }

  void Write(ByteWriter out) const {
    for (const std::uint64_t count : counts_) out.Unsigned(count);
  }
  void Read(ByteReader& in) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 50;  // of sums that do not overflow
    for (std::uint64_t& count : counts_) count = std::min(in.Unsigned(), kMost);
  }
  std::uint64_t Total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  }

 private:
  std::array<std::uint64_t, kMostSeconds + 1> counts_{};
};

}  // namespace routerate
