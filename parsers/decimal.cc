// Decimal numbers, without floating point: 0.001 s is 1000 us and never 999.
#include "parsers/decimal.h"

namespace routerate {
namespace {

constexpr std::int64_t kMost = 999'999'999'999'999'999;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::int64_t> ParseDecimal(std::string_view text, int scale) {
  if (text.empty() || !IsDigit(text.front()) || !IsDigit(text.back())) return std::nullopt;
  std::int64_t value = 0;
  int decimals_left = scale;
  bool in_fraction = false;
  for (const char c : text) {
    if (c == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!IsDigit(c)) return std::nullopt;
    if (in_fraction && decimals_left == 0) continue;
    if (in_fraction) --decimals_left;
    if (value > kMost / 10) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  for (; decimals_left > 0; --decimals_left) {
    if (value > kMost / 10) return std::nullopt;
    value *= 10;
  }
  return value;
}

}  // namespace routerate
