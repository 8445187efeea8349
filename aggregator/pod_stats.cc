// Sources say how well a pod is known, its series what it served.
#include "aggregator/pod_stats.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "aggregator/series_stats.h"

namespace routerate {
namespace {

// A pod is in one partition, unless their number was changed under it.
struct PodParts {
  std::vector<const SourceState*> sources;
  const ServiceCounts::Described* described = nullptr;  // it told nothing
  std::map<SeriesKeyView, SeriesParts, SeriesKeyLess> series;
};

ServiceState StateOf(Liveness liveness) {
  if (liveness == Liveness::kLive) return ServiceState::kKnown;
  return liveness == Liveness::kGone ? ServiceState::kGone : ServiceState::kUnknown;
}

// The one that was heard of last tells.
const SourceState& NewestOf(const PodParts& parts) {
  return **std::ranges::max_element(parts.sources, {}, &SourceState::heard_ms);
}

ServiceTime TimeOf(const PodParts& parts, const ServiceTime& service, ServiceState state) {
  ServiceTime time = service;
  const auto all = parts.series.find(SeriesKeyView());
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    const std::int64_t begin_ms = (service.end - kWindows[i].seconds) * kMsASecond;
    const bool long_enough =
        all != parts.series.end() && std::ranges::any_of(all->second, [begin_ms](const auto* part) {
          return part->known_since_ms <= begin_ms;
        });
    time.valid[i] = service.valid[i] && state == ServiceState::kKnown && long_enough;
  }
  return time;
}

PodStats MakePod(std::string_view name, const PodParts& parts, const ServiceTime& service,
                 const RuleIndex& rules, WallMs now, Millis stale_after) {
  const SourceState& source = NewestOf(parts);
  PodStats pod;
  pod.pod = name;
  if (parts.described != nullptr) {
    pod.workload = parts.described->told.workload;
    pod.labels = parts.described->labels;
  }
  pod.state = StateOf(LivenessOf(source, now, stale_after));
  if (source.watermark_ms > 0) pod.age_s = static_cast<double>(now - source.watermark_ms) / 1000;
  pod.window_end_s = service.end;
  const ServiceTime time = TimeOf(parts, service, pod.state);
  if (pod.state == ServiceState::kKnown && !std::ranges::all_of(time.valid, std::identity())) {
    pod.state = ServiceState::kWarming;
  }
  for (const auto& [key, series] : parts.series) {
    SeriesStats stats = MakeSeries(key, series, time, rules);
    key == SeriesKeyView() ? pod.all = std::move(stats) : pod.routes.emplace_back(std::move(stats));
  }
  return pod;
}

}  // namespace

std::vector<PodStats> MakePods(const std::vector<const ServiceCounts*>& parts,
                               const ServiceTime& service, const RuleIndex& rules, WallMs now,
                               Millis stale_after) {
  std::map<std::string_view, PodParts> by_name;
  for (const ServiceCounts* part : parts) {
    for (const auto& [pod, source] : part->sources()) by_name[pod].sources.push_back(&source);
    for (const auto& [pod, described] : part->descriptions()) by_name[pod].described = &described;
    for (const auto& [pod, series] : part->pods()) {
      for (const auto& [key, counts] : series) by_name[pod].series[key].push_back(&counts);
    }
  }
  std::vector<PodStats> pods;
  pods.reserve(by_name.size());
  for (const auto& [name, pod] : by_name) {
    if (pod.sources.empty()) continue;  // its series went before it, in the log of a stranger
    pods.push_back(MakePod(name, pod, service, rules, now, stale_after));
  }
  return pods;
}

}  // namespace routerate
