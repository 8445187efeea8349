// The first of four rules that applies.
#include "inject/log_reader.h"

#include <algorithm>

namespace routerate {
namespace {

// A number under securityContext; null: not said.
YamlNode IdOf(const YamlNode& node, std::string_view key) {
  const YamlNode* id = node.FindAt({"securityContext", key});
  return id != nullptr ? Unplaced(*id) : YamlNode();
}

bool IsNamedUser(const YamlNode& id) { return id.IsScalar() && id.text != "0"; }

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
  LogReader reader;
  if (!wishes.run_as_user.empty()) {
    reader.ids.emplace_back("runAsUser", YamlNode::Plain(wishes.run_as_user));
    return reader;
  }
  const YamlNode user = IdOf(writer, "runAsUser");
  if (IsNamedUser(user)) {
    reader.ids.emplace_back("runAsUser", user);
    const YamlNode group = IdOf(writer, "runAsGroup");
    if (group.IsScalar()) reader.ids.emplace_back("runAsGroup", group);
    return reader;
  }
  const YamlNode& spec = *object.Pod()->Find("spec");
  const YamlNode of_pod = IdOf(spec, "runAsUser");
  if (!user.IsScalar() && IsNamedUser(of_pod)) return reader;
  if (of_pod.IsScalar() && !IsNamedUser(of_pod) && !definition.user.IsNull()) {
    reader.ids.emplace_back("runAsUser", definition.user);
  }
  if (IdOf(spec, "fsGroup").IsScalar() || definition.fs_group.IsNull()) return reader;
  reader.is_doubtful = HasSuchVolumes(object);
  reader.adds_fs_group = !reader.is_doubtful;
  return reader;
}

}  // namespace routerate
