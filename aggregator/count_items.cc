// A tag and its fields for each item.
#include "aggregator/count_items.h"

#include <bit>
#include <utility>

#include "base/byte_codec.h"

namespace routerate {
namespace {

enum Tag : unsigned char {
  kLogTime,
  kMark,
  kService,
  kKnownSince,
  kSource,
  kSeries,
  kOther,
  kDelays,
  kRetired,
  kPodSeries,
  kPod
};

void WriteSeries(const SeriesKeyView& key, const SeriesCounts& counts, ByteWriter out) {
  out.Text(key.route);
  out.Text(key.method);
  out.Text(key.name);
  out.Text(counts.route_id);
  out.Unsigned(counts.origin == RouteOrigin::kRule ? 0 : 1);
  out.Signed(counts.known_since_ms);
  out.Signed(counts.heard_ms);
  counts.Write(out);
}

// Reads items until the end or the first mistake.
class ItemReader {
 public:
  ItemReader(std::string_view part, CountItemVisitor* visitor) : in_(part), visitor_(visitor) {}

  bool Read() {
    while (in_.ok() && !in_.AtEnd()) {
      if (!ReadItem(in_.Unsigned())) return false;
    }
    return in_.ok();
  }

 private:
  bool ReadItem(std::uint64_t tag) {
    if (tag == kLogTime) return ReadLogTime(), true;
    if (tag == kMark) return ReadMark(), true;
    if (tag == kService) {
      of_service_ = true;
      const std::string_view name = in_.Text();
      Tell([&](CountItemVisitor& visitor) { visitor.OnService(name); });
      return true;
    }
    return of_service_ && ReadServiceItem(tag);
  }
  bool ReadServiceItem(std::uint64_t tag) {
    switch (tag) {
      case kKnownSince:
        ReadKnownSince();
        return true;
      case kSource:
        ReadSource();
        return true;
      case kPod:
        ReadPod();
        return true;
      case kDelays:
        ReadDelays();
        return true;
      case kSeries:
      case kPodSeries:
        ReadSeries(tag == kPodSeries);
        return true;
      case kOther:
      case kRetired:
        ReadTotals(tag == kOther);
        return true;
      default:
        return false;
    }
  }
  void ReadLogTime() {
    const WallMs newest_ms = in_.Near(0);
    const WallMs forgotten_ms = in_.Near(0);
    Tell([&](CountItemVisitor& visitor) { visitor.OnLogTime(newest_ms, forgotten_ms); });
  }
  void ReadMark() {
    const std::string_view key = in_.Text();
    HighWaterMarks::Mark mark;
    mark.last_offset = in_.Signed();
    mark.heard_ms = in_.Near(0);
    Tell([&](CountItemVisitor& visitor) { visitor.OnMark(key, mark); });
  }
  void ReadKnownSince() {
    const WallMs ms = in_.Near(0);
    Tell([&](CountItemVisitor& visitor) { visitor.OnKnownSince(ms); });
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
    Tell([&](CountItemVisitor& visitor) { visitor.OnSource(pod, source); });
  }
  void ReadPod() {
    const std::string_view pod = in_.Text();
    const std::string_view workload = in_.Text();
    const std::string_view labels = in_.Text();
    const bool sound = workload.empty() || IsWorkload(workload);
    if (!sound || labels.size() > kMostLabelsBytes) return in_.Refuse();
    const PodDescription description{std::string(workload), std::string(labels)};
    Tell([&](CountItemVisitor& visitor) { visitor.OnPod(pod, description); });
  }
  void ReadDelays() {
    DelayHistogram delays;
    delays.Read(in_);
    Tell([&](CountItemVisitor& visitor) { visitor.OnDelays(delays); });
  }
  void ReadSeries(bool of_pod) {
    const std::string_view pod = of_pod ? in_.Text() : std::string_view();
    SeriesKeyView key;
    key.route = in_.Text();
    key.method = in_.Text();
    key.name = in_.Text();
    series_.route_id = in_.Text();
    series_.origin = in_.Unsigned() == 0 ? RouteOrigin::kRule : RouteOrigin::kAutomatic;
    series_.known_since_ms = in_.Near(0);
    series_.heard_ms = in_.Near(0);
    series_.Read(in_);
    Tell([&](CountItemVisitor& visitor) {
      of_pod ? visitor.OnPodSeries(pod, key, series_) : visitor.OnSeries(key, series_);
    });
  }
  void ReadTotals(bool other) {
    series_.Read(in_);
    Tell([&](CountItemVisitor& visitor) {
      other ? visitor.OnOther(series_) : visitor.OnRetired(series_);
    });
  }

