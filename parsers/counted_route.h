// The series that a request is counted in: the agent's summaries and the aggregator say the same of
// it, for both ask here.
#pragma once

#include "parsers/access_event.h"
#include "parsers/route_matcher.h"
#include "parsers/series_key.h"

namespace routerate {

// Views live as the match's and the event's do.
struct CountedRoute {
  SeriesKeyView key;
  RouteOrigin origin;
  RouteMatch match;  // for RouteMatcher::IdOf
};

CountedRoute CountedRouteOf(const AccessEvent& event, RouteMatcher& routes);

}  // namespace routerate
