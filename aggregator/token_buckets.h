// Token buckets: how much each of many may take, so that one who takes much leaves the others
// theirs.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace routerate {

// A bucket holds `burst` tokens at most and gains `per_second`. Who was never seen has a full one.
// One thread at a time.
class TokenBuckets {
 public:
  struct Limits {
    double per_second;
    double burst;
    std::size_t owners = 4096;  // that have less than a full one; further ones share a bucket
  };

  explicit TokenBuckets(Limits limits) : limits_(limits), shared_{limits.burst, Millis{0}} {}

  // Until `owner` has a whole token; 0: it has one. `now` never goes back.
  Millis Wait(const std::string& owner, Millis now);
  // Takes `tokens` in any case: what is not there is a debt of one burst at most.
  void Take(const std::string& owner, double tokens, Millis now);

 private:
  struct Bucket {
    double tokens;
    Millis filled;  // as of then
  };

  Bucket& Of(const std::string& owner, Millis now);
  double TokensOf(const Bucket& bucket, Millis now) const;
  void ForgetFull(Millis now);

  Limits limits_;
  Bucket shared_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace routerate
