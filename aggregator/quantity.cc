// Integers from the start: what a sum of doubles has too much must not be rounded up.
#include "aggregator/quantity.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "base/check.h"

namespace routerate {
namespace {

constexpr std::int64_t kThousand = 1000;

std::int64_t MicrosOf(double value) {
  RR_CHECK(value >= 0 && value < 1e12);
  const std::int64_t micros = std::llround(value * 1e6);
  return micros == 0 && value > 0 ? 1 : micros;
}

std::string Milli(std::int64_t millis) {
  if (millis % kThousand == 0) return fmt::format("{}", millis / kThousand);
  return fmt::format("{}m", millis);
}

}  // namespace

std::string MilliQuantity(double value) {
  return Milli((MicrosOf(value) + kThousand - 1) / kThousand);
}

std::string MicroQuantity(double value) {
  const std::int64_t micros = MicrosOf(value);
  return micros % kThousand == 0 ? Milli(micros / kThousand) : fmt::format("{}u", micros);
}

}  // namespace routerate
