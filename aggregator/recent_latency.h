// Latencies of about the last minute of event time: a sketch for each ten seconds.
#pragma once

#include <cstdint>
#include <vector>

#include "parsers/latency_sketch.h"

namespace routerate {

// Memory: only slots in which something happened are stored. Not thread-safe.
class RecentLatency {
 public:
  static constexpr std::int64_t kSlotSeconds = 10;
  static constexpr std::int64_t kSlots = 6;  // that are read: a minute
  // Kept: the minute, and as far as a window's end may lie behind the newest event.
  static constexpr std::int64_t kSlotsKept = 24;

  // `second` is the event's, since 1970. What is older than all that is kept does nothing.
  void Add(std::int64_t second, std::int64_t micros);

  void Merge(const RecentLatency& other);
  void Write(ByteWriter out) const;
  // In place of what there was.
  void Read(ByteReader& in);

  // Adds to *out the kSlots slots that end with the one before second `end`.
  void MergeInto(std::int64_t end, LatencySketch* out) const;

 private:
  struct Slot {
    std::int64_t number;  // second / kSlotSeconds
    LatencySketch sketch;
  };
  LatencySketch* At(std::int64_t number);  // nullptr: too old

  std::vector<Slot> slots_;  // by number
};

}  // namespace routerate
