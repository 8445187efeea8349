// Magic, version, checksum, header, then items. A part begins with the name of its service, so that
// each can be read by itself.
#include "aggregator/count_record.h"

#include <xxhash.h>

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "base/byte_codec.h"

namespace routerate {
namespace {

constexpr std::string_view kMagic = "RRC";
constexpr char kVersion = 1;
constexpr std::size_t kChecksumAt = 4;
constexpr std::size_t kHeaderAt = kChecksumAt + sizeof(std::uint64_t);

enum class Item : std::uint8_t {
  kLogTime,
  kMark,
  kService,
  kKnownSince,
  kSource,
  kSeries,
  kOther,
  kDelays
};

// In xxHash's canonical form, which is big-endian.
std::array<char, sizeof(std::uint64_t)> ChecksumOf(std::string_view bytes) {
  XXH64_canonical_t canonical;
  XXH64_canonicalFromHash(&canonical, XXH3_64bits(bytes.data(), bytes.size()));
  std::array<char, sizeof(std::uint64_t)> checksum = {};
  std::memcpy(checksum.data(), canonical.digest, checksum.size());
  return checksum;
}

void WriteHeader(const CountHeader& header, ByteWriter out) {
  out.Unsigned(static_cast<std::uint64_t>(header.kind));
  out.Text(header.topic);
  out.Unsigned(static_cast<std::uint64_t>(header.partition));
  out.Signed(header.begin);
  out.Signed(header.end);
  out.Unsigned(header.writer);
  out.Unsigned(header.sequence);
  out.Signed(header.wall_ms);
  out.Signed(header.snapshot_at);
  out.Unsigned(header.part);
  out.Unsigned(header.parts);
}

void WriteSeries(const SeriesCounts& series, ByteWriter out) {
  for (const std::uint64_t count : series.requests) out.Unsigned(count);
  for (const std::uint64_t count : series.bytes) out.Unsigned(count);
  series.latency.Write(out);
  series.buckets.Write(out);
  series.recent_latency.Write(out);
}

void ReadSeries(ByteReader& in, SeriesCounts* series) {
  SeriesCounts read;
  for (std::uint64_t& count : read.requests) count = in.Unsigned();
  for (std::uint64_t& count : read.bytes) count = in.Unsigned();
  read.latency.Read(in);
  read.buckets.Read(in);
  read.recent_latency.Read(in);
  if (in.ok()) (void)series->Merge(read);
}

// Bodies of parts, one after the other.
class PartWriter {
 public:
  explicit PartWriter(std::size_t part_bytes) : part_bytes_(part_bytes) { parts_.emplace_back(); }

  void BeginService(std::string_view name) {
    service_ = name;
    named_ = false;
  }
  ByteWriter Begin(Item item) {
    if (parts_.back().size() >= part_bytes_) {
      parts_.emplace_back();
      named_ = false;
    }
    const bool of_service = item != Item::kLogTime && item != Item::kMark;
    if (of_service && !std::exchange(named_, true)) {
      Tag(Item::kService);
      ByteWriter(parts_.back()).Text(service_);
    }
    Tag(item);
    return ByteWriter(parts_.back());
  }
  std::vector<std::string> Take() { return std::move(parts_); }

 private:
  void Tag(Item item) { parts_.back() += static_cast<char>(item); }

  std::size_t part_bytes_;
  std::vector<std::string> parts_;
  std::string service_;
  bool named_ = false;
};

void WriteService(std::string_view name, const ServiceCounts& service, PartWriter& parts) {
  parts.BeginService(name);
  if (service.known_since_ms()) {
    parts.Begin(Item::kKnownSince).Signed(*service.known_since_ms());
  }
  if (service.delays().Total() > 0) service.delays().Write(parts.Begin(Item::kDelays));
  for (const auto& [pod, source] : service.sources()) {
    ByteWriter out = parts.Begin(Item::kSource);
    out.Text(pod);
    out.Signed(source.watermark_ms);
    out.Signed(source.heard_ms);
    out.Unsigned(source.gone ? 1 : 0);
    out.Unsigned(std::bit_cast<std::uint64_t>(source.recent.weight));
    out.Signed(source.recent.at_ms);
  }
  for (const auto& [key, series] : service.series()) {
    ByteWriter out = parts.Begin(Item::kSeries);
    out.Text(key.route);
    out.Text(key.method);
    out.Text(key.name);
    out.Text(series.route_id);
    out.Unsigned(static_cast<std::uint64_t>(series.origin));
    out.Signed(series.known_since_ms);
    WriteSeries(series, out);
  }
  if (service.other() != nullptr) WriteSeries(*service.other(), parts.Begin(Item::kOther));
}

void WriteMarks(const HighWaterMarks& marks, PartWriter& parts) {
  parts.Begin(Item::kLogTime).Signed(marks.newest_ms());
  for (const auto& [key, mark] : marks.all()) {
    ByteWriter out = parts.Begin(Item::kMark);
    out.Text(key);
    out.Signed(mark.last_offset);
    out.Signed(mark.heard_ms);
  }
}

// Reads items until the end or the first mistake.
class BodyReader {
 public:
  BodyReader(std::string_view body, PartitionCounts* counts) : in_(body), counts_(*counts) {}

