// Time in a simulated world: one monotonic time that the world moves on, and each host's own idea
// of the time of day.
#pragma once

#include "base/clock.h"

namespace routerate {

class HostClock final : public Clock {
 public:
  // Borrows the world's time.
  explicit HostClock(const Millis& now) : now_(now) {}
  WallMs Wall() const override { return kStart + now_.count() + stepped_.count(); }
  Millis Monotonic() const override { return now_; }
  void Step(Millis by) { stepped_ += by; }

 private:
  static constexpr WallMs kStart = 1'795'363'184'000;
  const Millis& now_;
  Millis stepped_{0};
};

}  // namespace routerate
