// The methods and hosts that rules ask for, as small numbers, so that the memo's key holds no text
// that no rule looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/route_rule.h"

namespace routerate {

// What rules can know of a request besides its path. 0: a method or host that no rule names.
struct RequestCondition {
  std::uint16_t method = 0;
  std::uint16_t host = 0;
  bool operator==(const RequestCondition&) const = default;
};

// Immutable; any thread.
class RouteConditions {
 public:
  explicit RouteConditions(const std::vector<RouteRule>& rules);

  // `host` is compared without case and without a port.
  RequestCondition Of(std::string_view method, std::string_view host) const;
  // True when the rule's method and host allow the request.
  bool Hold(std::size_t rule, RequestCondition request) const;

 private:
  std::vector<std::string> methods_;     // sorted; a number is an index + 1
  std::vector<std::string> hosts_;       // lower case, sorted
  std::vector<RequestCondition> rules_;  // what each rule asks for; 0: any
};

}  // namespace routerate