  bool Read() {
    while (in_.ok() && !in_.AtEnd()) {
      if (!ReadItem(static_cast<Item>(in_.Unsigned()))) return false;
    }
    return in_.ok();
  }

 private:
  bool ReadItem(Item item) {
    if (item == Item::kLogTime) return counts_.marks().Touch(in_.Near(0)), true;
    if (item == Item::kMark) return ReadMark(), true;
    if (item == Item::kService) return service_ = &counts_.ServiceAt(in_.Text()), true;
    if (service_ == nullptr) return false;
    switch (item) {
      case Item::kKnownSince:
        service_->KnownSince(in_.Near(0));
        return true;
      case Item::kSource:
        ReadSource();
        return true;
      case Item::kSeries:
        ReadOneSeries();
        return true;
      case Item::kDelays:
        ReadDelays();
        return true;
      case Item::kOther:
        ReadSeries(in_, &service_->Other());
        return true;
      default:
        return false;
    }
  }
  void ReadMark() {
    const std::string_view key = in_.Text();
    HighWaterMarks::Mark mark;
    mark.last_offset = in_.Signed();
    mark.heard_ms = in_.Near(0);
    if (in_.ok()) counts_.marks().Set(key, mark);
  }
  void ReadSource() {
    const std::string_view pod = in_.Text();
    SourceState source;
    source.watermark_ms = in_.Near(0);
    source.heard_ms = in_.Near(0);
    source.gone = in_.Unsigned() != 0;
    const auto weight = std::bit_cast<double>(in_.Unsigned());
    source.recent.weight = weight >= 0 ? weight : 0;  // not a number, if not
    source.recent.at_ms = in_.Near(0);
    if (in_.ok()) counts_.SetSource(*service_, pod, source);
  }
  void ReadDelays() {
    DelayHistogram delays;
    delays.Read(in_);
    if (in_.ok()) service_->delays().Merge(delays);
  }
  void ReadOneSeries() {
    SeriesKeyView key;
    key.route = in_.Text();
    key.method = in_.Text();
    key.name = in_.Text();
    const std::string_view route_id = in_.Text();
    const auto origin = in_.Unsigned() == 0 ? RouteOrigin::kRule : RouteOrigin::kAutomatic;
    const WallMs since_ms = in_.Near(0);
    if (!in_.ok()) return;
    SeriesCounts& series = service_->SeriesOf(key, origin, since_ms).series;
    series.route_id = route_id;
    ReadSeries(in_, &series);
  }

  ByteReader in_;
  PartitionCounts& counts_;
  ServiceCounts* service_ = nullptr;
};

}  // namespace

std::vector<std::string> EncodeCounts(CountHeader header, const PartitionCounts& counts,
                                      std::size_t part_bytes) {
  PartWriter writer(part_bytes);
  WriteMarks(counts.marks(), writer);
  for (const auto& [name, service] : counts.services()) WriteService(name, *service, writer);
  std::vector<std::string> bodies = writer.Take();
  std::vector<std::string> values;
  header.parts = bodies.size();
  for (header.part = 0; header.part < header.parts; ++header.part) {
    std::string value(kMagic);
    value += kVersion;
    value.resize(kHeaderAt);
    WriteHeader(header, ByteWriter(value));
    value += bodies[header.part];
    const auto checksum = ChecksumOf(std::string_view(value).substr(kHeaderAt));
    value.replace(kChecksumAt, checksum.size(), checksum.data(), checksum.size());
    values.push_back(std::move(value));
  }
  return values;
}

std::expected<CountPart, CountRecordError> DecodePart(std::string_view value) {
  if (!value.starts_with(kMagic)) return std::unexpected(CountRecordError::kNoCounts);
  if (value.size() <= kHeaderAt) return std::unexpected(CountRecordError::kDamaged);
  if (value[kMagic.size()] != kVersion) return std::unexpected(CountRecordError::kUnknownVersion);
  const std::string_view rest = value.substr(kHeaderAt);
  const auto checksum = ChecksumOf(rest);
  if (value.substr(kChecksumAt, checksum.size()) !=
      std::string_view(checksum.data(), checksum.size())) {
    return std::unexpected(CountRecordError::kDamaged);
  }
  ByteReader in(rest);
  CountPart part;
  CountHeader& header = part.header;
  header.kind = in.Unsigned() == 0 ? CountKind::kDelta : CountKind::kSnapshot;
  header.topic = in.Text();
  header.partition = static_cast<int>(in.Unsigned());
  header.begin = in.Signed();
  header.end = in.Signed();
  header.writer = in.Unsigned();
  header.sequence = in.Unsigned();
  header.wall_ms = in.Signed();
  header.snapshot_at = in.Signed();
  header.part = in.Unsigned();
  header.parts = in.Unsigned();
  part.body = in.rest();
  if (!in.ok() || header.part >= header.parts) return std::unexpected(CountRecordError::kDamaged);
  return part;
}

bool ReadCounts(std::string_view body, PartitionCounts* counts) {
  return BodyReader(body, counts).Read();
}

}  // namespace routerate
