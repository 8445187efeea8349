// What is counted of one series: a route and method of a service, or of a pod, in one partition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>

#include "aggregator/event_time_buckets.h"
#include "aggregator/recent_latency.h"
#include "base/byte_codec.h"
#include "base/clock.h"
#include "parsers/code_class.h"
#include "parsers/latency_histogram.h"
#include "parsers/request_counts.h"
#include "parsers/request_sample.h"
#include "parsers/series_key.h"

namespace routerate {

// A sample, and where its latency is counted, for it is in several series.
struct PlacedSample {
  RequestSample sample;
  std::size_t bound = 0;   // of LatencyHistogram
  std::int32_t index = 0;  // of LatencySketch

  explicit PlacedSample(const RequestSample& of) : sample(of) {
    if (of.duration_us < 0) return;
    bound = LatencyHistogram::IndexOf(of.duration_us);
    index = LatencySketch::IndexOf(of.duration_us);
  }
};

// Totals since the series began, and the short memory that rates and quantiles are read from.
// Memory: ~400 bytes, and while it is busy up to 20 KiB of buckets and some 10 to 24 KiB of
// latencies.
// Not thread-safe.
struct SeriesCounts {
  std::string route_id;
  RouteOrigin origin = RouteOrigin::kRule;
  WallMs known_since_ms = 0;  // when the first record that told of it was made
  WallMs heard_ms = 0;        // when the last one was
  PerCodeClass requests{};
  PerCodeClass bytes{};
  LatencyHistogram latency;
  EventTimeBuckets buckets;
  RecentLatency recent_latency;

  std::uint64_t Total() const {
    return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
  }

  // False: the second was too old for the buckets; totals count it all the same.
  bool Add(const PlacedSample& placed);
  // What was counted of many requests of one second, or of none that is believed. False: likewise.
  bool Add(std::optional<std::int64_t> second, const RequestCounts& counts);

  // Adds what another has counted of the same series. Returns the requests that were too old for
  // the buckets.
  std::uint64_t Merge(const SeriesCounts& other);
  // Only what lasts.
  void MergeTotals(const SeriesCounts& other);

  // The counts alone, not what the series is.
  void Write(ByteWriter out) const;
  void Read(ByteReader& in);
  // A sample will be added soon.
  void Prefetch() const {
    __builtin_prefetch(&requests, 1);
    __builtin_prefetch(&bytes, 1);
    __builtin_prefetch(&latency, 1);
    buckets.Prefetch();
    recent_latency.Prefetch();
  }
  // Nothing was counted. Keeps the memory.
  void Clear();
};

using SeriesMap = std::unordered_map<SeriesKey, SeriesCounts, SeriesKeyHash, SeriesKeyEqual>;

}  // namespace routerate
