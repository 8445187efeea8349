// Token buckets by a clock of numbers.
#include "aggregator/token_buckets.h"

#include <catch2/catch.hpp>
#include <string>

namespace routerate {
namespace {

constexpr Millis kNow{1'000'000};

// How many of `asked` have a token at once.
int Taken(TokenBuckets* buckets, const std::string& owner, Millis now, int asked) {
  int taken = 0;
  for (int i = 0; i < asked; ++i) {
    if (buckets->Wait(owner, now) > Millis{0}) continue;
    buckets->Take(owner, 1, now);
    ++taken;
  }
  return taken;
}

TEST_CASE("a full bucket gives its burst, then so many a second") {
  TokenBuckets buckets({.per_second = 10, .burst = 50});
  CHECK(Taken(&buckets, "a", kNow, 100) == 50);
  CHECK(buckets.Wait("a", kNow) == Millis{100});
  CHECK(Taken(&buckets, "a", kNow + Millis{99}, 9) == 0);
  CHECK(Taken(&buckets, "a", kNow + Millis{100}, 9) == 1);
  CHECK(Taken(&buckets, "a", kNow + Millis{1'100}, 99) == 10);
  CHECK(Taken(&buckets, "a", kNow + Millis{999'999'999}, 99) == 50);
}

TEST_CASE("nobody takes another's tokens") {
  TokenBuckets buckets({.per_second = 10, .burst = 50});
  CHECK(Taken(&buckets, "a", kNow, 1'000) == 50);
  CHECK(Taken(&buckets, "b", kNow, 1'000) == 50);
}

TEST_CASE("what is taken without being there is waited for, one burst at most") {
  TokenBuckets buckets({.per_second = 10, .burst = 50});
  buckets.Take("a", 60, kNow);
  CHECK(buckets.Wait("a", kNow) == Millis{1'100});
  buckets.Take("a", 1'000'000, kNow);
  CHECK(buckets.Wait("a", kNow) == Millis{5'100});
}

TEST_CASE("more owners than there is room for share one bucket, and full ones make room") {
  TokenBuckets buckets({.per_second = 10, .burst = 50, .owners = 2});
  buckets.Take("a", 1, kNow);
  buckets.Take("b", 50, kNow);
  CHECK(Taken(&buckets, "c", kNow, 99) == 50);
  CHECK(Taken(&buckets, "d", kNow, 99) == 0);
  const Millis later = kNow + Millis{100};  // "a" is full again
  CHECK(Taken(&buckets, "d", later, 99) == 50);
  CHECK(Taken(&buckets, "a", later, 99) == 1);
  CHECK(Taken(&buckets, "b", later, 99) == 1);
}

}  // namespace
}  // namespace routerate
