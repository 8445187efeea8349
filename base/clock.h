// The one door to time. Logic takes a `const Clock&`; tests give it a ManualClock and never sleep.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace routerate {

using Millis = std::chrono::milliseconds;

// Milliseconds since 1970-01-01T00:00:00Z by the wall clock. May step either way.
using WallMs = std::int64_t;

// "2026-11-27T14:02:11Z" (RFC 3339, whole seconds).
std::string UtcText(WallMs ms);

class Clock {
 public:
  virtual ~Clock() = default;
  // Any thread.
  virtual WallMs Wall() const = 0;
  // Since an arbitrary start; never goes backwards. Any thread.
  virtual Millis Monotonic() const = 0;
};

// The machine's clocks (CLOCK_REALTIME, CLOCK_MONOTONIC).
class SystemClock final : public Clock {
 public:
  WallMs Wall() const override;
  Millis Monotonic() const override;
};

// A clock that moves only when told. Not thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallMs start) : wall_(start) {}
  WallMs Wall() const override { return wall_; }
  Millis Monotonic() const override { return monotonic_; }
  void Advance(Millis by) {
    wall_ += by.count();
    monotonic_ += by;
  }
  // The wall clock alone steps, as an administrator or NTP may make it.
  void StepWall(Millis by) { wall_ += by.count(); }

 private:
  WallMs wall_;
  Millis monotonic_{0};
};

}  // namespace routerate
