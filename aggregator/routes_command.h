// `routerate-aggregator routes list`: which routes routes.yaml names.
#pragma once

#include <string>

#include "parsers/route_matcher.h"

namespace routerate {

// One line a rule, in file order, columns aligned: line, route_id, method, host, route, and its
// target behind "->" if it has one. A rule that has an id for each method is shown with GET's.
std::string ListRoutes(const RouteMatcher& routes);

}  // namespace routerate
