// Summaries: anything may be on the topic, and what is written must be what is read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/request_summary.h"
#include "parsers/route_id.h"
#include "parsers/summary_record.h"
#include "tests/fuzz/checked_event.h"
#include "tests/parsers/hostile_choices.h"
#include "tests/parsers/hostile_escapes.h"

namespace routerate {
namespace {

bool Same(const LatencySketch& a, const LatencySketch& b) {
  return std::ranges::equal(a.buckets(), b.buckets(), [](const auto& x, const auto& y) {
    return x.index == y.index && x.count == y.count;
  });
}

bool Same(const RequestCounts& a, const RequestCounts& b) {
  return a.requests == b.requests && a.bytes == b.bytes && a.latency.counts == b.latency.counts &&
         a.latency.sum_us == b.latency.sum_us && Same(a.sketch, b.sketch);
}

// Sums of such rows do not overflow, and each can be shown.
void CheckRow(const SummaryRow& row) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 43;
  Promise(IsLabelValue(row.route_id), "a route_id is a label's value", row.route_id);
  const std::uint64_t requests = row.counts.Requests();
  Promise(requests > 0 && requests < kMost, "a row is of requests", row.key.route);
  Promise(
      row.counts.latency.count == row.counts.sketch.count() && row.counts.latency.count <= requests,
      "each latency is a request's", row.key.route);
}

// Every row of any value can be written again and then reads the same.
void CheckValue(std::string_view value) {
  SummaryReader reader;
  SummaryReader again;
  const std::size_t skipped = reader.Read(value, [&](const SummaryRow& seen) {
    CheckRow(seen);
    std::string copy;
    AppendSummaryRow(seen.second, SummaryNames(seen.key, seen.origin, seen.route_id), seen.counts,
                     &copy);
    std::size_t rows = 0;
    const std::size_t lost = again.Read(copy, [&](const SummaryRow& read) {
      ++rows;
      Promise(read.second == seen.second && read.key == seen.key && read.origin == seen.origin &&
                  read.route_id == seen.route_id && Same(read.counts, seen.counts),
              "a row that is written reads the same", copy);
    });
    Promise(rows == 1 && lost == 0, "a row that is written is read", copy);
  });
  Promise(skipped <= value.size(), "a line has a byte at least", value);
}

// Events that a parser could have made, with any text in them: none is lost.
void CheckSumming(std::string_view bytes) {
  constexpr std::uint64_t kMost = 999'999'999'999;
  static RouteMatcher routes = *RouteMatcher::Create({}, "");  // remembers, and answers the same
  Choices choices(bytes);
  RequestSummary summary;
  std::uint64_t events = 0;
  for (; events <= choices.Below(8); ++events) {
    const std::string path = "/" + VisibleUtf8(choices.Bytes(choices.Below(40)));
    const std::string method = VisibleUtf8(choices.Bytes(choices.Below(8)));
    summary.Add(events,
                {.ts_ms = static_cast<std::int64_t>(choices.Below(kMost)),
                 .method = method,
                 .path = path,
                 .status = static_cast<int>(choices.Below(1000)),
                 .bytes = static_cast<std::int64_t>(choices.Below(kMost)) - 1,
                 .duration_us = static_cast<std::int64_t>(choices.Below(kMost)) - 1},
                routes);
  }
  const std::string value = summary.Encode();
  Promise(value.size() <= summary.most_bytes(), "a summary is no larger than it says", value);
  std::uint64_t requests = 0;
  const std::size_t skipped = SummaryReader().Read(
      value, [&](const SummaryRow& row) { requests += row.counts.Requests(); });
  Promise(skipped == 0 && requests == events, "no event is lost", value);
  CheckValue(value);
}

}  // namespace
}  // namespace routerate

// The first byte says what the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'w') {
    routerate::CheckSumming(rest);
  } else {
    routerate::CheckValue(rest);
  }
  return 0;
}
