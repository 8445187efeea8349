// SendWindow: how many records librdkafka holds at once. Pure: it is given the time.
//
// Of a partition that has five unacknowledged records librdkafka 2.0.2 sends no more, idempotent as
// it is; and while others wait behind them it does not sleep but asks again and again whether it
// may send (rd_kafka_msgq_allow_wakeup_at says "now"). That burns a core for each round trip, and
// for many seconds when a broker falls silent. So it is given only what it can send at once: up to
// five records, or, when it holds none, all that come within the same millisecond, which its linger
// of a millisecond makes one request. What waits stays in the files' batches, where it grows
// together.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace routerate {

class SendWindow {
 public:
  static constexpr std::uint64_t kRecords = 5;
  // One request's worth: librdkafka's batch.size and message.max.bytes are 1,000,000.
  static constexpr std::uint64_t kBurstBytes = 900'000;
  static constexpr std::uint64_t kRecordOverhead = 256;  // key, headers, framing

  bool HasRoom(std::uint64_t bytes, Millis now) const {
    const bool fits_burst = burst_bytes_ + bytes + kRecordOverhead <= kBurstBytes;
    return HasRoomForOne() || (now == burst_at_ && fits_burst);
  }
  // Where each record is a request of its own.
  bool HasRoomForOne() const { return held_ < kRecords; }

  void Sent(std::uint64_t bytes, Millis now) {
    if (held_ == 0) {
      burst_at_ = now;
      burst_bytes_ = 0;
    }
    burst_bytes_ += bytes + kRecordOverhead;
    ++held_;
  }
  // One was delivered or failed.
  void Answered() { --held_; }
  std::uint64_t held() const { return held_; }

 private:
  std::uint64_t held_ = 0;         // records not answered
  Millis burst_at_{-1};            // when the first of them came
  std::uint64_t burst_bytes_ = 0;  // that came since none was held
};

}  // namespace routerate
