// Merges a service's parts: first its sources, which say where its windows end and whether they
// have a value, then each series' buckets over those same windows.
#include "aggregator/snapshot_builder.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "aggregator/pod_stats.h"
#include "aggregator/series_stats.h"
#include "aggregator/service_series.h"
#include "aggregator/workload_stats.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

using ServiceParts = std::vector<const ServiceCounts*>;

Millis LatenessOf(const ServiceParts& parts, const AggregatorOptions& options) {
  if (options.lateness) return *options.lateness;
  DelayHistogram delays;
  for (const ServiceCounts* part : parts) delays.Merge(part->delays());
  return delays.Lateness();
}

ServiceTime TimeOf(const ServiceParts& parts, LogReading reading, const AggregatorOptions& options,
                   WallMs now) {
  ServiceTimeJudge judge(now,
                         {LatenessOf(parts, options), options.stale_after, options.min_coverage});
  for (const ServiceCounts* part : parts) {
    if (part->known_since_ms()) judge.AddKnownSince(*part->known_since_ms());
    for (const auto& [pod, source] : part->sources()) judge.Add(source);
  }
  return judge.Judge(reading);
}

std::vector<SeriesStats> MakeAllSeries(const ServiceParts& parts, const ServiceTime& time,
                                       const RuleIndex& rules, std::size_t max_routes) {
  const ServiceSeries merged = MergeSeries(parts, max_routes);
  std::vector<SeriesStats> all;
  all.reserve(merged.shown.size() + 1);
  for (const MergedSeries& series : merged.shown) {
    all.push_back(MakeSeries(series.key, series.parts, time, rules));
  }
  if (!merged.other.empty()) {
    all.push_back(MakeSeries({kOtherRoute, {}, {}}, merged.other, time, rules));
    all.back().route_id = kOtherRouteId;
  }
  return all;
}

void AddRates(const SeriesStats& series, SeriesStats* sum) {
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    AddKnown(series.requests_per_second[i], &sum->requests_per_second[i]);
    AddKnown(series.class_rates[i], &sum->class_rates[i]);
  }
  AddKnown(series.bytes_per_second, &sum->bytes_per_second);
}

// Latencies are of its pods, which have every request of the last minute. Of what was forgotten
// there are totals.
SeriesStats MakeAll(const ServiceParts& parts, const std::vector<SeriesStats>& series,
                    const ServiceTime& time, const RuleIndex& rules) {
  SeriesParts all;
  for (const ServiceCounts* part : parts) {
    for (const auto& [pod, counts] : part->pods()) {
      if (const auto found = counts.find(SeriesKeyView()); found != counts.end()) {
        all.push_back(&found->second);
      }
    }
  }
  SeriesStats of_pods = MakeSeries({}, all, time, rules);
  SeriesStats sum;
  sum.quantiles = of_pods.quantiles;
  sum.recent_latency = std::move(of_pods.recent_latency);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    if (!time.valid[i]) continue;
    sum.requests_per_second[i] = 0;
    sum.class_rates[i].emplace();
  }
  if (time.valid[kMinuteWindow]) sum.bytes_per_second = 0;
  for (const SeriesStats& one : series) {
    AddRates(one, &sum);
    sum.AddTotals(one.requests, one.bytes, one.latency);
  }
  for (const ServiceCounts* part : parts) {
    const SeriesCounts* retired = part->retired();
    if (retired != nullptr) sum.AddTotals(retired->requests, retired->bytes, retired->latency);
  }
  return sum;
}

ServiceStats MakeService(std::string_view name, const ServiceParts& parts, const ServiceTime& time,
                         const RuleIndex& rules, WallMs now, const AggregatorOptions& options) {
  ServiceStats stats;
  const std::size_t slash = name.find('/');
  stats.name_space = name.substr(0, slash);
  stats.service = name.substr(slash + 1);
  stats.state = time.state;
  stats.coverage = time.coverage;
  if (time.watermark_ms) stats.age_s = static_cast<double>(now - *time.watermark_ms) / 1000;
  stats.window_end_s = time.end;
  stats.series = MakeAllSeries(parts, time, rules, options.max_routes);
  stats.all = MakeAll(parts, stats.series, time, rules);
  stats.workloads = MakeWorkloads(parts, time, rules);
  stats.pods = MakePods(parts, time, rules, now, options.stale_after);
  return stats;
}

}  // namespace

std::vector<ServiceStats> BuildServiceStats(const std::map<int, PartitionState>& partitions,
                                            LogReading reading, const AggregatorOptions& options,
                                            const RuleIndex& rules, WallMs now) {
  std::map<std::string_view, ServiceParts> by_name;
  for (const auto& [number, partition] : partitions) {
    for (const auto& [name, service] : partition.counts().services()) {
      by_name[name].push_back(service.get());
    }
  }
  std::vector<ServiceStats> services;
  services.reserve(by_name.size());
  for (const auto& [name, parts] : by_name) {
    services.push_back(
        MakeService(name, parts, TimeOf(parts, reading, options, now), rules, now, options));
  }
  return services;
}

}  // namespace routerate
