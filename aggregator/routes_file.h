// routes.yaml: which requests are one route. A top-level list `routes` of
//   {name: NAME, path: /orders/{id} | pattern: RE2, method: GET, host: shop.example.com}
// where exactly one of path and pattern is given (parsers/route_rule.h).
#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "parsers/route_matcher.h"

namespace routerate {

// The matcher of `path`'s rules, or without a path one for automatic routes only. A mistake is one
// line: "routes.yaml:7: ...".
Result<RouteMatcher> LoadRoutes(FileSystem& file_system, const std::string& path);

}  // namespace routerate
