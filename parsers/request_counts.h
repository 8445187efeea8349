// What is counted of requests of one series and one second.
#pragma once

#include <cstdint>
#include <numeric>

#include "parsers/code_class.h"
#include "parsers/latency_histogram.h"
#include "parsers/latency_sketch.h"
#include "parsers/request_sample.h"

namespace routerate {

// ~250 bytes, and 8 for each bucket of the sketch. Not thread-safe.
struct RequestCounts {
  PerCodeClass requests{};
  PerCodeClass bytes{};
  LatencyHistogram latency;
  LatencySketch sketch;  // of the same latencies

  // Whatever second the sample has.
  void Add(const RequestSample& sample) {
    const auto code_class = static_cast<std::size_t>(sample.code_class);
    ++requests[code_class];
    bytes[code_class] += sample.bytes;
    if (sample.duration_us < 0) return;
    latency.Add(sample.duration_us);
    sketch.Add(sample.duration_us);
  }
  // Keeps the memory.
  void Clear() {
    requests = bytes = {};
    latency = {};
    sketch.Clear();
  }

  std::uint64_t Requests() const { return Sum(requests); }
  std::uint64_t Bytes() const { return Sum(bytes); }

 private:
  static std::uint64_t Sum(const PerCodeClass& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }
};

}  // namespace routerate
