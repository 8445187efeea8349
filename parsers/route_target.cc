// Routes: the text of `target`, taken apart at its slashes.
#include "parsers/route_target.h"

#include <fmt/core.h>

#include "base/dns_name.h"
#include "parsers/pod_description.h"

namespace routerate {

Result<RouteTarget> ParseRouteTarget(std::string_view text) {
  RouteTarget target;
  std::string_view workload = text;
  const std::size_t slash = text.find('/');
  const bool has_namespace = slash != text.rfind('/');
  if (has_namespace) {
    target.name_space = text.substr(0, slash);
    workload.remove_prefix(slash + 1);
  }
  if ((has_namespace && !IsDnsLabel(target.name_space)) || !IsWorkload(workload)) {
    return Fail(
        fmt::format("target '{}': expected [NAMESPACE/]RESOURCE[.GROUP]/NAME in lower case, such "
                    "as deployments.apps/api or shop/deployments.apps/api",
                    text));
  }
  target.workload = workload;
  return target;
}

}  // namespace routerate
