// The sketch's promise: a quantile within 2 % of the true value of its rank.
#include "parsers/latency_sketch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

double TrueQuantile(std::vector<std::int64_t> values, double q) {
  std::ranges::sort(values);
  return static_cast<double>(
      values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))]);
}

void CheckQuantiles(const LatencySketch& sketch, const std::vector<std::int64_t>& values) {
  for (const double q : {0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 1.0}) {
    const double expected = TrueQuantile(values, q);
    INFO("q " << q << " of " << values.size() << " values");
    CHECK(std::abs(*sketch.Quantile(q) - expected) <=
          LatencySketch::kRelativeError * expected * 1.000001);
  }
}

TEST_CASE("an empty sketch has no quantile") {
  CHECK_FALSE(LatencySketch().Quantile(0.5).has_value());
}

TEST_CASE("every quantile is within the stated error of the true one") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latencies(9, 2);
  for (const std::size_t count : {1U, 2U, 10U, 1000U, 50'000U}) {
    LatencySketch sketch;
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(1 + static_cast<std::int64_t>(latencies(random)));
      sketch.Add(values.back());
    }
    CheckQuantiles(sketch, values);
  }
}

TEST_CASE("merged sketches tell what one sketch of all values tells") {
  LatencySketch whole;
  LatencySketch merged;
  std::vector<std::int64_t> values;
  for (std::int64_t part = 1; part <= 10; ++part) {
    LatencySketch sketch;
    for (std::int64_t i = 1; i <= 100; ++i) {
      values.push_back(i * i * part);
      sketch.Add(values.back());
      whole.Add(values.back());
    }
    merged.Merge(sketch);
  }
  CHECK(merged.count() == whole.count());
  CheckQuantiles(merged, values);
  for (const double q : {0.1, 0.5, 0.99}) CHECK(*merged.Quantile(q) == *whole.Quantile(q));
}

TEST_CASE("a sketch stays small whatever is added") {
  LatencySketch sketch;
  for (std::int64_t value = 0; value >= 0 && value < (std::int64_t{1} << 61);
       value = value + value / 97 + 1) {
    sketch.Add(value);
  }
  CHECK(sketch.bucket_count() <= 1100);
}

}  // namespace
}  // namespace routerate
