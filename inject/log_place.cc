// Of several mounts that lead to a directory, the longest path is the one that it is on.
#include "inject/log_place.h"

#include <algorithm>

namespace routerate {
namespace {

constexpr std::string_view kAgentPath = "/logs";

// A mount's path without the "/" at its end; that of the root is empty.
std::string PathOf(const YamlNode& mount) {
  std::string path = mount.TextOf("mountPath");
  while (path.ends_with('/')) path.pop_back();
  return path;
}

bool LeadsTo(const YamlNode& mount, const std::string& directory) {
  return !mount.TextOf("mountPath").empty() && (directory + "/").starts_with(PathOf(mount) + "/");
}

const YamlNode* MountOf(const YamlNode& writer, const std::string& directory) {
  const YamlNode* mounts = writer.Find("volumeMounts");
  const YamlNode* longest = nullptr;
  if (mounts == nullptr) return nullptr;
  for (const YamlNode& mount : mounts->items) {
    if (!LeadsTo(mount, directory)) continue;
    if (longest == nullptr || PathOf(mount).size() > PathOf(*longest).size()) longest = &mount;
  }
  return longest;
}

bool HasVariable(const YamlNode& container, const std::string& name) {
  const YamlNode* env = container.Find("env");
  return env != nullptr && std::ranges::any_of(env->items, [&](const YamlNode& variable) {
           return variable.TextOf("name") == name;
         });
}

// The names in "$(A)/$(B)".
std::vector<std::string> VariablesIn(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find("$("); at != std::string::npos; at = text.find("$(", at + 1)) {
    const std::size_t end = text.find(')', at);
    if (end != std::string::npos) names.push_back(text.substr(at + 2, end - at - 2));
  }
  return names;
}

void CopyVariables(const YamlNode& writer, const SidecarDefinition& definition,
                   const std::string& expression, LogPlace* place) {
  for (const std::string& name : VariablesIn(expression)) {
    if (!HasVariable(definition.container, name) && !HasVariable(writer, name)) {
      place->unknown.push_back(name);
    }
  }
  const YamlNode* env = writer.Find("env");
  if (env == nullptr) return;
  for (const YamlNode& variable : env->items) {
    const std::string name = variable.TextOf("name");
    if (expression.find("$(" + name + ")") != std::string::npos &&
        !HasVariable(definition.container, name)) {
      place->variables.push_back(Unplaced(Merged(variable)));
    }
  }
}

}  // namespace

LogPlace LogPlaceOf(const YamlNode& writer, const PodWishes& wishes,
                    const SidecarDefinition& definition) {
  const YamlNode* mount = MountOf(writer, wishes.directory);
  LogPlace place;
  place.is_new = mount == nullptr;
  place.volume = place.is_new ? definition.logs_volume_name() : mount->TextOf("name");
  const std::string path = place.is_new ? wishes.directory : PathOf(*mount);
  place.pattern = std::string(kAgentPath) + wishes.logs.substr(path.size());
  place.mount.Own("name") = YamlNode::Text(place.volume);
  place.mount.Own("mountPath") = YamlNode::Text(std::string(kAgentPath));
  if (wishes.reclaim != "punch") place.mount.Own("readOnly") = YamlNode::Plain("true");
  if (mount == nullptr) return place;
  for (const char* key : {"subPath", "subPathExpr"}) {
    const std::string sub_path = mount->TextOf(key);
    if (sub_path.empty()) continue;
    place.mount.Own(key) = YamlNode::Text(sub_path);
    if (std::string_view(key) == "subPathExpr") CopyVariables(writer, definition, sub_path, &place);
  }
  return place;
}

}  // namespace routerate
