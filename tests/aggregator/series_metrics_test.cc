// The lines of series beside those of prometheus-cpp.
#include "aggregator/series_metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<double> Numbers(std::mt19937_64& random) {
  std::vector<double> numbers = {0,     0.1,  1.0 / 3,  12.5,    999'999'999'999'999.0,
                                 1e15,  1e16, 12345e20, 1e-7,    0.005,
                                 1e100, 5e-5, 123456.7, 1e6 / 7, std::nextafter(1.0, 2.0)};
  std::uniform_real_distribution<double> exponent(-20, 60);
  for (int i = 0; i < 2000; ++i) numbers.push_back(std::exp2(exponent(random)));
  for (int i = 0; i < 1000; ++i) numbers.push_back(static_cast<double>(random() % 5000) / 60);
  return numbers;
}

const std::vector<ClientMetric::Label> kLabels = {{"namespace", "prod"},
                                                  {"service", "shop"},
                                                  {"route", "/a \"b\\c\n\xC3\xA9"},
                                                  {"route_id", "a-b-c"},
                                                  {"method", ""}};

ClientMetric Metric(const ClientMetric::Label& own) {
  ClientMetric metric;
  metric.label = kLabels;
  metric.label.push_back(own);
  return metric;
}

SeriesStats Series() {
  SeriesStats series;
  series.route = kLabels[2].value;
  series.route_id = kLabels[3].value;
  return series;
}

std::string Written(std::vector<SeriesStats> all) {
  StatsSnapshot snapshot;
  ServiceStats& shop = snapshot.services.emplace_back();
  shop.name_space = "prod";
  shop.service = "shop";
  shop.series = std::move(all);
  std::string text;
  AppendSeriesMetrics(snapshot, PodMetrics::kAll, &text);
  return text;
}

TEST_CASE("rates are written as prometheus-cpp writes them") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  std::mt19937_64 random(seed);
  MetricFamily family{"routerate_http_requests_per_second",
                      "Rate of requests over a window of event time; absent when not known.",
                      MetricType::Gauge,
                      {}};
  std::vector<SeriesStats> all;
  for (const double number : Numbers(random)) {
    all.push_back(Series());
    all.back().requests_per_second[1] = number;
    family.metric.push_back(Metric({"window", "1m"}));
    family.metric.back().gauge.value = number;
  }
  CHECK(Written(all) == prometheus::TextSerializer().Serialize({family}));
}

TEST_CASE("a histogram is written as prometheus-cpp writes it") {
  SeriesStats series = Series();
  for (std::int64_t us = 1; us < 30'000'000; us = us * 3 / 2 + 1) series.latency.Add(us);
  ClientMetric metric;
  metric.label = kLabels;
  metric.histogram.sample_count = series.latency.count;
  metric.histogram.sample_sum = static_cast<double>(series.latency.sum_us) / 1e6;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < series.latency.counts.size(); ++i) {
    cumulative += series.latency.counts[i];
    const bool last = i == LatencyHistogram::kBounds.size();
    metric.histogram.bucket.push_back(
        {cumulative, last ? std::numeric_limits<double>::infinity()
                          : static_cast<double>(LatencyHistogram::kBounds[i]) / 1e6});
  }
  const MetricFamily family{"routerate_http_request_duration_seconds",
                            "Time to serve, of requests whose log tells it.",
                            MetricType::Histogram,
                            {metric}};
  CHECK(Written({series}) == prometheus::TextSerializer().Serialize({family}));
}

TEST_CASE("a family without a sample is left out") { CHECK(Written({Series()}).empty()); }

}  // namespace
}  // namespace routerate
