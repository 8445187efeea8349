// Latencies of about the last minute of event time: a sketch (parsers/latency_sketch.h) for each
// ten seconds.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "aggregator/latency_tally.h"
#include "base/byte_codec.h"
#include "parsers/latency_sketch.h"

namespace routerate {

// Memory: 12 bytes for each bucket of a slot in which something happened; of a route's latencies
// some dozen a slot. Not thread-safe.
class RecentLatency {
 public:
  static constexpr std::int64_t kSlotSeconds = 10;
  static constexpr std::int64_t kSlots = 6;  // that are read: a minute
  // Kept: the minute, and as far as a window's end may lie behind the newest event.
  static constexpr std::int64_t kSlotsKept = 24;

  // Counts latencies of a sketch's bucket. `second` is the event's, since 1970. What is older than
  // all that is kept does nothing.
  void Add(std::int64_t second, LatencySketch::Bucket latencies);
  void Add(std::int64_t second, const LatencySketch& latencies);

  void Merge(const RecentLatency& other);
  void Write(ByteWriter out) const;
  // In place of what there was.
  void Read(ByteReader& in);
  void Prefetch() const {
    if (!buckets_.empty()) __builtin_prefetch(&buckets_[buckets_.size() / 2], 1);
  }
  // Keeps the memory.
  void Clear() { buckets_.clear(); }

  // Adds to *out the kSlots slots that end with the one before second `end`.
  void MergeInto(std::int64_t end, LatencyTally* out) const;

 private:
  struct Bucket {
    std::int32_t slot;  // second / kSlotSeconds
    std::int32_t index;
    std::uint32_t count;
  };
  static constexpr std::pair<std::int32_t, std::int32_t> PlaceOf(const Bucket& bucket) {
    return {bucket.slot, bucket.index};
  }

  bool IsTooOld(const Bucket& bucket) const {
    return !buckets_.empty() && bucket.slot <= buckets_.back().slot - kSlotsKept;
  }
  void Add(const Bucket& bucket);
  void DropOldSlots();

  std::vector<Bucket> buckets_;  // by slot and index
};

}  // namespace routerate
