// Rates are summed over feeds and classes of code; latencies are merged before the quantile is
// taken. The words for a value that is withheld are for somebody who was woken by it.
#include "aggregator/metric_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "aggregator/merged_latency.h"
#include "aggregator/withheld_value.h"

namespace routerate {
namespace {

using Codes = std::array<bool, kCodeClassCount>;
using Value = std::expected<MetricValue, ApiError>;

constexpr auto k5xx = static_cast<std::size_t>(CodeClass::k5xx);

Codes CodesOf(const MetricQuestion& question) {
  Codes codes = MetricSelection(question.series).Codes();
  if (question.metric->kind != MetricKind::kErrorRate) return codes;
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = codes[i] && i == k5xx;
  return codes;
}

double SumOf(const ClassRates& rates, const Codes& codes) {
  double sum = 0;
  for (std::size_t i = 0; i < codes.size(); ++i) sum += codes[i] ? rates[i] : 0;
  return sum;
}

// All that is known of the feed, whether or not a series of it is asked for.
const SeriesStats& AllOf(const MetricFeed& feed) {
  return feed.pod != nullptr ? feed.pod->all : feed.service->all;
}

bool IsKnown(const MetricFeed& feed, std::size_t window) {
  const auto known = [window](const SeriesStats& series) {
    return series.class_rates[window].has_value();
  };
  return known(AllOf(feed)) &&
         std::ranges::all_of(feed.series, [&](const auto* series) { return known(*series); });
}

// Of a subject that is known.
double RateOf(const MetricSubject& subject, std::size_t window, const Codes& codes) {
  double rate = 0;
  for (const MetricFeed& feed : subject.feeds) {
    for (const SeriesStats* series : feed.series)
      rate += SumOf(*series->class_rates[window], codes);
  }
  return rate;
}

// Nobody waited for anything where there were no requests, which is no reason to hold an HPA.
std::expected<double, ApiError> DurationOf(const MetricSubject& subject, std::size_t window) {
  MergedLatency latency;
  for (const MetricFeed& feed : subject.feeds) {
    for (const SeriesStats* series : feed.series) latency.Add(*series);
  }
  if (const auto seconds = latency.QuantileSeconds(kDurationQuantile)) return *seconds;
  Codes all;
  all.fill(true);
  if (RateOf(subject, window, all) == 0) return 0.0;
  return std::unexpected(
      ApiError{404, fmt::format("the log of {} tells no durations: let it log $request_time "
                                "(nginx) or %D (tomcat)",
                                subject.name)});
}

// The earliest: up to then all of it is known.
std::int64_t EndOf(const MetricSubject& subject) {
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  for (const MetricFeed& feed : subject.feeds) end = std::min(end, feed.service->window_end_s);
  return end;
}

Value ValueOf(const MetricQuestion& question, const MetricSubject& subject,
              const StatsSnapshot& snapshot, const AggregatorOptions& options) {
  const MetricDefinition& metric = *question.metric;
  for (const MetricFeed& feed : subject.feeds) {
    if (IsKnown(feed, metric.window)) continue;
    return std::unexpected(
        ApiError{503, fmt::format("no value for {} of {}: {}", metric.name, subject.name,
                                  WhyWithheld(feed, metric.window, snapshot, options))});
  }
  MetricValue value{subject.name, 0, EndOf(subject), kWindows[metric.window].seconds};
  if (metric.kind != MetricKind::kDurationQuantile) {
    value.value = RateOf(subject, metric.window, CodesOf(question));
    return value;
  }
  const auto seconds = DurationOf(subject, metric.window);
  if (!seconds) return std::unexpected(seconds.error());
  value.value = *seconds;
  return value;
}

}  // namespace

std::expected<std::vector<MetricValue>, ApiError> MetricValuesOf(
    const MetricQuestion& question, const std::vector<MetricSubject>& subjects,
    const StatsSnapshot& snapshot, const AggregatorOptions& options) {
  std::vector<MetricValue> values;
  values.reserve(subjects.size());
  std::optional<ApiError> first_error;
  for (const MetricSubject& subject : subjects) {
    Value value = ValueOf(question, subject, snapshot, options);
    if (value) {
      values.push_back(std::move(*value));
    } else if (!first_error) {
      first_error = std::move(value.error());
    }
  }
  if (values.empty()) return std::unexpected(*std::move(first_error));
  return values;
}

}  // namespace routerate
