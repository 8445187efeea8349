// Series of the snapshot → targets: grouped by whom they feed, then added up window by window.
#include "aggregator/target_stats.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

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
  const ServiceStats& service = *feed.service;
  if (service.age_s) {
    target->age_s = std::max(target->age_s.value_or(*service.age_s), *service.age_s);
  }
  const std::int64_t end = target->window_end_s;
  target->window_end_s = end == 0 ? service.window_end_s : std::min(end, service.window_end_s);
}

TargetStats MakeTarget(const TargetName& name, std::vector<Feed> feeds) {
  TargetStats target{name.first, name.second, {}, std::nullopt, 0};
  std::erase_if(feeds, [](const Feed& feed) { return feed.service->state == ServiceState::kGone; });
  if (feeds.empty()) return target;
  target.requests_per_second.fill(0);
  for (const Feed& feed : feeds) Add(feed, &target);
  return target;
}

}  // namespace

std::vector<TargetStats> MakeTargets(const RuleIndex& rules,
                                     const std::vector<ServiceStats>& services) {
  std::map<TargetName, std::vector<Feed>> feeds;
  for (const ServiceStats& service : services) {
    for (const SeriesStats& series : service.series) {
      const RuleIndex::Named* rule = rules.FindNamed(series.rule_name);
      if (rule == nullptr || rule->target.empty()) continue;
      const bool own = rule->target_name_space.empty();
      feeds[{own ? service.name_space : rule->target_name_space, rule->target}].push_back(
          {&service, &series});
    }
  }
  std::vector<TargetStats> targets;
  targets.reserve(feeds.size());
  for (auto& [name, of_target] : feeds) targets.push_back(MakeTarget(name, std::move(of_target)));
  return targets;
}

}  // namespace routerate
