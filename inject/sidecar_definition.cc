// The definition's own shape is judged here; what Kubernetes thinks of a container is its business.
#include "inject/sidecar_definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "inject/default_sidecar.h"
#include "inject/yaml_reader.h"

namespace routerate {
namespace {

constexpr std::string_view kKeys[] = {"container", "volumes", "logsVolume", "user", "fsGroup"};

Result<void> CheckKeys(const YamlNode& root) {
  if (!root.IsMap()) return Fail("1: expected a map with the key container");
  for (const YamlEntry& entry : root.entries) {
    if (std::ranges::find(kKeys, entry.key.text) != std::end(kKeys)) continue;
    return Fail(fmt::format("{}: {}: unknown key; known here: {}", entry.key.line, entry.key.text,
                            fmt::join(kKeys, ", ")));
  }
  return {};
}

Result<YamlNode> Named(const YamlNode& root, std::string_view key) {
  const YamlNode* node = root.Find(key);
  if (node == nullptr) return Fail(fmt::format("{}: {} is required", root.line, key));
  if (node->TextOf("name").empty()) {
    return Fail(fmt::format("{}: {}: expected a map with a name", node->line, key));
  }
  return *node;
}

Result<std::vector<YamlNode>> Volumes(const YamlNode& root) {
  const YamlNode* volumes = root.Find("volumes");
  if (volumes == nullptr || volumes->IsEmpty()) return std::vector<YamlNode>{};
  for (const YamlNode& volume : volumes->items) {
    if (!volume.TextOf("name").empty()) continue;
    return Fail(fmt::format("{}: volumes: expected maps with a name", volume.line));
  }
  if (!volumes->IsSequence()) {
    return Fail(fmt::format("{}: volumes: expected a list", volumes->line));
  }
  return volumes->items;
}

Result<YamlNode> Id(const YamlNode& root, std::string_view key) {
  const YamlNode* id = root.Find(key);
  if (id == nullptr || id->IsNull()) return YamlNode();
  if (id->text.empty() || id->text.find_first_not_of("0123456789") != std::string::npos) {
    return Fail(fmt::format("{}: {}: expected a number", id->line, key));
  }
  return *id;
}

Result<SidecarDefinition> Defined(const YamlNode& root) {
  if (auto fits = CheckKeys(root); !fits) return std::unexpected(fits.error());
  auto container = Named(root, "container");
  if (!container) return std::unexpected(container.error());
  auto logs_volume = Named(root, "logsVolume");
  if (!logs_volume) return std::unexpected(logs_volume.error());
  auto volumes = Volumes(root);
  if (!volumes) return std::unexpected(volumes.error());
  auto user = Id(root, "user");
  if (!user) return std::unexpected(user.error());
  auto fs_group = Id(root, "fsGroup");
  if (!fs_group) return std::unexpected(fs_group.error());
  return SidecarDefinition{*container, *volumes, *logs_volume, *user, *fs_group};
}

}  // namespace

Result<SidecarDefinition> ReadSidecarDefinition(std::string_view text, const std::string& name) {
  const auto root = ReadYaml(text);
  auto defined = root ? Defined(Unplaced(Merged(*root))) : std::unexpected(root.error());
  if (!defined) return Fail(name + ":" + defined.error().message);
  return defined;
}

SidecarDefinition DefaultSidecar() {
  auto defined = ReadSidecarDefinition(kDefaultSidecar, "sidecar.yaml");
  RR_CHECK(defined.has_value());  // a test has read it
  return *std::move(defined);
}

void SetVariable(YamlNode& container, const std::string& name, const std::string& value) {
  YamlNode& env = container.Own("env");
  if (!env.IsSequence()) env = YamlNode::Of(YamlNode::Kind::kSequence);
  YamlNode variable;
  variable.Own("name") = YamlNode::Text(name);
  variable.Own("value") = YamlNode::Text(value);
  const auto found =
      std::ranges::find(env.items, name, [](const YamlNode& item) { return item.TextOf("name"); });
  if (found != env.items.end()) {
    *found = std::move(variable);
  } else {
    env.items.push_back(std::move(variable));
  }
}

}  // namespace routerate
