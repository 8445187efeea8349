// What is counted of one series: a route and method of a service, in one partition.
#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/code_class.h"
#include "aggregator/event_time_buckets.h"
#include "aggregator/latency_histogram.h"
#include "aggregator/recent_latency.h"
#include "base/clock.h"

namespace routerate {

enum class RouteOrigin { kRule, kAutomatic };

// A series' name within its service. `method` is empty when the log has none. `name` is the
// route_id that the rule gives, else empty: rules for two hosts may share a route and yet are two
// series.
struct SeriesKeyView {
  std::string_view route;
  std::string_view method;
  std::string_view name;
  friend bool operator==(const SeriesKeyView&, const SeriesKeyView&) = default;
};

struct SeriesKey {
  std::string route;
  std::string method;
  std::string name;
  operator SeriesKeyView() const {
    return {route, method, name};
  }  // so that maps are asked with views
};

struct SeriesKeyHash {
  using is_transparent = void;
  std::size_t operator()(const SeriesKeyView& key) const {
    const std::hash<std::string_view> hash;
    return (hash(key.route) * 31 + hash(key.method)) * 31 + hash(key.name);
  }
};

struct SeriesKeyEqual {
  using is_transparent = void;
  bool operator()(const SeriesKeyView& a, const SeriesKeyView& b) const { return a == b; }
};

// One request, reduced to what is counted of it.
struct RequestSample {
  std::optional<std::int64_t> second;  // of event time; nullopt: counts in totals only
  CodeClass code_class = CodeClass::kUnknown;
  std::uint64_t bytes = 0;
  std::int64_t duration_us = -1;  // -1: the log does not tell
};

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
