// Decimal numbers, without floating point: 0.001 s is 1000 us and never 999.
#include "parsers/decimal.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"
#include "base/check.h"

namespace routerate {
namespace {

constexpr std::size_t kMostDigits = 18;  // of what fits
constexpr std::array<std::int64_t, 7> kPowers = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000};

// The digits from `begin` on, at most up to `end`, behind those of *value; returns where they end.
std::size_t TakeDigits(std::string_view text, std::size_t begin, std::size_t end,
                       std::int64_t* value) {
  std::int64_t sum = *value;
  end = std::min(end, text.size());
  std::size_t i = begin;
  for (; i < end && IsAsciiDigit(text[i]); ++i) sum = sum * 10 + (text[i] - '0');
  *value = sum;
  return i;
}

}  // namespace

std::optional<std::int64_t> ParseDecimal(std::string_view text, int scale) {
  RR_CHECK(scale >= 0 && static_cast<std::size_t>(scale) < kPowers.size());
  const auto decimals = static_cast<std::size_t>(scale);
  while (text.size() > 1 && text[0] == '0' && IsAsciiDigit(text[1])) text.remove_prefix(1);
  std::int64_t value = 0;
  std::size_t end = TakeDigits(text, 0, kMostDigits, &value);
  if (end == 0 || end + decimals > kMostDigits) return std::nullopt;
  std::size_t kept = 0;
  if (end < text.size() && text[end] == '.') {
    const std::size_t begin = end + 1;
    end = TakeDigits(text, begin, begin + decimals, &value);
    kept = end - begin;
    while (end < text.size() && IsAsciiDigit(text[end])) ++end;  // finer than is asked for
    if (end == begin) return std::nullopt;
  }
  if (end != text.size()) return std::nullopt;
  return value * kPowers[decimals - kept];
}

}  // namespace routerate
