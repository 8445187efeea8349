// How often something is done whose cost grows with what there is: as often as wanted, as long as
// it takes a small part of the time.
#pragma once

#include <algorithm>

#include "base/clock.h"

namespace routerate {

// Not thread-safe.
class Pace {
 public:
  // At most a twentieth of the time goes into it, unless it is done only every `slowest`.
  static constexpr int kShare = 20;

  Pace(Millis fastest, Millis slowest) : fastest_(fastest), slowest_(slowest) {}

  bool Due(Millis now) const { return now >= next_; }
  void Done(Millis begin, Millis end) {
    next_ = begin + std::clamp((end - begin) * kShare, fastest_, slowest_);
  }

 private:
  Millis fastest_;
  Millis slowest_;
  Millis next_{0};
};

}  // namespace routerate
