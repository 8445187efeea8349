// The series that answer a question → numbers, or why there is none (DESIGN G3).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "aggregator/aggregator_options.h"
#include "aggregator/api_status.h"
#include "aggregator/metric_question.h"
#include "aggregator/metric_subjects.h"

namespace routerate {

struct MetricValue {
  std::string object;         // its name
  double value = 0;           // in the metric's unit; never negative
  std::int64_t end_s = 0;     // since 1970: the window ends before it
  std::int64_t window_s = 0;  // how long it is
};

// A sum is known where all its parts are. One object whose value is withheld fails with 503, and of
// several those that have one are told, so that an HPA counts the other pods as missing. What is
// withheld, since when and why is in the message. `subjects` is not empty.
std::expected<std::vector<MetricValue>, ApiError> MetricValuesOf(
    const MetricQuestion& question, const std::vector<MetricSubject>& subjects,
    const StatsSnapshot& snapshot, const AggregatorOptions& options);

}  // namespace routerate
