// One entry of routes.yaml, and what it means: a regular expression over canonical paths
// (request_path.h) and the name that people see. docs/routes.md is the manual.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace routerate {

// Exactly one of `path` and `pattern` is set.
struct RouteRule {
  std::string name;     // becomes route_id; empty: a slug of method and template
  std::string path;     // template: /orders/{id}, /orders/{id:[0-9]+}, /static/**
  std::string pattern;  // RE2, matched against the whole path
  std::string method;   // empty: any
  std::string host;     // empty: any; compared without case
  std::string target;   // the workload that it feeds (route_target.h); empty: none. Needs a name
  int line = 0;         // of the file, for messages
};

// Most rules of one file.
inline constexpr std::size_t kMaxRouteRules = 10'000;

struct RouteExpression {
  std::string regex;  // RE2, for the whole canonical path
  std::string route;  // /orders/{id}; a pattern's name
};

// Reads a path template. In a segment:
//   {name}         one or more bytes, but '/'
//   {name:RE2}     what the expression matches ('.' matches '/' too)
//   *              any bytes but '/'; a whole segment's * at least one
//   **             alone between slashes: any number of segments, none too
// All else stands for itself, in any spelling of its percent-encoding.
Result<RouteExpression> CompileTemplate(std::string_view path);

// Checks each rule and the rules together, and compiles them in order. Fails with the first mistake
// by order: "routes.yaml:LINE: what is wrong, what was expected".
Result<std::vector<RouteExpression>> CompileRules(const std::vector<RouteRule>& rules,
                                                  const std::string& file_name);

}  // namespace routerate
