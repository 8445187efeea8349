// The counts log in memory: one order of values that any number of processes append to and read.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/counts_log.h"

namespace routerate {

struct CountsTopic {
  std::vector<std::string> values;
};

class MemoryCountsLog final : public CountsLog {
 public:
  explicit MemoryCountsLog(CountsTopic& topic) : topic_(topic), at_start_(topic.values.size()) {}

  void Append(int, std::string value) override { topic_.values.push_back(std::move(value)); }
  void Poll(CountsVisitor& visitor) override {
    if (when_polled) when_polled();
    while (next_ < topic_.values.size()) {
      if (next_ == at_start_) Tell(visitor);
      const std::string value = topic_.values[next_];  // more may be appended meanwhile
      visitor.OnCounts(value, static_cast<std::int64_t>(next_++));
    }
    if (next_ >= at_start_) Tell(visitor);
  }
  std::function<void()> when_polled;
  bool AtEnd() const { return next_ == topic_.values.size(); }
  std::string Trouble() const override { return {}; }

 private:
  void Tell(CountsVisitor& visitor) {
    if (!std::exchange(told_, true)) visitor.OnCountsRead();
  }

  CountsTopic& topic_;
  std::size_t at_start_;
  std::size_t next_ = 0;
  bool told_ = false;
};

}  // namespace routerate
