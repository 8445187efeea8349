// Buckets against a dumb oracle that stores every event.
#include "aggregator/event_time_buckets.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

constexpr std::int64_t kSpan = EventTimeBuckets::kSpanSeconds;

TEST_CASE("a window's sum counts its seconds and no others") {
  EventTimeBuckets buckets;
  for (std::int64_t second = 100; second < 120; ++second) CHECK(buckets.Add(second, {1, 10}));
  CHECK(buckets.Sum(105, 115)->requests == 10);
  CHECK(buckets.Sum(105, 115)->bytes == 100);
  CHECK(buckets.Sum(0, 100)->requests == 0);
  CHECK(buckets.Sum(119, 400)->requests == 1);
}

TEST_CASE("an event too old for the buckets is refused, and sums that need it have no value") {
  EventTimeBuckets buckets;
  CHECK(buckets.Add(1000, {1, 0}));
  CHECK(buckets.Add(1000 - kSpan + 1, {1, 0}));
  CHECK_FALSE(buckets.Add(1000 - kSpan, {1, 0}));
  CHECK_FALSE(buckets.Sum(1000 - kSpan, 1001).has_value());
  CHECK(buckets.Sum(1000 - kSpan + 1, 1001)->requests == 2);
}

TEST_CASE("a sum that reaches behind what was dropped has no value, never a short one") {
  EventTimeBuckets buckets;
  CHECK(buckets.Add(1, {1, 0}));
  CHECK(buckets.Sum(1, 2)->requests == 1);
  CHECK(buckets.Add(1 + kSpan, {1, 0}));
  CHECK_FALSE(buckets.Sum(1, 2).has_value());
  CHECK(buckets.Sum(2, 2 + kSpan)->requests == 1);
}

TEST_CASE("random histories give the oracle's sum or no value") {
  const std::uint64_t seed = RandomSeed();
  INFO("SEED=" << seed);
  std::mt19937_64 random(seed);
  const auto below = [&random](std::int64_t n) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
  };
  for (int history = 0; history < 200; ++history) {
    EventTimeBuckets buckets;
    std::map<std::int64_t, std::uint64_t> oracle;
    std::int64_t newest = 10'000;
    for (int i = 0; i < 300; ++i) {
      if (below(4) == 0) newest += below(below(20) == 0 ? 2 * kSpan : 4);
      const std::int64_t second = newest - (below(3) == 0 ? below(kSpan + 50) : below(5));
      buckets.Add(second, {1, 0});
      ++oracle[second];  // what the buckets refuse, too: no sum may lack it
      const std::int64_t end = newest - below(200);
      const std::int64_t begin = end - kWindows[static_cast<std::size_t>(below(3))].seconds;
      std::uint64_t expected = 0;
      for (auto at = oracle.lower_bound(begin); at != oracle.end() && at->first < end; ++at) {
        expected += at->second;
      }
      const auto sum = buckets.Sum(begin, end);
      if (sum) REQUIRE(sum->requests == expected);
      // Within what options can ask for there is always a sum.
      if (begin > newest - kSpan) REQUIRE(sum.has_value());
    }
  }
}

}  // namespace
}  // namespace routerate
