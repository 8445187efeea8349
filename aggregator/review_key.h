// What the two kinds of review have in common: by what their answers are kept, and how they are
// told.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/api_server_metrics.h"
#include "aggregator/review_cache.h"
#include "base/result.h"

namespace routerate {

// SHA-256 of the question: of one size, and no secret.
std::string ReviewKey(std::string_view question);

template <typename Answer, typename IsYes>
ReviewOutcome OutcomeOf(const Result<Answer>& answer, IsYes is_yes) {
  if (!answer) return ReviewOutcome::kFailed;
  return is_yes(*answer) ? ReviewOutcome::kYes : ReviewOutcome::kNo;
}

// Of what had not to be asked.
template <typename Found>
void TellFound(Review review, Found found, ApiServerMetrics& metrics) {
  if (found == Found::kKept) metrics.Reviewed(review, ReviewOutcome::kKept, Millis{0});
  if (found == Found::kOnItsWay) metrics.Reviewed(review, ReviewOutcome::kShared, Millis{0});
}

}  // namespace routerate
