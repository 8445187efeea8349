// A distribution of latencies from which quantiles can be read, in little memory, and which merges
// without loss: DDSketch (Masson, Rim, Lee: "DDSketch: A fast and fully-mergeable quantile sketch
// with relative-error guarantees", PVLDB 12(12), 2019).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/byte_codec.h"

namespace routerate {

// Bucket i holds values in (g^(i-1), g^i] with g = (1 + a) / (1 - a). Only buckets that hold
// something are stored, 8 bytes each; all possible values together are 1,100 buckets, so a sketch
// is at most 9 KiB. Not thread-safe.
class LatencySketch {
 public:
  // A quantile's value differs from the true one of that rank by at most this part of it.
  static constexpr double kRelativeError = 0.02;

  struct Bucket {
    std::int32_t index;
    std::uint32_t count;  // stays at its most: 4 thousand million of one latency in 10 s
  };

  // The bucket of a latency in microseconds; less than 1 counts as 1.
  static std::int32_t IndexOf(std::int64_t micros);
  // The value that stands for all of a bucket, in microseconds.
  static double ValueOf(std::int32_t index);
  static constexpr std::int32_t kLastIndex = 1'100;  // the longest an int64 holds: about 1,092
  static constexpr bool IsIndex(std::int64_t index) { return index >= 0 && index <= kLastIndex; }
  // Counts that stay at their most.
  static constexpr std::uint32_t Sum(std::uint32_t a, std::uint32_t b) {
    return a + b < a ? std::numeric_limits<std::uint32_t>::max() : a + b;
  }

  void Add(std::int64_t micros) { AddTo(IndexOf(micros), 1); }
  void Merge(const LatencySketch& other);
  // Of another's. False: no latency falls into such a bucket.
  [[nodiscard]] bool AddBucket(Bucket bucket);
  // Keeps the memory.
  void Clear() {
    buckets_.clear();
    count_ = 0;
  }
  void Write(ByteWriter out) const;
  // In place of what there was.
  void Read(ByteReader& in);

  // The value, in microseconds, of rank floor(q × (count - 1)), q in 0..1; nullopt when empty.
  std::optional<double> Quantile(double q) const;
  std::uint64_t count() const { return count_; }
  std::size_t bucket_count() const { return buckets_.size(); }
  const std::vector<Bucket>& buckets() const { return buckets_; }  // by index

 private:
  void AddTo(std::int32_t index, std::uint32_t count);
  void AddAt(std::size_t at, Bucket bucket);

  std::vector<Bucket> buckets_;  // by index
  std::uint64_t count_ = 0;
};

}  // namespace routerate