  template <typename Call>
  void Tell(Call call) {
    if (in_.ok() && visitor_ != nullptr) call(*visitor_);
  }

  ByteReader in_;
  CountItemVisitor* visitor_;  // null: nobody listens
  SeriesCounts series_;        // read into again and again, for its memory
  bool of_service_ = false;
};

}  // namespace

ByteWriter CountItemWriter::Begin(unsigned char tag, Owner owner) {
  if (parts_.back().size() >= part_bytes_) {
    parts_.emplace_back();
    named_ = false;
  }
  std::string& part = parts_.back();
  if (owner == Owner::kService && !std::exchange(named_, true)) {
    part += static_cast<char>(kService);
    ByteWriter(part).Text(service_);
  }
  part += static_cast<char>(tag);
  return ByteWriter(part);
}

void CountItemWriter::OnLogTime(WallMs newest_ms, WallMs forgotten_ms) {
  ByteWriter out = Begin(kLogTime, Owner::kPartition);
  out.Signed(newest_ms);
  out.Signed(forgotten_ms);
}

void CountItemWriter::OnMark(std::string_view key, const HighWaterMarks::Mark& mark) {
  ByteWriter out = Begin(kMark, Owner::kPartition);
  out.Text(key);
  out.Signed(mark.last_offset);
  out.Signed(mark.heard_ms);
}

// Written with its first item.
void CountItemWriter::OnService(std::string_view name) {
  service_ = name;
  named_ = false;
}

void CountItemWriter::OnKnownSince(WallMs ms) { Begin(kKnownSince, Owner::kService).Signed(ms); }

void CountItemWriter::OnDelays(const DelayHistogram& delays) {
  delays.Write(Begin(kDelays, Owner::kService));
}

void CountItemWriter::OnSource(std::string_view pod, const SourceState& source) {
  ByteWriter out = Begin(kSource, Owner::kService);
  out.Text(pod);
  out.Signed(source.watermark_ms);
  out.Signed(source.heard_ms);
  out.Unsigned(source.gone ? 1 : 0);
  out.Unsigned(std::bit_cast<std::uint64_t>(source.recent.weight));
  out.Signed(source.recent.at_ms);
}

void CountItemWriter::OnPod(std::string_view pod, const PodDescription& description) {
  ByteWriter out = Begin(kPod, Owner::kService);
  out.Text(pod);
  out.Text(description.workload);
  out.Text(description.labels);
}

void CountItemWriter::OnSeries(const SeriesKeyView& key, const SeriesCounts& counts) {
  WriteSeries(key, counts, Begin(kSeries, Owner::kService));
}

void CountItemWriter::OnOther(const SeriesCounts& counts) {
  counts.Write(Begin(kOther, Owner::kService));
}

void CountItemWriter::OnRetired(const SeriesCounts& totals) {
  totals.Write(Begin(kRetired, Owner::kService));
}

void CountItemWriter::OnPodSeries(std::string_view pod, const SeriesKeyView& key,
                                  const SeriesCounts& counts) {
  ByteWriter out = Begin(kPodSeries, Owner::kService);
  out.Text(pod);
  WriteSeries(key, counts, out);
}

bool ReadCountItems(std::string_view part, CountItemVisitor& visitor) {
  return ItemReader(part, &visitor).Read();
}

bool AreCountItems(std::string_view part) { return ItemReader(part, nullptr).Read(); }

}  // namespace routerate
