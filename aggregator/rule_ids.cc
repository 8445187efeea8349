// Slugs of every method that is counted; similarity is the edit distance.
#include "aggregator/rule_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "parsers/route_names.h"

namespace routerate {
namespace {

std::vector<std::string_view> CountedMethods() {
  std::vector<std::string_view> methods(kCommonMethods.begin(), kCommonMethods.end());
  methods.emplace_back();  // a log without methods
  std::ranges::copy(kRareMethods, std::back_inserter(methods));
  methods.push_back(kOtherMethod);
  return methods;
}

// Levenshtein's distance, by rows.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<RuleId> RuleIdsOf(const RouteMatcher& routes) {
  std::vector<RuleId> ids;
  for (std::size_t i = 0; i < routes.rules().size(); ++i) {
    const RouteRule& rule = routes.rules()[i];
    const int index = static_cast<int>(i);
    const RouteMatch match = routes.MatchOf(index);
    if (!rule.name.empty() || !rule.method.empty()) {
      ids.push_back({routes.IdOf(match, rule.method), rule.method, index});
      continue;
    }
    for (const std::string_view method : CountedMethods()) {
      ids.push_back({routes.IdOf(match, method), std::string(method), index});
    }
  }
  return ids;
}

std::string DescribeRule(const RouteRule& rule) {
  return rule.path.empty() ? "pattern " + rule.pattern : "path " + rule.path;
}

std::vector<std::string> SimilarIds(std::string_view id, const std::vector<RuleId>& ids,
                                    std::size_t most) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  ranked.reserve(ids.size());
  for (const RuleId& known : ids) ranked.emplace_back(Distance(id, known.id), known.id);
  std::ranges::sort(ranked);
  std::vector<std::string> similar;
  for (const auto& [distance, known] : ranked) {
    if (similar.size() == most) break;
    similar.push_back(known);
  }
  return similar;
}

}  // namespace routerate
