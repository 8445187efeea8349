// Why a question about metrics is about nothing, in words for whoever wrote the HPA.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "aggregator/api_status.h"
#include "aggregator/metric_question.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// Borrows both. Each error is a 404, or a 503 while not all is read: what is not there may be among
// what was not read.
class MetricAbsence {
 public:
  MetricAbsence(const MetricQuestion& question, const StatsSnapshot& snapshot)
      : question_(question), snapshot_(snapshot) {}

  // What was passed over in the search.
  std::string workload;            // that is asked for; empty: none is
  std::size_t gone = 0;            // services or pods that said goodbye
  std::size_t without_labels = 0;  // pods that told none

  std::unexpected<ApiError> OfLabel(std::string_view key) const;
  std::unexpected<ApiError> OfObject() const;
  std::unexpected<ApiError> OfSeries() const;

 private:
  std::unexpected<ApiError> Because(std::string why) const;
  std::string WhyNoObject() const;
  std::string KnownServices() const;

  const MetricQuestion& question_;
  const StatsSnapshot& snapshot_;
};

}  // namespace routerate
