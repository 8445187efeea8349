// Routes, all steps: memo, canonical path, rules, automatic template. Of the rules whose expression
// fits, the first in file order whose method and host hold wins.
#include "parsers/route_matcher.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "parsers/request_path.h"
#include "parsers/route_conditions.h"
#include "parsers/route_memo.h"
#include "parsers/rule_set.h"

namespace routerate {
namespace {

constexpr int kNoRule = -1;

}  // namespace

struct RouteMatcher::State {
  State(std::vector<RouteRule> rules_read, std::vector<RouteExpression> compiled, RuleSet rule_set)
      : rules(std::move(rules_read)),
        expressions(std::move(compiled)),
        conditions(rules),
        set(std::move(rule_set)),
        memo(kMemoEntries) {
    for (const RouteRule& rule : rules) {
      if (!rule.name.empty()) names.insert(rule.name);
    }
  }

  // The rules that fit `canonical`, in no order.
  void FindFitting() {
    fitting.clear();
    if (canonical.size() <= kMaxRuledBytes) set.Match(canonical, &fitting);
  }

  int FirstRule(RequestCondition condition) {
    FindFitting();
    int first = kNoRule;
    for (const int rule : fitting) {
      const bool earlier = first == kNoRule || rule < first;
      if (earlier && conditions.Hold(static_cast<std::size_t>(rule), condition)) first = rule;
    }
    return first;
  }

  // The rule's index; kNoRule: `automatic` is the template.
  int Resolve(RequestCondition condition, std::string_view path) {
    CanonicalPath(path, &canonical);
    const int rule = FirstRule(condition);
    if (rule == kNoRule) TemplateOfCanonicalPath(canonical, &automatic);
    return rule;
  }

  RouteMatch Named(int rule, std::string_view path_template) const {
    if (rule == kNoRule) return {path_template, {}, kNoRule};
    const auto index = static_cast<std::size_t>(rule);
    return {expressions[index].route, rules[index].name, rule};
  }

  std::vector<RouteRule> rules;
  std::vector<RouteExpression> expressions;  // one a rule
  RouteConditions conditions;
  RuleSet set;
  RouteMemo memo;
  std::set<std::string, std::less<>> names;

  // Scratch of one Match.
  std::string canonical;
  std::string automatic;
  std::vector<int> fitting;
};

Result<RouteMatcher> RouteMatcher::Create(std::vector<RouteRule> rules,
                                          const std::string& file_name) {
  auto expressions = CompileRules(rules, file_name);
  if (!expressions) return std::unexpected(expressions.error());
  auto set = RuleSet::Create(*expressions);
  if (!set) return Fail(file_name + ": " + set.error().message);
  auto state = std::make_unique<State>(std::move(rules), *std::move(expressions), *std::move(set));
  return RouteMatcher(std::move(state));
}

RouteMatcher::RouteMatcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
RouteMatcher::~RouteMatcher() = default;
RouteMatcher::RouteMatcher(RouteMatcher&&) noexcept = default;
RouteMatcher& RouteMatcher::operator=(RouteMatcher&&) noexcept = default;

void RouteMatcher::AllowMemo(std::size_t entries) { state_->memo.GrowUpTo(entries); }

RouteMatch RouteMatcher::Match(std::string_view method, std::string_view host,
                               std::string_view path) {
  State& state = *state_;
  const RequestCondition condition = state.conditions.Of(method, host);
  if (const RouteMemo::Entry* known = state.memo.Find(condition, path)) {
    return state.Named(known->rule(), known->automatic());
  }
  const int rule = state.Resolve(condition, path);
  const std::string_view automatic = rule == kNoRule ? state.automatic : std::string_view();
  if (path.size() <= RouteMemo::kMaxPathBytes) {
    state.memo.Remember(condition, path, rule, automatic);
  }
  return state.Named(rule, automatic);
}

std::string RouteMatcher::IdOf(const RouteMatch& match, std::string_view method) const {
  if (!match.name.empty()) return std::string(match.name);
  std::string id = RouteId(method, match.route);
  for (unsigned attempt = 0; state_->names.contains(id); ++attempt) {
    id = HashedRouteId(method, match.route, attempt);
  }
  return id;
}

std::vector<FittingRule> RouteMatcher::Fitting(std::string_view method, std::string_view host,
                                               std::string_view path) {
  State& state = *state_;
  CanonicalPath(path, &state.canonical);
  state.FindFitting();
  std::ranges::sort(state.fitting);
  const RequestCondition condition = state.conditions.Of(method, host);
  std::vector<FittingRule> fitting;
  fitting.reserve(state.fitting.size());
  for (const int rule : state.fitting) {
    fitting.push_back({rule, state.conditions.Hold(static_cast<std::size_t>(rule), condition)});
  }
  return fitting;
}

RouteMatch RouteMatcher::MatchOf(int rule) const { return state_->Named(rule, {}); }

const std::vector<RouteRule>& RouteMatcher::rules() const { return state_->rules; }

}  // namespace routerate
