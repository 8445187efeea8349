// The names under which requests are counted: how a method or a route that would make too many
// series is named instead.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "parsers/route_id.h"

namespace routerate {

// The route of a service's requests beyond its limits.
inline constexpr std::string_view kOtherRoute = "other";
// Its route_id holds a '.', which no slug does, so that it is nobody else's.
inline constexpr std::string_view kOtherRouteId = "other.routes";

// The method of requests whose own is none of RFC 9110, WebDAV or the route's rule: clients may
// send any word, and each would be a series.
inline constexpr std::string_view kOtherMethod = "other";

inline constexpr std::array<std::string_view, 9> kRareMethods = {
    "CONNECT", "TRACE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"};

// `rule_method` is what the route's rule demands, empty without one. An absent method stays empty.
inline std::string_view CountedMethod(std::string_view method, std::string_view rule_method) {
  const auto is = [method](std::string_view known) { return known == method; };
  if (method.empty() || method == rule_method || std::ranges::any_of(kCommonMethods, is) ||
      std::ranges::any_of(kRareMethods, is)) {
    return method;
  }
  return kOtherMethod;
}

}  // namespace routerate
