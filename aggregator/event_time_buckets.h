// Requests and bytes of each second of event time, from which every window's rate is read (DESIGN
// G2). A series' short memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include "aggregator/windows.h"
#include "base/byte_codec.h"

namespace routerate {

// Keeps the newest kSpanSeconds seconds, and of these only the ones in which something happened: 24
// bytes each, 12 KiB at most; an idle series costs nothing. Each holds the sum of all up to it, so
// a window of any length is a difference of two. Not thread-safe.
class EventTimeBuckets {
 public:
  // The longest window, and as far as its end may lie behind the newest event: lateness,
  // stale_after and kFutureAllowance, at most a minute each.
  static constexpr std::int64_t kSpanSeconds = 512;
  static_assert(kSpanSeconds >= kWindows.back().seconds + 3 * 60 + 1);

  struct Count {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;

    friend constexpr Count operator+(Count a, Count b) {
      return {a.requests + b.requests, a.bytes + b.bytes};
    }
    friend constexpr Count operator-(Count a, Count b) {
      return {a.requests - b.requests, a.bytes - b.bytes};
    }
  };

  // False: the second is older than all that is kept; nothing was added.
  bool Add(std::int64_t second, Count count);

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
  using Place = std::vector<Bucket>::const_iterator;

  // The first bucket that is not before `second`.
  Place PlaceOf(std::int64_t second) const;
  Count Before(Place place) const {
    return place == buckets_.begin() ? dropped_ : std::prev(place)->up_to;
  }
  void InsertAt(Place place, std::int64_t second);
  void DropOlderThan(std::int64_t second);

  std::vector<Bucket> buckets_;  // by second
  Count dropped_;                // the sum before the first of them
  // Something of a second before this one was dropped or never taken.
  std::int64_t complete_from_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace routerate
