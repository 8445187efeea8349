// A sorted vector of seconds. Events mostly belong to its last few entries, so few sums change.
#include "aggregator/event_time_buckets.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace routerate {
namespace {

// Between two seconds in which something happened: a million years.
constexpr std::uint64_t kMostStep = std::uint64_t{1} << 45;

// A number below it says which classes a second has.
constexpr std::uint64_t kClassBits = std::uint64_t{1} << kCodeClassCount;

}  // namespace

// One bucket a second at most bounds how far from the end it is. A busy series has as many, so
// nothing is searched.
EventTimeBuckets::Place EventTimeBuckets::PlaceOf(std::int64_t second) const {
  if (buckets_.empty() || second > buckets_.back().second) return buckets_.end();
  const std::int64_t farthest = buckets_.back().second - second + 1;
  const Place at = buckets_.end() - std::min(farthest, std::ssize(buckets_));
  if (at->second >= second) return at;
  return std::ranges::lower_bound(at, buckets_.end(), second, {}, &Bucket::second);
}

bool EventTimeBuckets::Add(std::int64_t second, const Count& count) {
  if (!buckets_.empty() && second == buckets_.back().second) {
    buckets_.back().up_to += count;
    return true;
  }
  if (!buckets_.empty() && second <= buckets_.back().second - kSpanSeconds) {
    complete_from_ = std::max(complete_from_, second + 1);
    return false;
  }
  Place place = PlaceOf(second);
  auto index = place - buckets_.begin();
  if (place == buckets_.end()) {
    DropOlderThan(second - kSpanSeconds + 1);
    place = buckets_.end();
    index = std::ssize(buckets_);
  }
  if (place == buckets_.end() || place->second != second) InsertAt(place, second);
  for (auto at = buckets_.begin() + index; at != buckets_.end(); ++at) {
    at->up_to += count;
  }
  return true;
}

// Grows to twice the size, but to no more than is kept.
void EventTimeBuckets::InsertAt(Place place, std::int64_t second) {
  const auto index = place - buckets_.begin();
  const Bucket made{second, Before(place)};
  if (buckets_.size() == buckets_.capacity()) {
    const auto most = static_cast<std::size_t>(kSpanSeconds);
    buckets_.reserve(std::max(buckets_.size() + 1, std::min(2 * buckets_.size(), most)));
  }
  buckets_.insert(buckets_.begin() + index, made);
}

void EventTimeBuckets::DropOlderThan(std::int64_t second) {
  const Place kept = PlaceOf(second);
  if (kept == buckets_.begin()) return;
  dropped_ = Before(kept);
  complete_from_ = std::max(complete_from_, std::prev(kept)->second + 1);
  buckets_.erase(buckets_.begin(), kept);
}

std::uint64_t EventTimeBuckets::Merge(const EventTimeBuckets& other) {
  std::uint64_t too_old = 0;
  if (buckets_.empty() && !other.buckets_.empty()) {  // at a start, most
    buckets_ = other.buckets_;
    dropped_ = other.dropped_;
    complete_from_ = std::max(complete_from_, other.complete_from_);
    DropOlderThan(buckets_.back().second - kSpanSeconds + 1);
    return too_old;
  }
  Count before = other.dropped_;
  for (const Bucket& bucket : other.buckets_) {
    const Count count = bucket.up_to - before;
    before = bucket.up_to;
    if (!Add(bucket.second, count)) too_old += count.Requests();
  }
  complete_from_ = std::max(complete_from_, other.complete_from_);
  return too_old;
}

// A bucket begins with the step from the one before and a bit for each class that it has: one byte
// for the next second and one class.
void EventTimeBuckets::Write(ByteWriter out) const {
  const bool all = complete_from_ == std::numeric_limits<std::int64_t>::min();
  out.Unsigned(all ? 0 : 1);
  if (!all) out.Signed(complete_from_);
  out.Unsigned(buckets_.size());
  if (buckets_.empty()) return;
  Bucket before{buckets_.front().second - 1, dropped_};
  out.Signed(before.second);
  for (const Bucket& bucket : buckets_) {
    const Count count = bucket.up_to - before.up_to;
    auto head = static_cast<std::uint64_t>(bucket.second - before.second) << kCodeClassCount;
    for (std::size_t i = 0; i < kCodeClassCount; ++i) {
      head |= std::uint64_t{count.requests[i] != 0} << i;
    }
    out.Unsigned(head);
    for (const std::uint32_t requests : count.requests) {
      if (requests != 0) out.Unsigned(requests);
    }
    out.Unsigned(count.bytes);
    before = bucket;
  }
}

void EventTimeBuckets::Clear() {
  buckets_.clear();
  dropped_ = {};
  complete_from_ = std::numeric_limits<std::int64_t>::min();
}

void EventTimeBuckets::Read(ByteReader& in) {
  Clear();
  if (in.Unsigned() != 0) complete_from_ = in.Near(0);
  ReadBuckets(in);
}

void EventTimeBuckets::ReadBuckets(ByteReader& in) {
  std::uint64_t left = in.Count();
  if (left == 0) return;
  buckets_.reserve(std::min(left, static_cast<std::uint64_t>(kSpanSeconds)));
  Bucket bucket{in.Near(0), {}};
  for (; left > 0 && in.ok(); --left) {
    const std::uint64_t head = in.Unsigned();
    const std::uint64_t step = head >> kCodeClassCount;
    if (step == 0 || step > kMostStep) return in.Refuse();
    bucket.second += static_cast<std::int64_t>(step);
    for (std::uint64_t classes = head % kClassBits; classes != 0; classes &= classes - 1) {
      const std::uint64_t requests = in.Unsigned();
      if (requests > std::numeric_limits<std::uint32_t>::max()) return in.Refuse();
      const auto code_class = static_cast<std::size_t>(std::countr_zero(classes));
      bucket.up_to.requests[code_class] += static_cast<std::uint32_t>(requests);
    }
    bucket.up_to.bytes += in.Unsigned();
    buckets_.push_back(bucket);
  }
}

std::optional<EventTimeBuckets::Count> EventTimeBuckets::Sum(std::int64_t begin,
                                                             std::int64_t end) const {
  if (begin < complete_from_) return std::nullopt;
  return Before(PlaceOf(end)) - Before(PlaceOf(begin));
}

}  // namespace routerate
