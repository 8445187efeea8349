// The value of a `summary` record (docs/record.md): what was counted of the lines of one file from
// `rr-first` to `rr-last`, a line of JSON for each second and series. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/request_counts.h"
#include "parsers/series_key.h"

namespace routerate {

// The part of a row that names its series, as JSON.
std::string SummaryNames(const SeriesKeyView& key, RouteOrigin origin, std::string_view route_id);

// Appends a row with its newline; `names` is what SummaryNames gave.
void AppendSummaryRow(std::int64_t second, std::string_view names, const RequestCounts& counts,
                      std::string* out);
// What a row takes at most: so much, its names' bytes, and kMostBucketBytes a bucket of the sketch.
inline constexpr std::size_t kMostRowBytes = 768;
inline constexpr std::size_t kMostBucketBytes = 18;

struct SummaryRow {
  std::int64_t second = 0;  // of event time, since 1970
  SeriesKeyView key;
  RouteOrigin origin = RouteOrigin::kRule;
  std::string_view route_id;
  RequestCounts counts;  // of one request at least
};

// Reads a record's value. Not thread-safe.
class SummaryReader {
 public:
  SummaryReader();
  ~SummaryReader();
  SummaryReader(const SummaryReader&) = delete;
  SummaryReader& operator=(const SummaryReader&) = delete;

  // Calls `visit` for each row in order; the row lives during the call only. A line that is no row,
  // its keys in their order, or whose numbers do not fit one another, is skipped. Returns how many
  // were skipped.
  std::size_t Read(std::string_view value, const std::function<void(const SummaryRow&)>& visit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace routerate
