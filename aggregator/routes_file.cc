// routes.yaml → rules → matcher. The rules' own mistakes are parsers/'s to find.
#include "aggregator/routes_file.h"

#include <fmt/format.h>

#include <utility>

#include "aggregator/route_names.h"
#include "base/one_line.h"
#include "base/yaml_config.h"

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
  if (rule.name == kOtherRouteId) {
    node.Reject("name", fmt::format("'{}' names the requests over max_routes", kOtherRouteId));
  }
  return rule;
}

}  // namespace

Result<RouteMatcher> LoadRoutes(FileSystem& file_system, const std::string& path) {
  if (path.empty()) return RouteMatcher::Create({}, path);
  auto config = YamlConfig::Load(file_system, path);
  if (!config) return std::unexpected(std::move(config.error()));
  std::vector<RouteRule> rules;
  for (const ConfigNode& node : config->root().List("routes")) rules.push_back(ReadRule(node));
  if (auto finished = config->Finish(); !finished) {
    return std::unexpected(std::move(finished.error()));
  }
  auto matcher = RouteMatcher::Create(std::move(rules), path);
  if (!matcher) return Fail(OneLine(matcher.error().message));
  return matcher;
}

}  // namespace routerate
