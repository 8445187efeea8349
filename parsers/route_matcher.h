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
  std::string_view name;   // explicit route_id; empty: ask IdOf
  int rule = -1;           // index of the rule; -1: automatic template
};

// A rule whose expression fits a path. Method and host may still be another's.
struct FittingRule {
  int rule = -1;
  bool holds = false;  // they are the rule's
};

// Memoises recent paths, kMemoEntries unless more are allowed (route_memo.h bounds the bytes). Not
// thread-safe: one a thread.
class RouteMatcher {
 public:
  static constexpr std::size_t kMemoEntries = 1 << 14;
  // Rules are not asked about a canonical path that is longer, since every byte may cost as much as
  // the rules like; servers refuse such targets (8 KiB with their query), so only scanners send
  // them.
  static constexpr std::size_t kMaxRuledBytes = 4096;

  // Fails with "routes.yaml:LINE: what is wrong and what was expected" (file name given by caller).
  static Result<RouteMatcher> Create(std::vector<RouteRule> rules, const std::string& file_name);
  ~RouteMatcher();
  RouteMatcher(RouteMatcher&&) noexcept;
  RouteMatcher& operator=(RouteMatcher&&) noexcept;

  // The memo may grow when many paths are in use; a power of two.
  void AllowMemo(std::size_t entries);

  // `path` is the target as sent, without its query; any bytes. What rules see of it:
  // request_path.h.
  RouteMatch Match(std::string_view method, std::string_view host, std::string_view path);
  // The route_id of `match`, counted under `method`: the rule's name, or RouteId. A slug that is
  // some rule's name gets a hash instead, so that no two routes share an id.
  std::string IdOf(const RouteMatch& match, std::string_view method) const;

  // Why Match answers as it does: all rules that fit the path, in file order. The first that holds
  // is its answer.
  std::vector<FittingRule> Fitting(std::string_view method, std::string_view host,
                                   std::string_view path);

  const std::vector<RouteRule>& rules() const;
  // What Match gives for the requests of a rule.
  RouteMatch MatchOf(int rule) const;

 private:
  struct State;
  explicit RouteMatcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
