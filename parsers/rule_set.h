// All expressions of routes.yaml as one automaton.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parsers/route_rule.h"

namespace routerate {

// Fails with RE2's reason when `regex` is no expression for a RuleSet: malformed, or too large.
Result<void> CheckExpression(const std::string& regex);

// Finds which expressions match a canonical path, in one pass over it however many there are. The
// automaton is built while matching; when its memory is full it is forgotten and built anew. Any
// thread.
class RuleSet {
 public:
  // For the program and for the automaton built from it.
  static constexpr std::size_t kMaxBytes = 64 << 20;

  // Fails when the expressions together are too large for `max_bytes`.
  static Result<RuleSet> Create(const std::vector<RouteExpression>& expressions,
                                std::size_t max_bytes = kMaxBytes);
  ~RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;

  // Replaces *fitting with the indices of the expressions that match all of `path`, in no order.
  void Match(std::string_view path, std::vector<int>* fitting) const;

 private:
  struct State;
  explicit RuleSet(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace routerate
