// What is known of one partition: the sum of its count records' items, so whoever adds the same
// ones up knows the same (DESIGN G4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "aggregator/aggregator_options.h"
#include "aggregator/count_items.h"
#include "aggregator/high_water_marks.h"
#include "aggregator/own_health.h"
#include "aggregator/service_counts.h"

namespace routerate {

// Not thread-safe.
class PartitionCounts final : public CountItemVisitor {
 public:
  // Borrows all.
  PartitionCounts(const AggregatorOptions& options, const SeriesLimits& limits, OwnHealth& health)
      : options_(options), limits_(limits), health_(health) {}

  // By "namespace/service".
  using Services = std::map<std::string, std::unique_ptr<ServiceCounts>, std::less<>>;
  const Services& services() const { return services_; }
  const HighWaterMarks& marks() const { return marks_; }
  // Pods of all services.
  std::size_t source_count() const { return source_count_; }
  // nullptr: it is not known.
  const ServiceCounts* ServiceOf(std::string_view service) const;
  const SourceState* SourceOf(std::string_view service, std::string_view pod) const;
  // nullptr: it has told nothing.
  const PodDescription* DescriptionOf(std::string_view service, std::string_view pod) const;

  // The items that come tell of what was heard of at that time. Without it they say it themselves.
  void HearAt(WallMs ms) { hearing_ms_ = ms; }
  // For so long nothing could be heard: it was nobody's silence.
  void ExcuseSilence(Millis time);

  // An item is added to what is known.
  void OnLogTime(WallMs newest_ms, WallMs forgotten_ms) override;
  void OnMark(std::string_view key, const HighWaterMarks::Mark& mark) override;
  void OnService(std::string_view name) override;
  void OnKnownSince(WallMs ms) override { service_->KnownSince(ms); }
  void OnDelays(const DelayHistogram& delays) override { service_->AddDelays(delays); }
  void OnSource(std::string_view pod, const SourceState& source) override;
  void OnPod(std::string_view pod, const PodDescription& description) override {
    service_->SetDescription(pod, description);
  }
  void OnSeries(const SeriesKeyView& key, const SeriesCounts& counts) override;
  void OnOther(const SeriesCounts& counts) override;
  void OnRetired(const SeriesCounts& totals) override { service_->AddRetired(totals); }
  void OnPodSeries(std::string_view pod, const SeriesKeyView& key,
                   const SeriesCounts& counts) override {
    service_->AddPodSeries(pod, key, counts);
  }

  // Forgets what was not heard of for too long at `now`, which is the counts log's own time: pods
  // for forget_after, then services without any; automatic routes for forget_routes_after. Looks
  // every ten seconds of that time, so all who read the log forget at one place.
  void Forget(WallMs now);

  // Tells all that is known.
  void Tell(CountItemVisitor& visitor) const;

 private:
  void Add(const ServiceCounts::Added& added);
  WallMs HeardAt(WallMs told_ms) const { return hearing_ms_ > 0 ? hearing_ms_ : told_ms; }

  const AggregatorOptions& options_;
  SeriesLimits limits_;
  OwnHealth& health_;
  HighWaterMarks marks_;
  Services services_;
  std::size_t source_count_ = 0;
  ServiceCounts* service_ = nullptr;  // whose items come
  WallMs forgotten_ms_ = 0;
  WallMs hearing_ms_ = 0;  // 0: as told
};

}  // namespace routerate
