// A full bucket is as good as none, so the table holds those only who took something lately.
#include "aggregator/token_buckets.h"

#include <algorithm>
#include <cmath>

namespace routerate {

double TokenBuckets::TokensOf(const Bucket& bucket, Millis now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  return std::min(limits_.burst, bucket.tokens + seconds * limits_.per_second);
}

void TokenBuckets::ForgetFull(Millis now) {
  std::erase_if(buckets_,
                [&](const auto& each) { return TokensOf(each.second, now) >= limits_.burst; });
}

TokenBuckets::Bucket& TokenBuckets::Of(const std::string& owner, Millis now) {
  auto found = buckets_.find(owner);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits_.owners) ForgetFull(now);
    if (buckets_.size() < limits_.owners) {
      found = buckets_.emplace(owner, Bucket{limits_.burst, now}).first;
    }
  }
  Bucket& bucket = found == buckets_.end() ? shared_ : found->second;
  bucket = {TokensOf(bucket, now), now};
  return bucket;
}

Millis TokenBuckets::Wait(const std::string& owner, Millis now) {
  const double missing = 1 - Of(owner, now).tokens;
  if (missing <= 0) return Millis{0};
  return Millis(static_cast<Millis::rep>(std::ceil(missing / limits_.per_second * 1000)));
}

void TokenBuckets::Take(const std::string& owner, double tokens, Millis now) {
  Bucket& bucket = Of(owner, now);
  bucket.tokens = std::max(-limits_.burst, bucket.tokens - tokens);
}

}  // namespace routerate
