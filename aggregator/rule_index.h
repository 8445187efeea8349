// routes.yaml as those ask it who have a series' names: whether an id is of the file, which host a
// rule is for, and whom it feeds.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "parsers/route_matcher.h"
#include "parsers/route_target.h"

namespace routerate {

// Immutable; any thread.
class RuleIndex {
 public:
  RuleIndex() = default;  // of no file
  // Of rules that CompileRules took. A copy: the matcher may go.
  explicit RuleIndex(const RouteMatcher& routes);

  struct Named {
    std::string host;    // lower case; empty: of any
    std::string target;  // as RouteTarget's workload; empty: it feeds none
    // Of `target`; empty: that of the service whose log it is.
    std::string target_name_space;
  };
  // By the rule's name, which all of its series have in their key, whichever replica or agent
  // counted them. nullptr: there is no such rule.
  const Named* FindNamed(std::string_view rule_name) const;

  // Whether a rule names this workload, RESOURCE[.GROUP]/NAME, of this namespace as its target. One
  // that names no namespace may be of any.
  bool HasTarget(std::string_view name_space, std::string_view workload) const;

  // An id that a rule of the file makes. Without a name it is one of several, one for each method
  // that requests can be counted under.
  struct Id {
    std::string method;     // that requests are counted under; empty: any, or a log without methods
    std::string host;       // of the rule, lower case; empty: of any
    std::string rule_name;  // empty: it has none, and automatic routes may have the id, too
  };
  // nullptr: no rule of the file makes it.
  const Id* FindId(std::string_view route_id) const;

  // Of a series (SeriesStats::host). Empty for what has no rule's name, for any host's requests may
  // be in it.
  std::string_view HostOf(std::string_view rule_name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  template <typename Value>
  using ByText = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  ByText<Named> named_;
  ByText<Id> ids_;
};

}  // namespace routerate
