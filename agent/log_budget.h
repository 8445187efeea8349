// LogBudget: how often one kind of thing is told in the log. A few of it are worth a line each; a
// flood of it, or the same again and again, is worth a number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace routerate {

// Pure: is given the time, monotonic. Not thread-safe. In kPeriod, counted from its first line, at
// most kMost lines are told, each once.
class LogBudget {
 public:
  static constexpr std::size_t kMost = 10;
  static constexpr Millis kPeriod{10'000};

  // Whether this one is told; else it is counted.
  bool Spend(std::string_view line, Millis now) {
    if (untold_ == 0 && now - began_ >= kPeriod) Begin(now);
    const bool told = told_.size() < kMost && std::ranges::find(told_, line) == told_.end();
    if (told) {
      told_.emplace_back(line);
    } else {
      ++untold_;
    }
    return told;
  }
  // How many were not told, once their period is over; then another begins.
  std::uint64_t TakeUntold(Millis now) {
    if (untold_ == 0 || now - began_ < kPeriod) return 0;
    Begin(now);
    return std::exchange(untold_, 0);
  }

 private:
  void Begin(Millis now) {
    began_ = now;
    told_.clear();
  }

  Millis began_{-kPeriod};
  std::vector<std::string> told_;  // of the period
  std::uint64_t untold_ = 0;
};

}  // namespace routerate
