// `routerate-aggregator routes`: which routes routes.yaml names, and which one a request has.
#pragma once

#include <string>

#include "parsers/route_matcher.h"

namespace routerate {

// One line a rule, in file order, columns aligned: line, route_id, method, host, route.
std::string ListRoutes(const RouteMatcher& routes);

struct RouteQuestion {
  std::string method;
  std::string path;  // with or without a query
  std::string host;
};

// What the request is counted as, and why.
std::string ExplainRoute(RouteMatcher& routes, const RouteQuestion& question);

}  // namespace routerate
