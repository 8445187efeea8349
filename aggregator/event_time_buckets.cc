// A sorted vector of seconds. Events mostly belong to its last few entries.
#include "aggregator/event_time_buckets.h"

#include <algorithm>
#include <utility>

namespace routerate {

bool EventTimeBuckets::Add(std::int64_t second, Count count) {
  if (!buckets_.empty() && second == buckets_.back().second) {
    buckets_.back().count.requests += count.requests;
    buckets_.back().count.bytes += count.bytes;
    return true;
  }
  if (!buckets_.empty() && second <= buckets_.back().second - kSpanSeconds) {
    complete_from_ = std::max(complete_from_, second + 1);
    return false;
  }
  auto at = std::ranges::lower_bound(buckets_, second, {}, &Bucket::second);
  if (at == buckets_.end() || at->second != second) at = buckets_.insert(at, {second, {}});
  at->count.requests += count.requests;
  at->count.bytes += count.bytes;
  DropOlderThan(buckets_.back().second - kSpanSeconds + 1);
  return true;
}

void EventTimeBuckets::DropOlderThan(std::int64_t second) {
  const auto kept = std::ranges::lower_bound(buckets_, second, {}, &Bucket::second);
  if (kept == buckets_.begin()) return;
  complete_from_ = std::max(complete_from_, std::prev(kept)->second + 1);
  buckets_.erase(buckets_.begin(), kept);
}

std::uint64_t EventTimeBuckets::Merge(const EventTimeBuckets& other) {
  std::uint64_t too_old = 0;
  for (const Bucket& bucket : other.buckets_) {
    if (!Add(bucket.second, bucket.count)) too_old += bucket.count.requests;
  }
  complete_from_ = std::max(complete_from_, other.complete_from_);
  return too_old;
}

void EventTimeBuckets::Write(ByteWriter out) const {
  const bool all = complete_from_ == std::numeric_limits<std::int64_t>::min();
  out.Unsigned(all ? 0 : 1);
  if (!all) out.Signed(complete_from_);
  out.Unsigned(buckets_.size());
  std::int64_t before = 0;
  for (const Bucket& bucket : buckets_) {
    out.Signed(bucket.second - std::exchange(before, bucket.second));
    out.Unsigned(bucket.count.requests);
    out.Unsigned(bucket.count.bytes);
  }
}

void EventTimeBuckets::Clear() {
  buckets_.clear();
  complete_from_ = std::numeric_limits<std::int64_t>::min();
}

void EventTimeBuckets::Read(ByteReader& in) {
  Clear();
  if (in.Unsigned() != 0) complete_from_ = in.Near(0);
  std::int64_t second = 0;
  for (std::uint64_t left = in.Count(); left > 0; --left) {
    second = in.Near(second);
    const std::uint64_t requests = in.Unsigned();
    buckets_.push_back({second, {requests, in.Unsigned()}});
  }
}

std::optional<EventTimeBuckets::Count> EventTimeBuckets::Sum(std::int64_t begin,
                                                             std::int64_t end) const {
  if (begin < complete_from_) return std::nullopt;
  Count sum;
  auto at = std::ranges::lower_bound(buckets_, begin, {}, &Bucket::second);
  for (; at != buckets_.end() && at->second < end; ++at) {
    sum.requests += at->count.requests;
    sum.bytes += at->count.bytes;
  }
  return sum;
}

}  // namespace routerate
