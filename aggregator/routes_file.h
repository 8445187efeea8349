// The routes.yaml that aggregator.yaml names (parsers/routes_yaml.h).
#pragma once

#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "parsers/route_matcher.h"

namespace routerate {

// The matcher of `path`'s rules, or without a path one for automatic routes only. A mistake is one
// line: "routes.yaml:7: ...".
Result<RouteMatcher> LoadRoutes(FileSystem& file_system, const std::string& path);

}  // namespace routerate
