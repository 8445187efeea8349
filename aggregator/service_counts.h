// A service in one partition: its sources there and its series.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aggregator/delay_histogram.h"
#include "aggregator/series_budget.h"
#include "aggregator/series_counts.h"
#include "aggregator/source_state.h"
#include "parsers/pod_description.h"

namespace routerate {

// Limits of all services together, owned by the intake.
struct SeriesLimits {
  std::size_t max_routes;    // automatic series of a service
  SeriesBudget& series;      // of services
  SeriesBudget& pod_series;  // of pods, by route
};

// Automatic series (a method and a template) over `max_routes`, and any over the budget, are
// counted as kOtherRoute, so totals stay exact. First come, first served, in the order of the
// partition's log: what was there before a scanner came keeps its place, and every reader of the
// log gives the same places. The service as a whole has its limit in service_series.h. Not
// thread-safe.
class ServiceCounts {
 public:
  // Borrows the budgets, to which it returns its places when destroyed.
  explicit ServiceCounts(const SeriesLimits& limits) : limits_(limits) {}
  ~ServiceCounts();
  ServiceCounts(const ServiceCounts&) = delete;
  ServiceCounts& operator=(const ServiceCounts&) = delete;

  using Sources = std::map<std::string, SourceState, std::less<>>;
  struct Described {
    PodDescription told;
    std::shared_ptr<const PodLabels> labels;  // nullptr: not told
  };
  using Descriptions = std::map<std::string, Described, std::less<>>;
  // A pod's series by route; that of the empty key has all its requests.
  using Pods = std::map<std::string, SeriesMap, std::less<>>;

  const Sources& sources() const { return sources_; }
  // Of those sources that told something of themselves.
  const Descriptions& descriptions() const { return descriptions_; }
  const SeriesMap& series() const { return series_; }
  const Pods& pods() const { return pods_; }
  // Route `other`; nullptr while nothing overflowed. It is outside of all limits.
  const SeriesCounts* other() const { return other_.get(); }
  // Totals of series that were forgotten, so that the service's never go back.
  const SeriesCounts* retired() const { return retired_.get(); }
  const DelayHistogram& delays() const { return delays_; }
  // Since when (event time, ms) the service is known: the earliest watermark told.
  std::optional<WallMs> known_since_ms() const { return known_since_ms_; }

  // What is added: requests too old for the buckets, and those that were counted as `other`.
  struct Added {
    std::uint64_t too_old = 0;
    std::uint64_t overflow = 0;
  };
  Added Add(const SeriesKeyView& key, const SeriesCounts& counts, WallMs heard_ms);
  Added AddOther(const SeriesCounts& counts);
  void AddRetired(const SeriesCounts& totals) { At(&retired_).MergeTotals(totals); }
  // Without a place in the budget nothing is known of a pod's route. All of a pod is outside of it.
  void AddPodSeries(std::string_view pod, const SeriesKeyView& key, const SeriesCounts& counts);
  void AddDelays(const DelayHistogram& delays) { delays_.Merge(delays); }
  void KnownSince(WallMs watermark_ms) {
    known_since_ms_ = std::min(known_since_ms_.value_or(watermark_ms), watermark_ms);
  }
  // True: it was not there.
  bool SetSource(std::string_view pod, const SourceState& source);

  // Of a source that is there; of no other.
  void SetDescription(std::string_view pod, const PodDescription& told);

  // Its pods and series are as if they had been heard of so much later.
  void ExcuseSilence(Millis time);
  // Sources that were not heard of since, with all that is known of these pods. Returns how many.
  std::size_t ForgetSources(WallMs before_ms);
  // Automatic series that no record told of since.
  void ForgetSeries(WallMs before_ms);

 private:
  // nullptr: there is no room for it.
  SeriesCounts* PlaceOf(const SeriesKeyView& key, const SeriesCounts& counts);
  // True: the budget's place is taken.
  [[nodiscard]] bool TakeRoom(RouteOrigin origin);
  void DropPod(std::string_view pod);
  static SeriesCounts& At(std::unique_ptr<SeriesCounts>* made);

  SeriesLimits limits_;
  Sources sources_;
  Descriptions descriptions_;
  Pods pods_;
  SeriesMap series_;
  std::size_t automatic_series_ = 0;
  std::unique_ptr<SeriesCounts> other_;
  std::unique_ptr<SeriesCounts> retired_;
  std::optional<WallMs> known_since_ms_;
  DelayHistogram delays_;
};

}  // namespace routerate
