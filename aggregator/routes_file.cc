// routes.yaml → rules → matcher. The rules' own mistakes are parsers/'s to find.
#include "aggregator/routes_file.h"

#include <utility>

#include "base/one_line.h"
#include "base/yaml_config.h"
#include "parsers/routes_yaml.h"

namespace routerate {

Result<RouteMatcher> LoadRoutes(FileSystem& file_system, const std::string& path) {
  if (path.empty()) return RouteMatcher::Create({}, path);
  auto config = YamlConfig::Load(file_system, path);
  if (!config) return std::unexpected(std::move(config.error()));
  auto rules = ReadRoutes(*config);
  if (!rules) return std::unexpected(std::move(rules.error()));
  auto matcher = RouteMatcher::Create(*std::move(rules), path);
  if (!matcher) return Fail(OneLine(matcher.error().message));
  return matcher;
}

}  // namespace routerate
