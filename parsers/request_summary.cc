// Event → route and second → row. A series and its names are made once a row; all other events cost
// a look-up and some additions.
#include "parsers/request_summary.h"

#include "parsers/counted_route.h"
#include "parsers/request_sample.h"
#include "parsers/summary_record.h"

namespace routerate {

void RequestSummary::Add(std::uint64_t offset, const AccessEvent& event, RouteMatcher& routes) {
  const auto line = static_cast<std::int64_t>(offset);
  if (Empty()) lines_.first = line;
  lines_.last = line;
  RequestCounts& counts = CountsOf(SecondOf(event.ts_ms), event, routes);
  const std::size_t buckets = counts.sketch.bucket_count();
  counts.Add(SampleOf(event));
  most_bytes_ += kMostBucketBytes * (counts.sketch.bucket_count() - buckets);
}

RequestCounts& RequestSummary::CountsOf(std::int64_t second, const AccessEvent& event,
                                        RouteMatcher& routes) {
  const CountedRoute route = CountedRouteOf(event, routes);
  Newest& newest_rows = newest_[static_cast<std::size_t>(route.origin)];
  const auto found = newest_rows.find(route.key);
  const std::size_t newest = found == newest_rows.end() ? kNone : found->second;
  for (std::size_t row = newest; row != kNone; row = rows_[row].before) {
    if (rows_[row].second == second) return rows_[row].counts;
  }
  std::string names = newest == kNone ? SummaryNames(route.key, route.origin,
                                                     routes.IdOf(route.match, route.key.method))
                                      : rows_[newest].names;
  most_bytes_ += kMostRowBytes + names.size();
  if (newest == kNone) {
    newest_rows.emplace(SeriesKey{std::string(route.key.route), std::string(route.key.method),
                                  std::string(route.key.name)},
                        rows_.size());
  } else {
    found->second = rows_.size();
  }
  return rows_.emplace_back(Row{second, newest, std::move(names), {}}).counts;
}

std::string RequestSummary::Encode() const {
  std::string value;
  for (const Row& row : rows_) AppendSummaryRow(row.second, row.names, row.counts, &value);
  return value;
}

}  // namespace routerate
