// Kinds are told from others of the same name by their group: there is more than one Job.
#include "inject/manifest_objects.h"

#include <algorithm>

#include "base/ascii.h"

namespace routerate {
namespace {

const std::vector<std::string_view> kTemplate = {"spec", "template"};

const PodKind kPodKinds[] = {
    {"Pod", "", "pods", {}},
    {"PodTemplate", "", "podtemplates", {"template"}},
    {"ReplicationController", "", "replicationcontrollers", kTemplate},
    {"Deployment", "apps", "deployments.apps", kTemplate},
    {"StatefulSet", "apps", "statefulsets.apps", kTemplate},
    {"DaemonSet", "apps", "daemonsets.apps", kTemplate},
    {"ReplicaSet", "apps", "replicasets.apps", kTemplate},
    {"Job", "batch", "jobs.batch", kTemplate},
    {"CronJob", "batch", "cronjobs.batch", {"spec", "jobTemplate", "spec", "template"}},
};

constexpr std::string_view kHashLabel = "pod-template-hash";

// What an object says of its type, or the list around it.
struct TypeMeta {
  std::string kind;
  std::string api_version;

  std::string_view group() const {
    const std::size_t slash = api_version.find('/');
    return slash == std::string::npos ? "" : std::string_view(api_version).substr(0, slash);
  }
};

const PodKind* PodKindOf(const TypeMeta& type) {
  for (const PodKind& row : kPodKinds) {
    // What apps has was in extensions before.
    const bool fits =
        type.group() == row.group || (row.group == "apps" && type.group() == "extensions");
    if (fits && type.kind == row.kind) return &row;
  }
  return nullptr;
}

std::string WithoutSuffix(std::string text, std::string_view suffix) {
  if (text.ends_with(suffix)) text.resize(text.size() - suffix.size());
  return text;
}

// metadata.name, or what generateName begins names with.
std::string NameOf(const YamlNode* metadata) {
  if (metadata == nullptr) return {};
  const std::string name = metadata->TextOf("name");
  return name.empty() ? WithoutSuffix(metadata->TextOf("generateName"), "-") : name;
}

void AddObjects(YamlNode& node, const TypeMeta& inherited, std::vector<ManifestObject>* out) {
  if (!node.IsMap()) return;
  TypeMeta type{node.TextOf("kind"), node.TextOf("apiVersion")};
  if (type.kind.empty() && type.api_version.empty()) type = inherited;
  const bool list = type.kind.ends_with("List");
  for (YamlEntry& entry : node.entries) {
    if (!list || entry.key.text != "items") continue;
    const TypeMeta item_type{type.kind.substr(0, type.kind.size() - 4), type.api_version};
    for (YamlNode& item : entry.value.items) AddObjects(item, item_type, out);
  }
  if (list) return;
  const std::string name = NameOf(node.Find("metadata"));
  const PodKind* pod_kind = PodKindOf(type);
  std::string resource =
      pod_kind != nullptr ? std::string(pod_kind->resource) : AsciiLowered(type.kind);
  if (resource.empty()) resource = "(no kind)";
  out->push_back({resource + "/" + name, name, pod_kind, &node});
}

// A CronJob's Jobs have its name, "-" and the minute of their start.
std::string WithoutMinute(const std::string& job) {
  constexpr std::size_t kLeastDigits = 8;
  const std::size_t dash = job.rfind('-');
  if (dash == std::string::npos || job.size() - dash - 1 < kLeastDigits) return job;
  return job.find_first_not_of("0123456789", dash + 1) == std::string::npos ? job.substr(0, dash)
                                                                            : job;
}

// A Deployment's ReplicaSets have its name, "-" and their pods' hash.
PodOrigin OriginOfReplicaSet(const std::string& name, const YamlNode& pod) {
  const YamlNode* hash = pod.FindAt({"metadata", "labels", kHashLabel});
  if (hash == nullptr) return {"replicasets.apps/" + name, name};
  const std::string deployment = WithoutSuffix(name, "-" + hash->text);
  return {"deployments.apps/" + deployment, deployment};
}

PodOrigin OriginOf(const TypeMeta& owner, const std::string& name, const YamlNode& pod) {
  const PodKind* kind = PodKindOf(owner);
  if (kind == nullptr) return {"", name};
  if (kind->kind == "ReplicaSet") return OriginOfReplicaSet(name, pod);
  if (kind->group == "apps") return {std::string(kind->resource) + "/" + name, name};
  return {"", kind->kind == "Job" ? WithoutMinute(name) : name};
}

// Who made a pod that was exported from a cluster; nullptr: nobody.
const YamlNode* ControllerOf(const YamlNode& pod) {
  const YamlNode* owners = pod.FindAt({"metadata", "ownerReferences"});
  if (owners == nullptr) return nullptr;
  const auto found = std::ranges::find(
      owners->items, "true", [](const YamlNode& owner) { return owner.TextOf("controller"); });
  return found == owners->items.end() ? nullptr : &*found;
}

}  // namespace

YamlNode& ManifestObject::OwnPod() const {
  YamlNode* pod = node;
  for (const std::string_view key : pod_kind->pod) pod = &pod->Own(key);
  return *pod;
}

std::vector<ManifestObject> ObjectsOf(YamlNode& document) {
  std::vector<ManifestObject> objects;
  AddObjects(document, {}, &objects);
  return objects;
}

PodOrigin OriginOf(const ManifestObject& object) {
  const YamlNode& pod = *object.Pod();
  if (object.pod_kind->kind == "PodTemplate") {
    const std::string own = NameOf(pod.Find("metadata"));
    return {"", own.empty() ? object.name : own};
  }
  if (object.pod_kind->kind != "Pod") {
    return OriginOf({std::string(object.pod_kind->kind), std::string(object.pod_kind->group) + "/"},
                    object.name, pod);
  }
  const YamlNode* owner = ControllerOf(pod);
  if (owner == nullptr) return {"", object.name};
  return OriginOf({owner->TextOf("kind"), owner->TextOf("apiVersion")}, owner->TextOf("name"), pod);
}

}  // namespace routerate
