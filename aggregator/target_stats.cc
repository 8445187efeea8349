// Series of the snapshot → targets: grouped by whom they feed, then added up window by window.
#include "aggregator/target_stats.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"

namespace routerate {
namespace {

struct Feed {
  const ServiceStats* service;
  const SeriesStats* series;
};

using TargetName = std::pair<std::string, std::string>;  // namespace, workload

void Add(const Feed& feed, TargetStats* target) {
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    AddKnown(feed.series->requests_per_second[i], &target->requests_per_second[i]);
  }
  if (feed.service->age_s) {
    target->age_s = std::max(target->age_s.value_or(*feed.service->age_s), *feed.service->age_s);
  }
}

TargetStats MakeTarget(const TargetName& name, std::vector<Feed> feeds) {
  TargetStats target{name.first, name.second, {}, std::nullopt};
  std::erase_if(feeds, [](const Feed& feed) { return feed.service->state == ServiceState::kGone; });
  if (feeds.empty()) return target;
  target.requests_per_second.fill(0);
  for (const Feed& feed : feeds) Add(feed, &target);
  return target;
}

}  // namespace

RouteTargets::RouteTargets(const std::vector<RouteRule>& rules) {
  for (const RouteRule& rule : rules) {
    if (rule.target.empty()) continue;
    auto target = ParseRouteTarget(rule.target);
    RR_CHECK(target && !rule.name.empty());  // CompileRules has checked each
    by_rule_name_.emplace(rule.name, *std::move(target));
  }
}

std::vector<TargetStats> RouteTargets::Stats(const std::vector<ServiceStats>& services) const {
  std::vector<TargetStats> targets;
  if (by_rule_name_.empty()) return targets;
  std::map<TargetName, std::vector<Feed>> feeds;
  for (const ServiceStats& service : services) {
    for (const SeriesStats& series : service.series) {
      const auto found = by_rule_name_.find(series.rule_name);
      if (found == by_rule_name_.end()) continue;
      const auto& [name_space, workload] = found->second;
      feeds[{name_space.empty() ? service.name_space : name_space, workload}].push_back(
          {&service, &series});
    }
  }
  targets.reserve(feeds.size());
  for (auto& [name, of_target] : feeds) targets.push_back(MakeTarget(name, std::move(of_target)));
  return targets;
}

}  // namespace routerate
