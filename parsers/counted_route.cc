// Route and method, with what clients could invent taken out of the method.
#include "parsers/counted_route.h"

#include "parsers/route_names.h"

namespace routerate {

CountedRoute CountedRouteOf(const AccessEvent& event, RouteMatcher& routes) {
  const RouteMatch match = routes.Match(event.method, event.host, event.path);
  if (match.rule < 0) {
    return {{match.route, CountedMethod(event.method, {}), {}}, RouteOrigin::kAutomatic, match};
  }
  const std::string_view rule_method = routes.rules()[static_cast<std::size_t>(match.rule)].method;
  return {{match.route, CountedMethod(event.method, rule_method), match.name},
          RouteOrigin::kRule,
          match};
}

}  // namespace routerate
