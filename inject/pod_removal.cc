// The way back of pod_injection.cc. Keys of a list or map that it filled go with what it added.
#include <algorithm>

#include "inject/pod_injection.h"

namespace routerate {
namespace {

using Names = std::vector<std::string>;

bool IsNamed(const YamlNode& item, const Names& names) {
  return std::ranges::find(names, item.TextOf("name")) != names.end();
}

bool HoldsNamed(const YamlNode* list, const Names& names) {
  return list != nullptr && std::ranges::any_of(list->items, [&](const YamlNode& item) {
           return IsNamed(item, names);
         });
}

// Of the list under `key`.
void EraseNamed(YamlNode& map, std::string_view key, const Names& names) {
  if (!HoldsNamed(map.Find(key), names)) return;
  std::erase_if(map.Own(key).items, [&](const YamlNode& item) { return IsNamed(item, names); });
  map.EraseEmpty(key);
}

void EraseMounts(YamlNode& spec, std::string_view containers, const Names& volumes) {
  const YamlNode* list = spec.Find(containers);
  if (list == nullptr) return;
  const bool mounted = std::ranges::any_of(list->items, [&](const YamlNode& container) {
    return HoldsNamed(container.Find("volumeMounts"), volumes);
  });
  if (!mounted) return;
  for (YamlNode& container : spec.Own(containers).items) {
    EraseNamed(container, "volumeMounts", volumes);
  }
}

void EraseFsGroup(YamlNode& spec) {
  if (spec.FindAt({"securityContext", "fsGroup"}) == nullptr) return;
  spec.Own("securityContext").Erase("fsGroup");
  spec.EraseEmpty("securityContext");
}

void EraseAnnotation(YamlNode& pod) {
  YamlNode& metadata = pod.Own("metadata");
  metadata.Own("annotations").Erase(kInjectedAnnotation);
  metadata.EraseEmpty("annotations");
  pod.EraseEmpty("metadata");
}

}  // namespace

bool RemoveFromPod(const ManifestObject& object, const SidecarDefinition& definition) {
  const YamlNode* injected = object.Pod()->FindAt({"metadata", "annotations", kInjectedAnnotation});
  const bool has_fs_group = injected != nullptr && injected->text == "agent,fsGroup";
  if (injected == nullptr && !HasSidecar(*object.Pod(), definition)) return false;
  Names volumes = {definition.logs_volume_name()};
  for (const YamlNode& volume : definition.volumes) volumes.push_back(volume.TextOf("name"));
  YamlNode& pod = object.OwnPod();
  YamlNode& spec = pod.Own("spec");
  for (const char* containers : {"initContainers", "containers"}) {
    EraseNamed(spec, containers, {definition.name()});
    EraseMounts(spec, containers, {definition.logs_volume_name()});
  }
  EraseNamed(spec, "volumes", volumes);
  if (has_fs_group) EraseFsGroup(spec);
  if (injected != nullptr) EraseAnnotation(pod);
  return true;
}

}  // namespace routerate
