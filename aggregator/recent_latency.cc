// One sorted vector for all slots; most events belong to its end.
#include "aggregator/recent_latency.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

namespace routerate {
namespace {

// Of seconds that nothing happens in: 34 thousand years.
constexpr std::int64_t kMostSlots = std::int64_t{1} << 30;

// Rounded down, before 1970 too.
std::int32_t SlotOf(std::int64_t second) {
  const std::int64_t slot = second / RecentLatency::kSlotSeconds;
  const std::int64_t down = second % RecentLatency::kSlotSeconds < 0 ? slot - 1 : slot;
  return static_cast<std::int32_t>(std::clamp(down, -kMostSlots, kMostSlots));
}

}  // namespace

void RecentLatency::Add(std::int64_t second, LatencySketch::Bucket latencies) {
  Add({SlotOf(second), latencies.index, latencies.count});
}

void RecentLatency::Add(std::int64_t second, const LatencySketch& latencies) {
  const std::int32_t slot = SlotOf(second);
  RecentLatency of_second;
  of_second.buckets_.reserve(latencies.bucket_count());
  for (const auto& [index, count] : latencies.buckets()) {
    of_second.buckets_.push_back({slot, index, count});
  }
  Merge(of_second);
}

void RecentLatency::Add(const Bucket& bucket) {
  const bool later = buckets_.empty() || bucket.slot > buckets_.back().slot;
  if (IsTooOld(bucket)) return;
  const auto at = std::ranges::lower_bound(buckets_, PlaceOf(bucket), {}, PlaceOf);
  if (at != buckets_.end() && PlaceOf(*at) == PlaceOf(bucket)) {
    at->count = LatencySketch::Sum(at->count, bucket.count);
    return;
  }
  buckets_.insert(at, bucket);
  if (later) DropOldSlots();
}

void RecentLatency::DropOldSlots() {
  const std::int64_t oldest = buckets_.back().slot - kSlotsKept + 1;
  const auto kept = std::ranges::lower_bound(buckets_, oldest, {}, &Bucket::slot);
  buckets_.erase(buckets_.begin(), kept);
}

// One walk over both, from where the other's begin: what has a place here is added to it, and the
// rest comes in between at once.
void RecentLatency::Merge(const RecentLatency& other) {
  if (other.buckets_.empty()) return;
  if (buckets_.empty()) {
    buckets_.reserve(std::bit_ceil(other.buckets_.size()));  // more will come
    buckets_ = other.buckets_;
    return DropOldSlots();
  }
  const auto first =
      std::ranges::lower_bound(buckets_, PlaceOf(other.buckets_.front()), {}, PlaceOf);
  const auto begin = first - buckets_.begin();
  const std::size_t size = buckets_.size();
  std::size_t at = static_cast<std::size_t>(begin);
  for (const Bucket& bucket : other.buckets_) {
    while (at < size && PlaceOf(buckets_[at]) < PlaceOf(bucket)) ++at;
    if (at < size && PlaceOf(buckets_[at]) == PlaceOf(bucket)) {
      buckets_[at].count = LatencySketch::Sum(buckets_[at].count, bucket.count);
    } else {
      buckets_.push_back(bucket);
    }
  }
  if (buckets_.size() == size) return;
  const auto middle = buckets_.begin() + static_cast<std::ptrdiff_t>(size);
  std::ranges::inplace_merge(buckets_.begin() + begin, middle, buckets_.end(), {}, PlaceOf);
  DropOldSlots();
}

void RecentLatency::Write(ByteWriter out) const {
  out.Unsigned(buckets_.size());
  Bucket before{};
  for (const Bucket& bucket : buckets_) {
    out.Signed(bucket.slot - before.slot);
    out.Signed(bucket.index - before.index);
    out.Unsigned(bucket.count);
    before = bucket;
  }
}

void RecentLatency::Read(ByteReader& in) {
  buckets_.clear();
  std::int64_t slot = 0;
  std::int64_t index = 0;
  for (std::uint64_t left = in.Count(); left > 0 && in.ok(); --left) {
    slot = in.Near(slot);
    index = in.Near(index);
    if (slot < -kMostSlots || slot > kMostSlots || !LatencySketch::IsIndex(index)) {
      return in.Refuse();
    }
    const Bucket bucket{static_cast<std::int32_t>(slot), static_cast<std::int32_t>(index),
                        static_cast<std::uint32_t>(in.Unsigned())};
    const bool in_order = buckets_.empty() || PlaceOf(buckets_.back()) < PlaceOf(bucket);
    in_order ? buckets_.push_back(bucket) : in.Refuse();
  }
}

// From the newest on, for the window ends near it, and memory that was not read for long comes
// sooner when it is asked for in time.
void RecentLatency::MergeInto(std::int64_t end, LatencyTally* out) const {
  constexpr std::size_t kAhead = 96;  // buckets; about a kilobyte
  const std::int64_t last = SlotOf(end - 1);
  std::size_t to = buckets_.size();
  while (to > 0 && buckets_[to - 1].slot > last) --to;
  std::size_t from = to;
  for (; from > 0 && buckets_[from - 1].slot > last - kSlots; --from) {
    if (from > kAhead) __builtin_prefetch(&buckets_[from - kAhead]);
  }
  out->Add(std::span(buckets_).subspan(from, to - from));
}

}  // namespace routerate
