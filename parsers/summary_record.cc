// A row as one line of JSON. Key order is part of the format (docs/record.md).
#include "parsers/summary_record.h"

#include "base/check.h"
#include "parsers/json_line.h"

namespace routerate {
namespace {

// {"2xx":12,"5xx":1}: classes that have none are left out.
void WriteClasses(std::string_view key, const PerCodeClass& counts, JsonLine& line) {
  line.Literal(key);
  line.Literal("{");
  bool first = true;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    line.Literal(first ? "\"" : ",\"");
    line.Literal(CodeClassName(i));
    line.Number("\":", counts[i]);
    first = false;
  }
  line.Literal("}");
}

// [0,3,9]: up to the last bucket that has some.
void WriteHistogram(const LatencyHistogram& latency, JsonLine& line) {
  std::size_t size = latency.counts.size();
  while (size > 0 && latency.counts[size - 1] == 0) --size;
  line.Literal(",\"histogram\":[");
  for (std::size_t i = 0; i < size; ++i) line.Number(i == 0 ? "" : ",", latency.counts[i]);
  line.Literal("]");
}

// [[231,5],[240,8]]: index and count.
void WriteSketch(const LatencySketch& sketch, JsonLine& line) {
  line.Literal(",\"sketch\":[");
  bool first = true;
  for (const LatencySketch::Bucket& bucket : sketch.buckets()) {
    line.Number(first ? "[" : ",[", bucket.index);
    line.Number(",", bucket.count);
    line.Literal("]");
    first = false;
  }
  line.Literal("]}\n");
}

char* WriteRow(std::int64_t second, std::string_view names, const RequestCounts& counts,
               char* out) {
  JsonLine line(out);
  line.Number("{\"second\":", second);
  line.Literal(names);
  WriteClasses(",\"requests\":", counts.requests, line);
  WriteClasses(",\"bytes\":", counts.bytes, line);
  line.Number(",\"duration_us\":", counts.latency.sum_us);
  WriteHistogram(counts.latency, line);
  WriteSketch(counts.sketch, line);
  return line.end();
}

std::string_view OriginName(const SeriesKeyView& key, RouteOrigin origin) {
  if (origin == RouteOrigin::kAutomatic) return "automatic";
  return key.name.empty() ? "rule" : "named_rule";
}

}  // namespace

std::string SummaryNames(const SeriesKeyView& key, RouteOrigin origin, std::string_view route_id) {
  constexpr std::size_t kFixed = 80;  // keys, punctuation, origin
  const std::size_t texts = key.route.size() + route_id.size() + key.method.size();
  std::string names;
  names.resize_and_overwrite(kFixed + JsonLine::kMostPerByte * texts, [&](char* out, std::size_t) {
    JsonLine line(out);
    line.Text(",\"route\":", key.route);
    line.Text(",\"route_id\":", route_id);
    if (key.method.empty()) line.Literal(",\"method\":\"\"");
    line.Text(",\"method\":", key.method);
    line.Text(",\"origin\":", OriginName(key, origin));
    return static_cast<std::size_t>(line.end() - out);
  });
  return names;
}

void AppendSummaryRow(std::int64_t second, std::string_view names, const RequestCounts& counts,
                      std::string* out) {
  const std::size_t before = out->size();
  const std::size_t most =
      kMostRowBytes + names.size() + kMostBucketBytes * counts.sketch.bucket_count();
  out->resize_and_overwrite(before + most, [&](char* data, std::size_t) {
    const auto end =
        static_cast<std::size_t>(WriteRow(second, names, counts, data + before) - data);
    RR_CHECK(end <= before + most);
    return end;
  });
}

}  // namespace routerate
