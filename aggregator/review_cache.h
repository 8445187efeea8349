// Answers of an API server to questions that come again and again: kept for a while, and asked for
// once however many wait for the same.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace routerate {

// At `limit` answers the oldest leaves. A failure is told to all who wait and is not kept: the next
// one asks again. One thread.
template <typename Answer>
class ReviewCache {
 public:
  using Done = std::function<void(const Result<Answer>&)>;
  using Ask = std::function<void(Done)>;

  ReviewCache(const Clock& clock, Millis kept_for, std::size_t limit)
      : clock_(clock), kept_for_(kept_for), limit_(limit) {}

  enum class Found { kKept, kOnItsWay, kAsked };
  // `done` is called with what is kept, at once, or with what comes of `ask`.
  Found Get(const std::string& key, const Ask& ask, Done done) {
    Forget();
    if (const auto kept = kept_.find(key); kept != kept_.end()) {
      const Result<Answer> answer = kept->second;
      done(answer);
      return Found::kKept;
    }
    auto& waiting = waiting_[key];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1) return Found::kOnItsWay;
    ask([this, key](const Result<Answer>& answer) { Tell(key, answer); });
    return Found::kAsked;
  }
  std::size_t size() const { return kept_.size(); }

 private:
  void Tell(const std::string& key, const Result<Answer>& answer) {
    if (answer && kept_.emplace(key, *answer).second) {
      order_.emplace_back(clock_.Monotonic() + kept_for_, key);
      if (order_.size() > limit_) ForgetOldest();
    }
    const auto waiting = waiting_.extract(key);  // first, for one of them may ask again
    for (const Done& done : waiting.mapped()) done(answer);
  }
  void Forget() {
    while (!order_.empty() && order_.front().first <= clock_.Monotonic()) ForgetOldest();
  }
  void ForgetOldest() {
    kept_.erase(order_.front().second);
    order_.pop_front();
  }

  const Clock& clock_;
  Millis kept_for_;
  std::size_t limit_;
  std::map<std::string, Answer> kept_;
  std::deque<std::pair<Millis, std::string>> order_;  // until when, oldest first
  std::map<std::string, std::vector<Done>> waiting_;
};

}  // namespace routerate
