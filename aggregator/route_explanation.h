// `routerate-aggregator routes explain`: which route a request has, and why.
#pragma once

#include <string>

#include "parsers/route_matcher.h"

namespace routerate {

struct RouteQuestion {
  std::string method;  // empty: the log has none
  std::string path;    // with or without a query
  std::string host;
};

// What the request is counted as; what became of its path; each rule that fits it, and why the
// first that could have is not the answer; without one, what each segment became. Text for people,
// made by the same matcher that counts.
std::string ExplainRoute(RouteMatcher& routes, const RouteQuestion& question);

}  // namespace routerate
