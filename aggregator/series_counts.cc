// Each part adds, merges, writes and reads itself.
#include "aggregator/series_counts.h"

namespace routerate {

bool SeriesCounts::Add(const PlacedSample& placed) {
  const RequestSample& sample = placed.sample;
  const auto code_class = static_cast<std::size_t>(sample.code_class);
  ++requests[code_class];
  bytes[code_class] += sample.bytes;
  if (sample.duration_us >= 0) latency.Add(sample.duration_us, placed.bound);
  if (!sample.second) return true;
  if (sample.duration_us >= 0) recent_latency.Add(*sample.second, {placed.index, 1});
  return buckets.Add(*sample.second, EventTimeBuckets::Count::Of(sample.code_class, sample.bytes));
}

bool SeriesCounts::Add(std::optional<std::int64_t> second, const RequestCounts& counts) {
  for (std::size_t i = 0; i < kCodeClassCount; ++i) {
    requests[i] += counts.requests[i];
    bytes[i] += counts.bytes[i];
  }
  latency.Merge(counts.latency);
  if (!second) return true;
  recent_latency.Add(*second, counts.sketch);
  return buckets.Add(*second, EventTimeBuckets::Count::Of(counts));
}

std::uint64_t SeriesCounts::Merge(const SeriesCounts& other) {
  MergeTotals(other);
  recent_latency.Merge(other.recent_latency);
  return buckets.Merge(other.buckets);
}

void SeriesCounts::MergeTotals(const SeriesCounts& other) {
  for (std::size_t i = 0; i < kCodeClassCount; ++i) {
    requests[i] += other.requests[i];
    bytes[i] += other.bytes[i];
  }
  latency.Merge(other.latency);
}

void SeriesCounts::Write(ByteWriter out) const {
  WriteSparse(requests, out);
  WriteSparse(bytes, out);
  latency.Write(out);
  buckets.Write(out);
  recent_latency.Write(out);
}

void SeriesCounts::Read(ByteReader& in) {
  ReadSparse(in, &requests);
  ReadSparse(in, &bytes);
  latency.Read(in);
  buckets.Read(in);
  recent_latency.Read(in);
}

void SeriesCounts::Clear() {
  requests = bytes = {};
  latency = {};
  buckets.Clear();
  recent_latency.Clear();
}

}  // namespace routerate
