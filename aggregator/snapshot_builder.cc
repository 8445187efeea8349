// Merges a service's parts: first its sources, which say where its windows end and whether they
// have a value, then each series' buckets over those same windows.
#include "aggregator/snapshot_builder.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "aggregator/service_series.h"
#include "parsers/route_names.h"

namespace routerate {
namespace {

using ServiceParts = std::vector<const ServiceCounts*>;
using SeriesParts = std::vector<const SeriesCounts*>;

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

// nullopt when a part's buckets do not reach back so far.
std::optional<EventTimeBuckets::Count> SumOf(const SeriesParts& parts, std::int64_t end,
                                             std::int64_t seconds) {
  EventTimeBuckets::Count sum;
  for (const SeriesCounts* part : parts) {
    const auto count = part->buckets.Sum(end - seconds, end);
    if (!count) return std::nullopt;
    sum.requests += count->requests;
    sum.bytes += count->bytes;
  }
  return sum;
}

void AddTotals(const SeriesParts& parts, SeriesStats* stats) {
  for (const SeriesCounts* part : parts) {
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      stats->requests[i] += part->requests[i];
      stats->bytes[i] += part->bytes[i];
    }
    stats->latency.Merge(part->latency);
  }
  stats->total = std::accumulate(stats->requests.begin(), stats->requests.end(), std::uint64_t{0});
}

std::optional<LatencyQuantiles> QuantilesOf(const SeriesParts& parts, std::int64_t end) {
  LatencySketch sketch;
  for (const SeriesCounts* part : parts) part->recent_latency.MergeInto(end, &sketch);
  if (sketch.count() == 0) return std::nullopt;
  const auto ms = [&sketch](double q) { return *sketch.Quantile(q) / 1000; };
  return LatencyQuantiles{ms(0.50), ms(0.95), ms(0.99)};
}

void AddWindows(const SeriesParts& parts, const ServiceTime& time, SeriesStats* stats) {
  // No rate, so they need no whole minute: what is known of it has a distribution, too.
  if (time.valid.front()) stats->quantiles = QuantilesOf(parts, time.end);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    if (!time.valid[i]) continue;
    const auto seconds = static_cast<double>(kWindows[i].seconds);
    const auto sum = SumOf(parts, time.end, kWindows[i].seconds);
    if (!sum) continue;
    stats->requests_per_second[i] = static_cast<double>(sum->requests) / seconds;
    if (i == kMinuteWindow) stats->bytes_per_second = static_cast<double>(sum->bytes) / seconds;
  }
}

SeriesStats MakeSeries(SeriesKeyView key, const SeriesParts& parts, const ServiceTime& time) {
  SeriesStats stats;
  stats.route = key.route;
  stats.method = key.method;
  AddTotals(parts, &stats);
  AddWindows(parts, time, &stats);
  return stats;
}

std::vector<SeriesStats> MakeAllSeries(const ServiceParts& parts, const ServiceTime& time,
                                       std::size_t max_routes) {
  const ServiceSeries merged = MergeSeries(parts, max_routes);
  std::vector<SeriesStats> all;
  all.reserve(merged.shown.size() + 1);
  for (const MergedSeries& series : merged.shown) {
    all.push_back(MakeSeries(series.key, series.parts, time));
    all.back().route_id = series.parts.front()->route_id;
  }
  if (!merged.other.empty()) {
    all.push_back(MakeSeries({kOtherRoute, {}, {}}, merged.other, time));
    all.back().route_id = kOtherRouteId;
  }
  return all;
}

ServiceStats MakeService(std::string_view name, const ServiceParts& parts, const ServiceTime& time,
                         WallMs now, std::size_t max_routes) {
  ServiceStats stats;
  const std::size_t slash = name.find('/');
  stats.name_space = name.substr(0, slash);
  stats.service = name.substr(slash + 1);
  stats.state = time.state;
  stats.coverage = time.coverage;
  if (time.watermark_ms) stats.age_s = static_cast<double>(now - *time.watermark_ms) / 1000;
  stats.series = MakeAllSeries(parts, time, max_routes);
  return stats;
}

}  // namespace

std::vector<ServiceStats> BuildServiceStats(const std::map<int, PartitionState>& partitions,
                                            LogReading reading, const AggregatorOptions& options,
                                            WallMs now) {
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
        MakeService(name, parts, TimeOf(parts, reading, options, now), now, options.max_routes));
  }
  return services;
}

}  // namespace routerate
