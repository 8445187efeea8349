// The route_ids that routes.yaml makes, for people who look for one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/route_matcher.h"

namespace routerate {

struct RuleId {
  std::string id;
  std::string method;  // that requests are counted under; empty: any, or a log without methods
  int rule = -1;       // its index
};

// In file order. A rule with a name or a method has one id; any other has one for each method that
// requests can be counted under, the common ones first.
std::vector<RuleId> RuleIdsOf(const RouteMatcher& routes);

// "path /orders/{id}" or "pattern /(en|de)/.*".
std::string DescribeRule(const RouteRule& rule);

// Up to `most` of `ids`, the most similar to `id` first.
std::vector<std::string> SimilarIds(std::string_view id, const std::vector<RuleId>& ids,
                                    std::size_t most);

}  // namespace routerate
