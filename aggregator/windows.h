// The windows over which rates are given, and the rules of time that all stages share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.h"

namespace routerate {

struct Window {
  std::string_view name;  // as in req/s_10s and window="10s"
  std::int64_t seconds;
};

inline constexpr std::array<Window, 3> kWindows = {{{"10s", 10}, {"1m", 60}, {"5m", 300}}};
inline constexpr std::size_t kMinuteWindow = 1;  // of kWindows: latencies and bytes/s are over it

// A time so far ahead of now is a wrong clock, not a fast one. Nothing of it moves a window.
inline constexpr Millis kFutureAllowance{60'000};

}  // namespace routerate
