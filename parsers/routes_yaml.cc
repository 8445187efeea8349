// routes.yaml → rules, key by key.
#include "parsers/routes_yaml.h"

#include <fmt/format.h>

#include <utility>

#include "parsers/route_names.h"

namespace routerate {
namespace {

RouteRule ReadRule(ConfigNode node) {
  RouteRule rule;
  rule.line = node.line();
  node.Read("name", &rule.name, Need::kOptional);
  node.Read("path", &rule.path, Need::kOptional);
  node.Read("pattern", &rule.pattern, Need::kOptional);
  node.Read("method", &rule.method, Need::kOptional);
  node.Read("host", &rule.host, Need::kOptional);
  node.Read("target", &rule.target, Need::kOptional);
  if (rule.name == kOtherRouteId) {
    node.Reject("name", fmt::format("'{}' names the requests over max_routes", kOtherRouteId));
  }
  return rule;
}

}  // namespace

Result<std::vector<RouteRule>> ReadRoutes(YamlConfig& config) {
  std::vector<RouteRule> rules;
  for (const ConfigNode& node : config.root().List("routes")) rules.push_back(ReadRule(node));
  if (auto finished = config.Finish(); !finished) {
    return std::unexpected(std::move(finished.error()));
  }
  return rules;
}

}  // namespace routerate
