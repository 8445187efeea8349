// What is counted of the lines of one file before it is sent: a summary that grows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "parsers/access_event.h"
#include "parsers/counted_route.h"
#include "parsers/event_record.h"
#include "parsers/request_counts.h"
#include "parsers/route_matcher.h"
#include "parsers/series_key.h"

namespace routerate {

// Holds a row for each second and series, whatever clients send: whoever adds to it sends it when
// most_bytes() is as much as he likes, so there is no limit of its own. All that is ever added has
// its routes from one matcher. Not thread-safe.
class RequestSummary {
 public:
  RequestSummary() = default;
  RequestSummary(RequestSummary&&) = default;
  RequestSummary& operator=(RequestSummary&&) = default;

  // An event whose line begins at `offset`, behind those before it.
  void Add(std::uint64_t offset, const AccessEvent& event, RouteMatcher& routes);

  bool Empty() const { return used_ == 0; }
  // From the first event's line to the last one's.
  const LineRange& lines() const { return lines_; }
  // The value of its record (summary_record.h), and at most how large that is: rows are in the
  // order of their first events. Memory is about twice as much.
  std::string Encode() const;
  std::size_t most_bytes() const { return most_bytes_; }

  // Begins the next summary. Keeps memory, and series with their names, for it may be of the same
  // ones: as many as a usual summary has.
  void Clear();
  // Rows that it has memory for.
  std::size_t room() const { return rows_.size(); }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Series {
    std::string names;
    std::size_t newest = kNone;  // its row of the latest second: most events are of that
  };
  struct Row {
    std::int64_t second = 0;
    Series* series = nullptr;
    std::size_t before = kNone;  // the row of the same series that came before it
    RequestCounts counts = {};
  };

  RequestCounts& CountsOf(std::int64_t second, const AccessEvent& event, RouteMatcher& routes);
  Series& SeriesOf(const CountedRoute& route, const RouteMatcher& routes);
  RequestCounts& NewRow(std::int64_t second, Series& series);

  LineRange lines_;
  std::vector<Row> rows_;
  std::size_t used_ = 0;  // of rows_
  // By origin, for a rule and the paths that it does not fit may have one template, and the reader
  // must see that there is a rule.
  std::array<std::unordered_map<SeriesKey, Series, SeriesKeyHash, SeriesKeyEqual>, 2> series_;
  std::size_t most_bytes_ = 0;
};

}  // namespace routerate
