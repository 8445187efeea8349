// Requests, by class of status code, and bytes of each second of event time, from which every
// window's rates are read (DESIGN G2). A series' short memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "aggregator/windows.h"
#include "base/byte_codec.h"
#include "parsers/code_class.h"
#include "parsers/request_counts.h"

namespace routerate {

// Keeps the newest kSpanSeconds seconds, and of these only the ones in which something happened: 40
// bytes each, 20 KiB at most; an idle series costs nothing. Each holds the sum of all up to it, so
// a window of any length is a difference of two. Not thread-safe.
class EventTimeBuckets {
 public:
  // The longest window, and as far as its end may lie behind the newest event: lateness,
  // stale_after and kFutureAllowance, at most a minute each.
  static constexpr std::int64_t kSpanSeconds = 512;
  static_assert(kSpanSeconds >= kWindows.back().seconds + 3 * 60 + 1);

  // Requests go round at 2^32, as do their sums: a difference of two is right while a class has
  // fewer in a window, which are 14 million a second.
  struct Count {
    std::array<std::uint32_t, kCodeClassCount> requests{};
    std::uint64_t bytes = 0;

    static Count Of(CodeClass code_class, std::uint64_t bytes) {
      Count one{{}, bytes};
      one.requests[static_cast<std::size_t>(code_class)] = 1;
      return one;
    }
    static Count Of(const RequestCounts& counts) {
      Count many{{}, counts.Bytes()};
      for (std::size_t i = 0; i < kCodeClassCount; ++i) {
        many.requests[i] = static_cast<std::uint32_t>(counts.requests[i]);
      }
      return many;
    }

    std::uint64_t Requests() const {
      return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
    }
    Count& operator+=(const Count& other) {
      for (std::size_t i = 0; i < kCodeClassCount; ++i) requests[i] += other.requests[i];
      bytes += other.bytes;
      return *this;
    }
    Count& operator-=(const Count& other) {
      for (std::size_t i = 0; i < kCodeClassCount; ++i) requests[i] -= other.requests[i];
      bytes -= other.bytes;
      return *this;
    }
    friend Count operator-(Count a, const Count& b) { return a -= b; }
  };

  // False: the second is older than all that is kept; nothing was added.
  bool Add(std::int64_t second, const Count& count);

  // Adds all that another has of the same series. Returns the requests that were too old.
  std::uint64_t Merge(const EventTimeBuckets& other);
  void Write(ByteWriter out) const;
  // In place of what there was.
  void Read(ByteReader& in);
  void Prefetch() const {
    if (!buckets_.empty()) __builtin_prefetch(&buckets_.back(), 1);
  }
  // Keeps the memory.
  void Clear();

  // The sum over seconds begin <= s < end; nullopt when a part of it was kept no longer, so that a
  // sum is never short.
  std::optional<Count> Sum(std::int64_t begin, std::int64_t end) const;

 private:
  struct Bucket {
    std::int64_t second;
    Count up_to;  // and with this second
  };
  static_assert(sizeof(Bucket) == 40);
  using Place = std::vector<Bucket>::const_iterator;

  // The first bucket that is not before `second`.
  Place PlaceOf(std::int64_t second) const;
  Count Before(Place place) const {
    return place == buckets_.begin() ? dropped_ : std::prev(place)->up_to;
  }
  void ReadBuckets(ByteReader& in);
  void InsertAt(Place place, std::int64_t second);
  void DropOlderThan(std::int64_t second);

  std::vector<Bucket> buckets_;  // by second
  Count dropped_;                // the sum before the first of them
  // Something of a second before this one was dropped or never taken.
  std::int64_t complete_from_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace routerate
