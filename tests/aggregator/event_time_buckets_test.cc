// Buckets against a dumb oracle that stores every event.
#include "aggregator/event_time_buckets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/aggregator/random_seed.h"

namespace routerate {
namespace {

constexpr std::int64_t kSpan = EventTimeBuckets::kSpanSeconds;

// A request of class 2xx.
EventTimeBuckets::Count Ok(std::uint64_t bytes) {
  return EventTimeBuckets::Count::Of(CodeClass::k2xx, bytes);
}

TEST_CASE("a window's sum counts its seconds and no others") {
  EventTimeBuckets buckets;
  for (std::int64_t second = 100; second < 120; ++second) CHECK(buckets.Add(second, Ok(10)));
  CHECK(buckets.Sum(105, 115)->Requests() == 10);
  CHECK(buckets.Sum(105, 115)->bytes == 100);
  CHECK(buckets.Sum(0, 100)->Requests() == 0);
  CHECK(buckets.Sum(119, 400)->Requests() == 1);
}

TEST_CASE("an event too old for the buckets is refused, and sums that need it have no value") {
  EventTimeBuckets buckets;
  CHECK(buckets.Add(1000, Ok(0)));
  CHECK(buckets.Add(1000 - kSpan + 1, Ok(0)));
  CHECK_FALSE(buckets.Add(1000 - kSpan, Ok(0)));
  CHECK_FALSE(buckets.Sum(1000 - kSpan, 1001).has_value());
  CHECK(buckets.Sum(1000 - kSpan + 1, 1001)->Requests() == 2);
}

TEST_CASE("a sum that reaches behind what was dropped has no value, never a short one") {
  EventTimeBuckets buckets;
  CHECK(buckets.Add(1, Ok(0)));
  CHECK(buckets.Sum(1, 2)->Requests() == 1);
  CHECK(buckets.Add(1 + kSpan, Ok(0)));
  CHECK_FALSE(buckets.Sum(1, 2).has_value());
  CHECK(buckets.Sum(2, 2 + kSpan)->Requests() == 1);
}

TEST_CASE("sums of requests may go round, and a window is right all the same") {
  EventTimeBuckets buckets;
  EventTimeBuckets::Count many;
  many.requests[1] = 3'000'000'000;
  CHECK(buckets.Add(100, many));
  CHECK(buckets.Add(101, many));
  CHECK(buckets.Sum(101, 102)->Requests() == 3'000'000'000);
}

TEST_CASE("what is written is read back, second by second and class by class") {
  EventTimeBuckets buckets;
  for (const std::int64_t second : {-20, -19, 3, 4, 100, 300}) {
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      const auto code_class = static_cast<CodeClass>(i);
      if ((second + static_cast<std::int64_t>(i)) % 3 == 0) continue;
      buckets.Add(second, EventTimeBuckets::Count::Of(code_class, 1000));
    }
  }
  std::string bytes;
  buckets.Write(ByteWriter(bytes));
  EventTimeBuckets read;
  ByteReader in(bytes);
  read.Read(in);
  CHECK(in.ok());
  CHECK(in.AtEnd());
  for (std::int64_t second = -30; second < 310; ++second) {
    REQUIRE(read.Sum(second, second + 1)->requests == buckets.Sum(second, second + 1)->requests);
    REQUIRE(read.Sum(second, second + 1)->bytes == buckets.Sum(second, second + 1)->bytes);
  }
}

TEST_CASE("buckets that are added to nothing are as those that are added to some") {
  EventTimeBuckets added;
  for (const std::int64_t second : {1, 2, 400, 600, 601}) CHECK(added.Add(second, Ok(10)));
  EventTimeBuckets nothing;
  EventTimeBuckets some;
  CHECK(some.Add(300, Ok(0)));
  CHECK(nothing.Merge(added) == 0);
  CHECK(some.Merge(added) == 0);
  CHECK(nothing.Add(603, Ok(10)));
  CHECK(some.Add(603, Ok(10)));
  for (std::int64_t second = 1; second < 610; ++second) {
    const auto a = nothing.Sum(second, 610);
    const auto b = some.Sum(second, 610);
    REQUIRE(a.has_value() == b.has_value());
    if (a) REQUIRE(a->bytes == b->bytes);
  }
}

TEST_CASE("a second of one class takes one byte more than its numbers") {
  const auto size = [](std::int64_t seconds) {
    EventTimeBuckets buckets;
    for (std::int64_t second = 1; second <= seconds; ++second) buckets.Add(second, Ok(100));
    std::string bytes;
    buckets.Write(ByteWriter(bytes));
    return bytes.size();
  };
  CHECK(size(101) - size(100) == 3);
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
    std::map<std::int64_t, PerCodeClass> oracle;
    std::int64_t newest = 10'000;
    for (int event = 0; event < 300; ++event) {
      if (below(4) == 0) newest += below(below(20) == 0 ? 2 * kSpan : 4);
      const std::int64_t second = newest - (below(3) == 0 ? below(kSpan + 50) : below(5));
      const auto code_class = static_cast<std::size_t>(below(kCodeClassCount));
      buckets.Add(second, EventTimeBuckets::Count::Of(static_cast<CodeClass>(code_class), 3));
      ++oracle[second][code_class];  // what the buckets refuse, too: no sum may lack it
      const std::int64_t end = newest - below(200);
      const std::int64_t begin = end - kWindows[static_cast<std::size_t>(below(3))].seconds;
      PerCodeClass expected{};
      for (auto at = oracle.lower_bound(begin); at != oracle.end() && at->first < end; ++at) {
        for (std::size_t i = 0; i < kCodeClassCount; ++i) expected[i] += at->second[i];
      }
      const auto sum = buckets.Sum(begin, end);
      if (sum) {
        REQUIRE(std::ranges::equal(sum->requests, expected));
        REQUIRE(sum->bytes == 3 * sum->Requests());
      }
      // Within what options can ask for there is always a sum.
      if (begin > newest - kSpan) REQUIRE(sum.has_value());
    }
  }
}

}  // namespace
}  // namespace routerate
