// A HorizontalPodAutoscaler that scales by one route: `routerate-aggregator routes hpa`, and /hpa.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aggregator/route_explanation.h"
#include "base/result.h"
#include "parsers/route_matcher.h"

namespace routerate {

struct HpaRequest {
  std::string route_id;
  RouteQuestion example;  // a request of the route; needed for automatic ones. No path: none given
  std::string name_space = "default";
  std::string service = "web";  // whose requests they are, as agent.yaml's source names it
  std::string workload;         // [deployment/ | statefulset/]NAME; empty: a deployment, as service
  std::string target = "100";   // requests per second and pod: 100, 0.5 or 500m
  std::uint32_t min = 1;        // replicas
  std::uint32_t max = 10;
};

// A route's name for people: "GET /orders/{id}"; without a method the route alone.
std::string ReadableRoute(std::string_view method, std::string_view route);

// The manifest, autoscaling/v2, with comments, for a route whose name for people is `route`. Fails
// when a name or a number is none that Kubernetes takes. Of the route nothing is checked.
Result<std::string> HpaManifestOf(std::string_view route, const HpaRequest& request);

// The same for the route of request.route_id. Fails too when no such route is known (with the ids
// most like it), or when the example is counted as another route.
Result<std::string> HpaManifest(RouteMatcher& routes, const HpaRequest& request);

}  // namespace routerate
