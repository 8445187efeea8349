// The ids are those of `routes list`. Ten thousand rules without name and method have thirty each:
// some 40 MB, made once.
#include "aggregator/rule_index.h"

#include <algorithm>
#include <utility>

#include "aggregator/rule_ids.h"
#include "base/ascii.h"
#include "base/check.h"

namespace routerate {
namespace {

RuleIndex::Named NamedOf(const RouteRule& rule) {
  RuleIndex::Named named{AsciiLowered(rule.host), {}, {}};
  if (rule.target.empty()) return named;
  auto target = ParseRouteTarget(rule.target);
  RR_CHECK(target);  // CompileRules has checked each
  named.target = std::move(target->workload);
  named.target_name_space = std::move(target->name_space);
  return named;
}

}  // namespace

RuleIndex::RuleIndex(const RouteMatcher& routes) {
  for (const RouteRule& rule : routes.rules()) {
    if (!rule.name.empty()) named_.emplace(rule.name, NamedOf(rule));
  }
  for (RuleId& id : RuleIdsOf(routes)) {
    const RouteRule& rule = routes.rules()[static_cast<std::size_t>(id.rule)];
    ids_.emplace(std::move(id.id), Id{std::move(id.method), AsciiLowered(rule.host), rule.name});
  }
}

const RuleIndex::Named* RuleIndex::FindNamed(std::string_view rule_name) const {
  const auto found = named_.find(rule_name);
  return found == named_.end() ? nullptr : &found->second;
}

const RuleIndex::Id* RuleIndex::FindId(std::string_view route_id) const {
  const auto found = ids_.find(route_id);
  return found == ids_.end() ? nullptr : &found->second;
}

std::string_view RuleIndex::HostOf(std::string_view rule_name) const {
  const Named* named = FindNamed(rule_name);
  return named == nullptr ? std::string_view() : named->host;
}

bool RuleIndex::HasTarget(std::string_view name_space, std::string_view workload) const {
  return std::ranges::any_of(named_, [&](const auto& each) {
    const auto& [name, rule] = each;
    const bool here = rule.target_name_space.empty() || rule.target_name_space == name_space;
    return here && rule.target == workload;
  });
}

}  // namespace routerate
