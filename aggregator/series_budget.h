// How many series all services together may have (max_series, DESIGN G6).
#pragma once

#include <cstddef>

#include "base/check.h"

namespace routerate {

// Counts places taken. Owned by the intake, borrowed by every partition. Not thread-safe.
class SeriesBudget {
 public:
  explicit SeriesBudget(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] bool TryTake() {
    if (taken_ >= limit_) return false;
    ++taken_;
    return true;
  }
  void Return(std::size_t places) {
    RR_CHECK(places <= taken_);
    taken_ -= places;
  }
  std::size_t taken() const { return taken_; }

 private:
  std::size_t limit_;
  std::size_t taken_ = 0;
};

}  // namespace routerate
