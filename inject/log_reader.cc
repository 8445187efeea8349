// The first of four rules that applies.
#include "inject/log_reader.h"

#include <algorithm>

namespace routerate {
namespace {

// A number under securityContext; empty: not said.
std::string IdOf(const YamlNode& node, std::string_view key) {
  const YamlNode* context = node.Find("securityContext");
  return context != nullptr ? context->TextOf(key) : "";
}

bool IsNamedUser(const std::string& id) { return !id.empty() && id != "0"; }

// Of a volume that others use, too, or that outlives the pod, an fsGroup would change the owners.
bool KeepsItsOwners(const YamlNode& volume) {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"persistentVolumeClaim", "ephemeral", "csi"},
      [&](const char* kind) { return volume.Find(kind) != nullptr; });
}

bool HasSuchVolumes(const ManifestObject& object) {
  const YamlNode* claims = object.node->FindAt({"spec", "volumeClaimTemplates"});
  if (claims != nullptr && !claims->items.empty()) return true;
  const YamlNode* volumes = object.Pod()->FindAt({"spec", "volumes"});
  return volumes != nullptr && std::ranges::any_of(volumes->items, KeepsItsOwners);
}

}  // namespace

LogReader LogReaderOf(const ManifestObject& object, const YamlNode& writer, const PodWishes& wishes,
                      const SidecarDefinition& definition) {
  if (!wishes.run_as_user.empty()) return {.ids = {{"runAsUser", wishes.run_as_user}}};
  LogReader reader;
  const std::string user = IdOf(writer, "runAsUser");
  if (IsNamedUser(user)) {
    reader.ids.emplace_back("runAsUser", user);
    const std::string group = IdOf(writer, "runAsGroup");
    if (!group.empty()) reader.ids.emplace_back("runAsGroup", group);
    return reader;
  }
  const YamlNode& spec = *object.Pod()->Find("spec");
  const std::string of_pod = IdOf(spec, "runAsUser");
  if (user.empty() && IsNamedUser(of_pod)) return reader;
  if (of_pod == "0" && !definition.user.IsNull()) {
    reader.ids.emplace_back("runAsUser", definition.user.text);
  }
  if (!IdOf(spec, "fsGroup").empty() || definition.fs_group.IsNull()) return reader;
  reader.is_doubtful = HasSuchVolumes(object);
  reader.adds_fs_group = !reader.is_doubtful;
  return reader;
}

}  // namespace routerate
