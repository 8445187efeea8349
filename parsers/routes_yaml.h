// routes.yaml: which requests are one route. A top-level list `routes` of
//   {name: NAME, path: /orders/{id} | pattern: RE2, method: GET, host: shop.example.com,
//    target: deployments.apps/api}
// where exactly one of path and pattern is given (route_rule.h). Both programs read it.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/yaml_config.h"
#include "parsers/route_rule.h"

namespace routerate {

// The rules of a file that was loaded, in its order; what they mean is CompileRules' to check. A
// mistake is one line: "routes.yaml:7: ...".
Result<std::vector<RouteRule>> ReadRoutes(YamlConfig& config);

}  // namespace routerate
