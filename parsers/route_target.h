// The workload that a route's requests are for, as routes.yaml's `target` names it:
//   [NAMESPACE/]RESOURCE[.GROUP]/NAME
// deployments.apps/api, or shop/deployments.apps/api.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace routerate {

struct RouteTarget {
  std::string name_space;  // empty: that of the service whose log it is
  std::string workload;    // RESOURCE[.GROUP]/NAME
};

// Fails with what was expected.
Result<RouteTarget> ParseRouteTarget(std::string_view text);

}  // namespace routerate
