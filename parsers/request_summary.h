// What is counted of the lines of one file before it is sent: a summary that grows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "parsers/access_event.h"
#include "parsers/event_record.h"
#include "parsers/request_counts.h"
#include "parsers/route_matcher.h"
#include "parsers/series_key.h"

namespace routerate {

// Holds a row for each second and series, whatever clients send: whoever adds to it sends it when
// most_bytes() is as much as he likes, so there is no limit of its own. Not thread-safe.
class RequestSummary {
 public:
  // An event whose line begins at `offset`, behind those before it.
  void Add(std::uint64_t offset, const AccessEvent& event, RouteMatcher& routes);

  bool Empty() const { return rows_.empty(); }
  // From the first event's line to the last one's.
  const LineRange& lines() const { return lines_; }
  // The value of its record (summary_record.h), and at most how large that is: rows are in the
  // order of their first events. Memory is about twice as much.
  std::string Encode() const;
  std::size_t most_bytes() const { return most_bytes_; }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Row {
    std::int64_t second;
    std::size_t before;  // the row of the same series that came before it, or kNone
    std::string names;
    RequestCounts counts;
  };

  RequestCounts& CountsOf(std::int64_t second, const AccessEvent& event, RouteMatcher& routes);

  LineRange lines_;
  std::vector<Row> rows_;
  // The newest row of each series: most events are of its second. By origin, for a rule and the
  // paths that it does not fit may have one template, and the reader must see that there is a rule.
  using Newest = std::unordered_map<SeriesKey, std::size_t, SeriesKeyHash, SeriesKeyEqual>;
  std::array<Newest, 2> newest_;
  std::size_t most_bytes_ = 0;
};

}  // namespace routerate
