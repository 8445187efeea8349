// Decimal numbers in log lines: status, sizes, durations.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace routerate {

// "digits" or "digits.digits", times 10^`scale`; what is finer than that is cut off, so with scale
// 6 "0.0419999" seconds are 41999 microseconds. nullopt for anything else (a sign, an exponent, a
// blank) and for what does not fit 18 digits.
std::optional<std::int64_t> ParseDecimal(std::string_view text, int scale);

}  // namespace routerate
