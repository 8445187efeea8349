// Each window is a sum over seconds; quantiles come from the sketches of the last minute.
#include "aggregator/series_stats.h"

#include <numeric>

namespace routerate {
namespace {

// All numbers of a window, in doubles: what is shown are rates.
struct WindowSum {
  ClassRates requests{};
  double bytes = 0;
};

// nullopt when a part's buckets do not reach back so far.
std::optional<WindowSum> SumOf(const SeriesParts& parts, std::int64_t end, std::int64_t seconds) {
  WindowSum sum;
  for (const SeriesCounts* part : parts) {
    const auto count = part->buckets.Sum(end - seconds, end);
    if (!count) return std::nullopt;
    for (std::size_t i = 0; i < kCodeClassCount; ++i) sum.requests[i] += count->requests[i];
    sum.bytes += static_cast<double>(count->bytes);
  }
  return sum;
}

void AddTotals(const SeriesParts& parts, SeriesStats* stats) {
  for (const SeriesCounts* part : parts) {
    stats->AddTotals(part->requests, part->bytes, part->latency);
  }
}

void AddLatencies(const SeriesParts& parts, std::int64_t end, SeriesStats* stats) {
  LatencyTally tally;
  for (const SeriesCounts* part : parts) part->recent_latency.MergeInto(end, &tally);
  const auto micros = tally.Quantiles(std::array{0.50, 0.95, 0.99});
  if (!micros) return;
  const auto& [p50, p95, p99] = *micros;
  stats->quantiles = {p50 / 1000, p95 / 1000, p99 / 1000};
  stats->recent_latency = tally.Buckets();
}

void AddWindows(const SeriesParts& parts, const ServiceTime& time, SeriesStats* stats) {
  // No rate, so they need no whole minute: what is known of it has a distribution, too.
  if (time.valid.front()) AddLatencies(parts, time.end, stats);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    if (!time.valid[i]) continue;
    const auto seconds = static_cast<double>(kWindows[i].seconds);
    auto sum = SumOf(parts, time.end, kWindows[i].seconds);
    if (!sum) continue;
    // Whole numbers, so no order of adding loses anything.
    const double all = std::accumulate(sum->requests.begin(), sum->requests.end(), 0.0);
    stats->requests_per_second[i] = all / seconds;
    for (double& requests : sum->requests) requests /= seconds;
    stats->class_rates[i] = sum->requests;
    if (i == kMinuteWindow) stats->bytes_per_second = sum->bytes / seconds;
  }
}

}  // namespace

SeriesStats MakeSeries(SeriesKeyView key, const SeriesParts& parts, const ServiceTime& time,
                       const RuleIndex& rules) {
  SeriesStats stats;
  stats.route = key.route;
  if (!parts.empty()) stats.route_id = parts.front()->route_id;
  stats.method = key.method;
  stats.rule_name = key.name;
  if (!key.name.empty()) stats.host = rules.HostOf(key.name);
  AddTotals(parts, &stats);
  AddWindows(parts, time, &stats);
  return stats;
}

}  // namespace routerate
