// Latencies since the series began, in the buckets that Prometheus' client libraries use by
// default.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_codec.h"

namespace routerate {

struct LatencyHistogram {
  // Upper bounds in microseconds, inclusive; one more bucket has none.
  static constexpr std::array<std::int64_t, 11> kBounds = {
      5'000,   10'000,    25'000,    50'000,    100'000,   250'000,
      500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

  std::array<std::uint64_t, kBounds.size() + 1> counts{};  // not cumulative
  std::uint64_t count = 0;  // requests whose log line tells a duration
  std::uint64_t sum_us = 0;

  // Of `counts`.
  static constexpr std::size_t IndexOf(std::int64_t micros) {
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), micros);
    return static_cast<std::size_t>(bound - kBounds.begin());
  }
  void Add(std::int64_t micros) { Add(micros, IndexOf(micros)); }
  // With IndexOf(micros).
  void Add(std::int64_t micros, std::size_t index) {
    ++counts[index];
    ++count;
    sum_us += static_cast<std::uint64_t>(micros);
  }

  void Write(ByteWriter out) const {
    out.Unsigned(count);
    if (count == 0) return;
    out.Unsigned(sum_us);
    WriteSparse(counts, out);
  }
  void Read(ByteReader& in) {
    *this = {};
    count = in.Unsigned();
    if (count == 0) return;
    sum_us = in.Unsigned();
    ReadSparse(in, &counts);
  }

  void Merge(const LatencyHistogram& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    count += other.count;
    sum_us += other.sum_us;
  }
};

}  // namespace routerate
