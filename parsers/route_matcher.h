// Which route a request belongs to: the first rule of routes.yaml that fits, else a template made
// from the path itself. A function of the rules and the request alone, so every replica and every
// restart gives the same answer (DESIGN G1). How many routes a service may have is the aggregator's
// to bound.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parsers/path_template.h"
#include "parsers/route_id.h"
#include "parsers/route_rule.h"

namespace routerate {

// A route's names. Views live as long as the matcher, or, for an automatic template, until the next
// Match.
struct RouteMatch {
  std::string_view route;  // path template for people: /orders/{id}; a pattern's name
  std::string_view name;   // explicit route_id; empty: use RouteId(method, route)
  int rule = -1;           // index of the rule; -1: automatic template
};

// Memoises recent paths up to kMemoEntries (route_memo.h bounds the bytes). Not thread-safe: one a
// thread.
class RouteMatcher {
 public:
  static constexpr std::size_t kMemoEntries = 1 << 14;

  // Fails with "routes.yaml:LINE: what is wrong and what was expected" (file name given by caller).
  static Result<RouteMatcher> Create(std::vector<RouteRule> rules, const std::string& file_name);
  ~RouteMatcher();
  RouteMatcher(RouteMatcher&&) noexcept;
  RouteMatcher& operator=(RouteMatcher&&) noexcept;

  // `path` is the target as sent, without its query; any bytes. What rules see of it:
  // request_path.h.
  RouteMatch Match(std::string_view method, std::string_view host, std::string_view path);
  const std::vector<RouteRule>& rules() const;

 private:
  struct State;
  explicit RouteMatcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
