// What the two kinds of review have in common: a question is posted to the cluster's API server,
// its answer kept, and what became of it told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "aggregator/api_server_metrics.h"
#include "aggregator/kube_client.h"
#include "aggregator/review_cache.h"
#include "base/clock.h"
#include "base/result.h"

namespace routerate {

// SHA-256 of the question: of one size, and no secret.
std::string ReviewKey(std::string_view question);

// Borrows all that it is made of. The loop's thread.
template <typename Answer>
class Reviews {
 public:
  using Done = typename ReviewCache<Answer>::Done;
  struct Kind {
    Review review;
    const char* path;
    std::size_t most_kept;
    Result<Answer> (*read)(const Result<std::string>& body);
    bool (*is_yes)(const Answer&);
  };

  Reviews(KubeClient& kube, const Clock& clock, ApiServerMetrics& metrics, const Kind& kind)
      : kube_(kube),
        clock_(clock),
        metrics_(metrics),
        kind_(kind),
        cache_(clock, kKeptFor, kind.most_kept) {}

  // `question` is the review as JSON. It is all that the answer depends on, and is kept by.
  void Ask(const std::string& question, Done done) {
    const auto post = [this, &question](Done tell) {
      const Millis begin = clock_.Monotonic();
      kube_.Post(kind_.path, question, kDeadline,
                 [this, begin, tell = std::move(tell)](Result<std::string> body) {
                   const Result<Answer> answer = kind_.read(body);
                   metrics_.Reviewed(kind_.review, OutcomeOf(answer), clock_.Monotonic() - begin);
                   tell(answer);
                 });
    };
    TellFound(cache_.Get(ReviewKey(question), post, std::move(done)));
  }

 private:
  static constexpr Millis kKeptFor{10'000};
  // An HPA must hear of a failure while it still listens.
  static constexpr Millis kDeadline{3'000};
  using Found = typename ReviewCache<Answer>::Found;

  ReviewOutcome OutcomeOf(const Result<Answer>& answer) const {
    if (!answer) return ReviewOutcome::kFailed;
    return kind_.is_yes(*answer) ? ReviewOutcome::kYes : ReviewOutcome::kNo;
  }
  // Of what had not to be asked.
  void TellFound(Found found) {
    if (found == Found::kKept) {
      metrics_.Reviewed(kind_.review, ReviewOutcome::kKept, Millis{0});
    } else if (found == Found::kOnItsWay) {
      metrics_.Reviewed(kind_.review, ReviewOutcome::kShared, Millis{0});
    }
  }

  KubeClient& kube_;
  const Clock& clock_;
  ApiServerMetrics& metrics_;
  Kind kind_;
  ReviewCache<Answer> cache_;
};

}  // namespace routerate
