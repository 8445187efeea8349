// A tally against the sketch that it stands for.
#include "aggregator/latency_tally.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

TEST_CASE("a tally of nothing has no quantiles") {
  CHECK_FALSE(LatencyTally().Quantiles(std::array{0.5}).has_value());
}

TEST_CASE("quantiles of a tally are those of a sketch of the same buckets") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  std::mt19937_64 random(seed);
  for (int history = 0; history < 500; ++history) {
    LatencyTally tally;
    LatencySketch sketch;
    const auto most = static_cast<std::int32_t>(1 + random() % LatencySketch::kLastIndex);
    for (std::uint64_t left = 1 + random() % 200; left > 0; --left) {
      const bool full = random() % 50 == 0;  // counts that stay at their most
      const LatencySketch::Bucket bucket{
          static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(most + 1)),
          full ? std::numeric_limits<std::uint32_t>::max()
               : static_cast<std::uint32_t>(1 + random() % 9)};
      tally.Add(std::span(&bucket, 1));
      REQUIRE(sketch.AddBucket(bucket));
    }
    const std::array<double, 5> wanted = {0, 0.5, 0.95, 0.99, 1};
    const auto values = tally.Quantiles(wanted);
    REQUIRE(values);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CHECK((*values)[i] == *sketch.Quantile(wanted[i]));
    }
  }
}

}  // namespace
}  // namespace routerate
