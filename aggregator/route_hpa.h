// `routerate-aggregator routes hpa`: a HorizontalPodAutoscaler that scales by one route.
#pragma once

#include <cstdint>
#include <string>

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

// The manifest, autoscaling/v2, with comments. Fails when no such route is known (with the ids most
// like it), when the example is counted as another route, or when a name or number is none that
// Kubernetes takes.
Result<std::string> HpaManifest(RouteMatcher& routes, const HpaRequest& request);

}  // namespace routerate
