// A service's series out of its parts: every partition has one, and they become one answer.
#pragma once

#include <cstddef>
#include <vector>

#include "aggregator/series_counts.h"
#include "aggregator/service_counts.h"

namespace routerate {

// What of the parts is shown as one series. Borrows them.
struct MergedSeries {
  SeriesKeyView key;
  std::vector<const SeriesCounts*> parts;  // of at least one
};

struct ServiceSeries {
  std::vector<MergedSeries> shown;         // in no order
  std::vector<const SeriesCounts*> other;  // shown as kOtherRoute; empty: nothing is
};

// Of the automatic series (a method and a template) at most `max_routes` are shown, those that the
// records told of first; the text decides between those of one millisecond. All others are
// `other`'s, so totals stay exact. A function of what was counted, whichever partition was read
// first, so all replicas show the same; a series that is shown gives its place up only for one of
// an older record in a partition that is read later. Series of rules are always shown.
ServiceSeries MergeSeries(const std::vector<const ServiceCounts*>& parts, std::size_t max_routes);

}  // namespace routerate
