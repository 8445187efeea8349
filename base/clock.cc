// System time, read here and nowhere else.
#include "base/clock.h"

#include <fmt/chrono.h>

namespace routerate {

std::string UtcText(WallMs ms) {
  const std::chrono::sys_seconds second{std::chrono::floor<std::chrono::seconds>(Millis{ms})};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(second));
}

WallMs SystemClock::Wall() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Millis>(now).count();
}

Millis SystemClock::Monotonic() const {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace routerate
