// A question about metrics → the objects that it is about, and the series that answer it.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "aggregator/api_status.h"
#include "aggregator/metric_question.h"
#include "aggregator/metric_selection.h"
#include "aggregator/stats_snapshot.h"

namespace routerate {

// What of one service, or of one of its pods, is asked for. Borrows the snapshot.
struct MetricFeed {
  const ServiceStats* service = nullptr;
  const PodStats* pod = nullptr;           // nullptr: of the service as a whole
  std::vector<const SeriesStats*> series;  // none: nobody ever asked for such a thing, which is 0
};

// An object, and what was asked of it; not empty.
struct MetricSubject {
  std::string name;
  std::vector<MetricFeed> feeds;
};

// Fails with 404 where there is no such thing; while not all is read yet, with 503. A route that
// routes.yaml names need not have been requested, any other must have been: a mistyped name must
// not be 0.
std::expected<std::vector<MetricSubject>, ApiError> FindSubjects(const MetricQuestion& question,
                                                                 const StatsSnapshot& snapshot);

}  // namespace routerate
