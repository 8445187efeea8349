// Numbers as HPAs read them.
#include "aggregator/quantity.h"

#include <catch2/catch.hpp>

namespace routerate {
namespace {

TEST_CASE("a rate is told in thousandths, rounded up") {
  CHECK(MilliQuantity(0) == "0");
  CHECK(MilliQuantity(12.5) == "12500m");
  CHECK(MilliQuantity(17) == "17");
  CHECK(MilliQuantity(1000) == "1000");
  CHECK(MilliQuantity(1.0 / 300) == "4m");
  CHECK(MilliQuantity(1e-9) == "1m");  // not a zero
  CHECK(MilliQuantity(123456789.001) == "123456789001m");
}

TEST_CASE("what a sum of doubles has too much is not rounded up") {
  CHECK(MilliQuantity(0.1 + 0.2) == "300m");
  double sum = 0;
  for (int i = 0; i < 10; ++i) sum += 0.7;
  CHECK(MilliQuantity(sum) == "7");
}

TEST_CASE("seconds are told in millionths where thousandths do not do") {
  CHECK(MicroQuantity(0) == "0");
  CHECK(MicroQuantity(0.25) == "250m");
  CHECK(MicroQuantity(0.0125) == "12500u");
  CHECK(MicroQuantity(3) == "3");
  CHECK(MicroQuantity(1e-9) == "1u");
}

}  // namespace
}  // namespace routerate
