// What is counted of one series: a route and method of a service, in one partition.
#pragma once

#include <cstdint>
#include <numeric>
#include <string>

#include "aggregator/event_time_buckets.h"
#include "aggregator/recent_latency.h"
#include "base/clock.h"
#include "parsers/code_class.h"
#include "parsers/latency_histogram.h"
#include "parsers/request_sample.h"
#include "parsers/series_key.h"

namespace routerate {

// Totals since the series began, and the short memory that rates and quantiles are read from.
// Memory: ~400 bytes, and up to 12 KiB of buckets and 24 sketches while it is busy. Not
// thread-safe.
struct SeriesCounts {
  std::string route_id;
  RouteOrigin origin = RouteOrigin::kRule;
  WallMs known_since_ms = 0;  // when the first record that told of it was made
  PerCodeClass requests{};
  PerCodeClass bytes{};
  LatencyHistogram latency;
  EventTimeBuckets buckets;
  RecentLatency recent_latency;

  std::uint64_t Total() const {
    return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
  }

  // Adds what another has counted of the same series. Returns the requests that were too old for
  // the buckets.
  std::uint64_t Merge(const SeriesCounts& other) {
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      requests[i] += other.requests[i];
      bytes[i] += other.bytes[i];
    }
    latency.Merge(other.latency);
    recent_latency.Merge(other.recent_latency);
    return buckets.Merge(other.buckets);
  }

  // False: the second was too old for the buckets; totals count it all the same.
  bool Add(const RequestSample& sample) {
    const auto code_class = static_cast<std::size_t>(sample.code_class);
    ++requests[code_class];
    bytes[code_class] += sample.bytes;
    if (sample.duration_us >= 0) latency.Add(sample.duration_us);
    if (!sample.second) return true;
    if (sample.duration_us >= 0) recent_latency.Add(*sample.second, sample.duration_us);
    return buckets.Add(*sample.second, {1, sample.bytes});
  }
};

}  // namespace routerate
