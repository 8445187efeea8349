// A sorted vector of seconds. Events mostly belong to its last few entries.
#include "aggregator/event_time_buckets.h"

#include <algorithm>

namespace routerate {

bool EventTimeBuckets::Add(std::int64_t second, Count count) {
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
