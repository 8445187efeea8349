// What an aggregator's intake has around it, in memory: seconds that pass when they are told to,
// and a counts log that brings back what was appended.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "aggregator/counts_log.h"
#include "aggregator/record_source.h"
#include "base/clock.h"

namespace routerate::bench {

// As many digits as all times here.
inline constexpr WallMs kBenchStart = 1'795'312'800'000;

class CountsInMemory final : public CountsLog {
 public:
  void Append(int, std::string value) override { values_.push_back(std::move(value)); }
  void Poll(CountsVisitor& visitor) override {
    if (!std::exchange(told_, true)) visitor.OnCountsRead();
    for (; !values_.empty(); values_.pop_front()) visitor.OnCounts(values_.front(), 0);
  }
  std::string Trouble() const override { return {}; }

 private:
  std::deque<std::string> values_;
  bool told_ = false;
};

class NoSource final : public RecordSource {
 public:
  void ReadFrom(int, std::int64_t) override {}
  void Poll(Millis, RecordVisitor&) override {}
  SourceStatus Status() const override { return {}; }
};

class SecondsClock final : public Clock {
 public:
  WallMs Wall() const override { return kBenchStart + second_ * 1000; }
  Millis Monotonic() const override { return Millis{second_ * 1000}; }
  std::int64_t second() const { return second_; }
  void Tick() { ++second_; }

 private:
  std::int64_t second_ = 0;
};

}  // namespace routerate::bench
