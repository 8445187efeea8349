// What a count record tells, item by item (docs/counts.md): the joint between what is counted and
// its bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/delay_histogram.h"
#include "aggregator/high_water_marks.h"
#include "aggregator/series_counts.h"
#include "aggregator/source_state.h"
#include "base/clock.h"
#include "parsers/pod_description.h"

namespace routerate {

// Views and references live during the call. What comes behind OnService is that service's.
class CountItemVisitor {
 public:
  virtual ~CountItemVisitor() = default;
  // When the newest record was made, and until when what was silent has been forgotten.
  virtual void OnLogTime(WallMs newest_ms, WallMs forgotten_ms) = 0;
  virtual void OnMark(std::string_view key, const HighWaterMarks::Mark& mark) = 0;
  virtual void OnService(std::string_view name) = 0;
  virtual void OnKnownSince(WallMs ms) = 0;
  virtual void OnDelays(const DelayHistogram& delays) = 0;
  virtual void OnSource(std::string_view pod, const SourceState& source) = 0;
  // What a pod has told of itself, when it is another than before. Behind its OnSource.
  virtual void OnPod(std::string_view pod, const PodDescription& description) = 0;
  virtual void OnSeries(const SeriesKeyView& key, const SeriesCounts& counts) = 0;
  // Route `other`.
  virtual void OnOther(const SeriesCounts& counts) = 0;
  // Totals of series that were forgotten.
  virtual void OnRetired(const SeriesCounts& totals) = 0;
  // Of one pod: with an empty key all its requests, else those of a route that a rule names.
  virtual void OnPodSeries(std::string_view pod, const SeriesKeyView& key,
                           const SeriesCounts& counts) = 0;
};

// Items as bytes, in parts of which each can be read by itself. Not thread-safe.
class CountItemWriter final : public CountItemVisitor {
 public:
  // A part is little longer than `part_bytes` at most.
  explicit CountItemWriter(std::size_t part_bytes) : part_bytes_(part_bytes), parts_(1) {}

  void OnLogTime(WallMs newest_ms, WallMs forgotten_ms) override;
  void OnMark(std::string_view key, const HighWaterMarks::Mark& mark) override;
  void OnService(std::string_view name) override;
  void OnKnownSince(WallMs ms) override;
  void OnDelays(const DelayHistogram& delays) override;
  void OnSource(std::string_view pod, const SourceState& source) override;
  void OnPod(std::string_view pod, const PodDescription& description) override;
  void OnSeries(const SeriesKeyView& key, const SeriesCounts& counts) override;
  void OnOther(const SeriesCounts& counts) override;
  void OnRetired(const SeriesCounts& totals) override;
  void OnPodSeries(std::string_view pod, const SeriesKeyView& key,
                   const SeriesCounts& counts) override;

  // One at least, if only an empty one.
  std::vector<std::string> TakeParts() { return std::move(parts_); }

 private:
  enum class Owner { kPartition, kService };
  ByteWriter Begin(unsigned char tag, Owner owner);

  std::size_t part_bytes_;
  std::vector<std::string> parts_;
  std::string service_;
  bool named_ = false;  // in the last part
};

// Calls the visitor for each item of a part. False: it is not well formed; the items before the
// mistake were told.
[[nodiscard]] bool ReadCountItems(std::string_view part, CountItemVisitor& visitor);
// Whether ReadCountItems will return true.
[[nodiscard]] bool AreCountItems(std::string_view part);

}  // namespace routerate
