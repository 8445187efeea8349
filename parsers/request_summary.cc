// Event → series, second → row. A series and its names are made once; an event costs a look-up and
// some additions.
#include "parsers/request_summary.h"

#include <span>
#include <utility>

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
  Series& series = SeriesOf(CountedRouteOf(event, routes), routes);
  for (std::size_t row = series.newest; row != kNone; row = rows_[row].before) {
    if (rows_[row].second == second) return rows_[row].counts;
  }
  return NewRow(second, series);
}

RequestSummary::Series& RequestSummary::SeriesOf(const CountedRoute& route,
                                                 const RouteMatcher& routes) {
  auto& known = series_[static_cast<std::size_t>(route.origin)];
  if (const auto found = known.find(route.key); found != known.end()) return found->second;
  const auto& [path, method, name] = route.key;
  SeriesKey key{std::string(path), std::string(method), std::string(name)};
  std::string names = SummaryNames(route.key, route.origin, routes.IdOf(route.match, method));
  return known.emplace(std::move(key), Series{std::move(names)}).first->second;
}

RequestCounts& RequestSummary::NewRow(std::int64_t second, Series& series) {
  most_bytes_ += kMostRowBytes + series.names.size();
  if (used_ == rows_.size()) rows_.emplace_back();
  Row& row = rows_[used_];
  row.second = second;
  row.series = &series;
  row.before = std::exchange(series.newest, used_++);
  return row.counts;
}

std::string RequestSummary::Encode() const {
  std::string value;
  for (const Row& row : std::span(rows_).first(used_)) {
    AppendSummaryRow(row.second, row.series->names, row.counts, &value);
  }
  return value;
}

void RequestSummary::Clear() {
  constexpr std::size_t kUsual = 512;  // rows and series
  for (Row& row : std::span(rows_).first(used_)) {
    row.series->newest = kNone;
    row.counts.Clear();
  }
  used_ = most_bytes_ = 0;
  lines_ = {};
  if (rows_.size() > kUsual) rows_ = {};
  if (series_[0].size() + series_[1].size() > kUsual) series_ = {};
}

}  // namespace routerate
