// One sentence for each way in which a service or a pod is not known.
#include "aggregator/withheld_value.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace routerate {
namespace {

constexpr std::size_t kMostPods = 3;

double SecondsOf(Millis time) { return std::chrono::duration<double>(time).count(); }

// "2026-11-27T14:02:11Z, 42 s ago".
std::string Since(double age_s, WallMs now) {
  const auto at = now - static_cast<WallMs>(age_s * 1000);
  return fmt::format("{}, {:.0f} s ago", UtcText(at), age_s);
}

// Pods whose logs are not known, the first few by name.
std::string SilentPods(const ServiceStats& service, WallMs now) {
  std::string pods;
  std::size_t count = 0;
  for (const PodStats& pod : service.pods) {
    if (pod.state != ServiceState::kUnknown || ++count > kMostPods) continue;
    pods += pods.empty() ? "" : "; ";
    pods +=
        pod.pod + (pod.age_s ? " since " + Since(*pod.age_s, now) : " never told its log's state");
  }
  if (count > kMostPods) pods += fmt::format("; and {} more", count - kMostPods);
  return pods;
}

std::string WhyUnknown(const ServiceStats& service, WallMs now, const AggregatorOptions& options) {
  if (!service.age_s) return "none of its agents has told how far its logs are read yet";
  if (*service.age_s > SecondsOf(options.stale_after)) {
    return fmt::format(
        "its logs are known up to {} (stale_after: {:g} s): agents, Kafka or this "
        "aggregator stand still",
        Since(*service.age_s, now), SecondsOf(options.stale_after));
  }
  return fmt::format(
      "pods whose logs are known had {:.0f} % of its recent traffic "
      "(min_coverage: {:.0f} %); silent: {}",
      100 * service.coverage, 100 * options.min_coverage, SilentPods(service, now));
}

std::string WhyPod(const PodStats& pod, WallMs now, const AggregatorOptions& options) {
  if (!pod.age_s) return "its agent has not told how far its log is read yet";
  return fmt::format("its log is known up to {} (stale_after: {:g} s)", Since(*pod.age_s, now),
                     SecondsOf(options.stale_after));
}

std::string WhyWarming(std::size_t window, const StatsSnapshot& snapshot) {
  if (!snapshot.partitions_behind.empty()) {
    return "not all of Kafka's partitions are read to their end yet";
  }
  return fmt::format("it is not known for the whole {} of the window yet", kWindows[window].name);
}

std::string Why(const MetricFeed& feed, std::size_t window, const StatsSnapshot& snapshot,
                const AggregatorOptions& options) {
  if (feed.pod != nullptr && feed.pod->state == ServiceState::kUnknown) {
    return WhyPod(*feed.pod, snapshot.made_at_ms, options);
  }
  switch (feed.service->state) {
    case ServiceState::kUnknown:
      return WhyUnknown(*feed.service, snapshot.made_at_ms, options);
    case ServiceState::kGone:
      return "every pod said goodbye";
    case ServiceState::kWarming:
    case ServiceState::kKnown:
      break;
  }
  return WhyWarming(window, snapshot);
}

}  // namespace

std::string WhyWithheld(const MetricFeed& feed, std::size_t window, const StatsSnapshot& snapshot,
                        const AggregatorOptions& options) {
  std::string why = fmt::format("service {}/{}", feed.service->name_space, feed.service->service);
  if (feed.pod != nullptr) why += ", pod " + feed.pod->pod;
  why += ": " + Why(feed, window, snapshot, options);
  if (!snapshot.source.trouble.empty()) why += "; kafka: " + snapshot.source.trouble;
  return why;
}

}  // namespace routerate
