// DDSketch with a sorted vector for its store: a route's latencies fall into a few dozen buckets,
// so finding one is a short binary search and merging is a walk over both.
#include "parsers/latency_sketch.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace routerate {
namespace {

constexpr double kGamma = (1 + LatencySketch::kRelativeError) / (1 - LatencySketch::kRelativeError);
const double kInverseLogGamma = 1 / std::log(kGamma);

// The point of each bucket that is equally far from both ends, relatively.
std::vector<double> AllValues() {
  std::vector<double> values;
  values.reserve(LatencySketch::kLastIndex + 1);
  for (std::int32_t i = 0; i <= LatencySketch::kLastIndex; ++i) {
    values.push_back(2 * std::pow(kGamma, i) / (kGamma + 1));
  }
  return values;
}

}  // namespace

double LatencySketch::ValueOf(std::int32_t index) {
  static const std::vector<double> kValues = AllValues();
  return kValues[static_cast<std::size_t>(index)];
}

std::int32_t LatencySketch::IndexOf(std::int64_t micros) {
  const auto value = static_cast<double>(std::max<std::int64_t>(micros, 1));
  return static_cast<std::int32_t>(std::ceil(std::log(value) * kInverseLogGamma));
}

bool LatencySketch::AddBucket(Bucket bucket) {
  if (!IsIndex(bucket.index)) return false;
  AddTo(bucket.index, bucket.count);
  return true;
}

void LatencySketch::AddTo(std::int32_t index, std::uint32_t count) {
  const bool behind = buckets_.empty() || buckets_.back().index < index;
  const auto at =
      behind ? buckets_.end() : std::ranges::lower_bound(buckets_, index, {}, &Bucket::index);
  AddAt(static_cast<std::size_t>(at - buckets_.begin()), {index, count});
}

// `at` is the place of the first bucket that is not before it.
void LatencySketch::AddAt(std::size_t at, Bucket bucket) {
  if (at == buckets_.size() || buckets_[at].index != bucket.index) {
    buckets_.insert(buckets_.begin() + static_cast<std::ptrdiff_t>(at), {bucket.index, 0});
  }
  std::uint32_t& count = buckets_[at].count;
  const std::uint32_t before = std::exchange(count, Sum(count, bucket.count));
  count_ += count - before;
}

// Both are sorted.
void LatencySketch::Merge(const LatencySketch& other) {
  std::size_t at = 0;
  for (const Bucket& bucket : other.buckets_) {
    while (at < buckets_.size() && buckets_[at].index < bucket.index) ++at;
    AddAt(at, bucket);
  }
}

void LatencySketch::Write(ByteWriter out) const {
  out.Unsigned(buckets_.size());
  std::int32_t before = 0;
  for (const Bucket& bucket : buckets_) {
    out.Signed(bucket.index - std::exchange(before, bucket.index));
    out.Unsigned(bucket.count);
  }
}

void LatencySketch::Read(ByteReader& in) {
  Clear();
  std::int64_t index = 0;
  for (std::uint64_t left = in.Count(); left > 0; --left) {
    index = in.Near(index);
    if (!IsIndex(index)) return in.Refuse();
    AddTo(static_cast<std::int32_t>(index), static_cast<std::uint32_t>(in.Unsigned()));
  }
}

std::optional<double> LatencySketch::Quantile(double q) const {
  if (count_ == 0) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(count_ - 1));
  std::uint64_t up_to = 0;
  for (const Bucket& bucket : buckets_) {
    up_to += bucket.count;
    if (up_to > rank) return ValueOf(bucket.index);
  }
  return ValueOf(buckets_.back().index);
}

}  // namespace routerate
