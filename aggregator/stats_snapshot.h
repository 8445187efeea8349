// StatsSnapshot: everything that the outside may be told at one moment. Immutable once published,
// so any thread reads it without a lock. The joint between counting and showing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/own_health.h"
#include "aggregator/record_source.h"
#include "aggregator/rule_index.h"
#include "aggregator/service_time.h"
#include "aggregator/windows.h"
#include "base/clock.h"
#include "parsers/code_class.h"
#include "parsers/latency_histogram.h"
#include "parsers/latency_sketch.h"
#include "parsers/pod_description.h"

namespace routerate {

// Quantiles over about the last minute, milliseconds.
struct LatencyQuantiles {
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
};

// By kWindows.
using WindowRates = std::array<std::optional<double>, kWindows.size()>;

// Requests per second by class of status code, which together are requests_per_second; known
// exactly when that is.
using ClassRates = std::array<double, kCodeClassCount>;
using WindowClassRates = std::array<std::optional<ClassRates>, kWindows.size()>;

// A sum is known where all its parts are.
inline void AddKnown(const std::optional<double>& part, std::optional<double>* sum) {
  *sum = part && *sum ? std::optional(*part + **sum) : std::nullopt;
}
inline void AddKnown(const std::optional<ClassRates>& part, std::optional<ClassRates>* sum) {
  if (!part) sum->reset();
  for (std::size_t i = 0; *sum && i < kCodeClassCount; ++i) (**sum)[i] += (*part)[i];
}

// nullopt is "no value": withheld, warming up, or (latency) nothing to tell. Never 0 for unknown.
struct SeriesStats {
  std::string route;
  std::string route_id;
  std::string method;     // empty: the log has none
  std::string rule_name;  // of the rule that it is counted by; empty: of none, or it has no name
  std::string host;       // of that rule; empty: it is for any, or has no name
  WindowRates requests_per_second;
  WindowClassRates class_rates;
  std::optional<double> bytes_per_second;  // over the minute
  std::optional<LatencyQuantiles> quantiles;
  // What they are read from, so that several series have quantiles together (merged_latency.h); by
  // index. Empty without quantiles.
  std::vector<LatencySketch::Bucket> recent_latency;
  PerCodeClass requests{};  // totals, as those below
  PerCodeClass bytes{};
  std::uint64_t total = 0;  // sum of `requests`
  LatencyHistogram latency;

  // Codes 5xx, over window i.
  std::optional<double> ErrorsPerSecond(std::size_t i) const {
    if (!class_rates[i]) return {};
    return (*class_rates[i])[static_cast<std::size_t>(CodeClass::k5xx)];
  }

  void AddTotals(const PerCodeClass& more_requests, const PerCodeClass& more_bytes,
                 const LatencyHistogram& more_latency) {
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      requests[i] += more_requests[i];
      bytes[i] += more_bytes[i];
      total += more_requests[i];
    }
    latency.Merge(more_latency);
  }
};

struct PodStats {
  std::string pod;
  std::string workload;                     // deployments.apps/shop; empty: not told
  std::shared_ptr<const PodLabels> labels;  // nullptr: not told
  ServiceState state = ServiceState::kUnknown;
  std::optional<double> age_s;      // as a service's
  std::int64_t window_end_s = 0;    // as its service's
  SeriesStats all;                  // its requests together; no route
  std::vector<SeriesStats> routes;  // of routes that rules name; by route, method
};

// Of a service's pods that belong to it. Logs of another service may have the same requests, so
// these are not a sum of services.
struct WorkloadStats {
  std::string workload;             // deployments.apps/shop
  SeriesStats all;                  // its requests together; no route
  std::vector<SeriesStats> routes;  // of routes that rules name; by route, method
};

struct ServiceStats {
  std::string name_space;
  std::string service;
  ServiceState state = ServiceState::kUnknown;
  std::optional<double> age_s;  // now less the watermark; negative: a clock is wrong
  // Event time, seconds since 1970: its windows are of requests before it. 0: no pod is live.
  std::int64_t window_end_s = 0;
  double coverage = 0;  // the part of recent traffic that comes from pods whose logs are known
  SeriesStats all;      // its requests together; no route
  std::vector<SeriesStats> series;
  std::vector<PodStats> pods;            // by name
  std::vector<WorkloadStats> workloads;  // by name
};

// A workload's demand: of all routes that feed it, in the logs of all services (target_stats.h).
struct TargetStats {
  std::string name_space;
  std::string target;               // RESOURCE[.GROUP]/NAME
  WindowRates requests_per_second;  // nullopt: not known of every service that feeds it
  std::optional<double> age_s;      // the greatest of these services
  std::int64_t window_end_s = 0;    // the earliest of them
};

struct StatsSnapshot {
  WallMs made_at_ms = 0;
  Millis made_at_monotonic{0};
  std::vector<ServiceStats> services;  // by namespace, service
  std::vector<TargetStats> targets;    // by namespace, target
  // Which series feed a target, and which ids routes.yaml makes. Never null.
  std::shared_ptr<const RuleIndex> rules = std::make_shared<const RuleIndex>();
  OwnHealth health;
  SourceStatus source;
  std::size_t series_count = 0;        // of all partitions, against max_series
  std::size_t pod_series_count = 0;    // of pods by route, likewise
  std::vector<int> partitions_behind;  // assigned, log not yet read to its end
  bool was_caught_up = false;          // at some time since the start every assigned partition was
};

// Gives the newest snapshot as of now; never nullptr.
using LatestSnapshot = std::function<std::shared_ptr<const StatsSnapshot>()>;

}  // namespace routerate
