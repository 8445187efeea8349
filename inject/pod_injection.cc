// Everything is decided first, of the pod as it is; then it is changed.
#include "inject/pod_injection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inject/log_place.h"
#include "inject/log_reader.h"

namespace routerate {
namespace {

bool HasNamed(const YamlNode* list, const std::string& name) {
  return list != nullptr && std::ranges::any_of(list->items, [&](const YamlNode& item) {
           return item.TextOf("name") == name;
         });
}

// What an injection leaves in a pod when only its container is taken away by hand.
Result<void> CheckNothingLeft(const YamlNode& pod, const SidecarDefinition& definition) {
  std::vector<std::string> volumes = {definition.logs_volume_name()};
  for (const YamlNode& volume : definition.volumes) volumes.push_back(volume.TextOf("name"));
  std::string left;
  for (const std::string& volume : volumes) {
    if (HasNamed(pod.FindAt({"spec", "volumes"}), volume)) left = "the volume " + volume;
  }
  for (const char* list : {"initContainers", "containers"}) {
    const YamlNode* containers = pod.FindAt({"spec", list});
    if (containers == nullptr) continue;
    for (const YamlNode& container : containers->items) {
      if (!HasNamed(container.Find("volumeMounts"), definition.logs_volume_name())) continue;
      left = "a mount of " + definition.logs_volume_name();
    }
  }
  if (pod.FindAt({"metadata", "annotations", kInjectedAnnotation}) != nullptr) {
    left = fmt::format("the annotation {}", kInjectedAnnotation);
  }
  if (left.empty()) return {};
  return Fail(fmt::format("{}: has {}, but no container {}: take it away with --remove first",
                          pod.line, left, definition.name()));
}

// Lists that are added to must be lists, and maps maps.
Result<void> CheckShape(const YamlNode& pod, const YamlNode& writer) {
  const auto check = [](const YamlNode& parent, std::vector<std::string_view> path,
                        YamlNode::Kind kind) -> Result<void> {
    const YamlNode* node = parent.FindAt(path);
    if (node == nullptr || node->IsNull() || node->kind == kind) return {};
    return Fail(fmt::format("{}: {}: expected a {}", node->line, fmt::join(path, "."),
                            kind == YamlNode::Kind::kMap ? "map" : "list"));
  };
  using enum YamlNode::Kind;
  auto fits = check(pod, {"spec", "initContainers"}, kSequence);
  if (fits) fits = check(pod, {"spec", "volumes"}, kSequence);
  if (fits) fits = check(pod, {"spec", "securityContext"}, kMap);
  if (fits) fits = check(pod, {"metadata"}, kMap);
  if (fits) fits = check(pod, {"metadata", "annotations"}, kMap);
  if (fits) fits = check(writer, {"volumeMounts"}, kSequence);
  return fits;
}

YamlNode& OwnList(YamlNode& map, std::string_view key) {
  YamlNode& list = map.Own(key);
  if (list.IsNull()) list.kind = YamlNode::Kind::kSequence;
  return list;
}

const YamlNode& WriterOf(const YamlNode& pod, const PodWishes& wishes) {
  const auto& containers = pod.FindAt({"spec", "containers"})->items;
  return *std::ranges::find(containers, wishes.container,
                            [](const YamlNode& container) { return container.TextOf("name"); });
}

struct Decision {
  PodWishes wishes;
  PodOrigin origin;
  LogPlace place;
  LogReader reader;
};

YamlNode Container(const Decision& decided, const SidecarDefinition& definition, SidecarKind kind) {
  YamlNode container = definition.container;
  if (kind == SidecarKind::kPlain) {
    container.Erase("restartPolicy");
    container.Erase("startupProbe");
  }
  auto& env = OwnList(container, "env").items;
  env.insert(env.begin(), decided.place.variables.begin(), decided.place.variables.end());
  SetVariable(container, "ROUTERATE_SERVICE", decided.wishes.service);
  SetVariable(container, "ROUTERATE_WORKLOAD", decided.origin.workload);
  SetVariable(container, "ROUTERATE_LOGS", decided.place.pattern);
  SetVariable(container, "ROUTERATE_FORMAT", decided.wishes.format);
  SetVariable(container, "ROUTERATE_RECLAIM", decided.wishes.reclaim);
  OwnList(container, "volumeMounts").items.push_back(decided.place.mount);
  for (const ResourceWish& wish : decided.wishes.resources) {
    container.Own("resources").Own(wish.kind).Own(wish.resource) = YamlNode::Text(wish.amount);
  }
  for (const auto& [key, id] : decided.reader.ids) {
    container.Own("securityContext").Own(key) = id;
  }
  return container;
}

void MountNewVolume(YamlNode& pod, const Decision& decided) {
  YamlNode mount;
  mount.Own("name") = YamlNode::Text(decided.place.volume);
  mount.Own("mountPath") = YamlNode::Text(decided.wishes.directory);
  for (YamlNode& container : pod.Own("spec").Own("containers").items) {
    if (container.TextOf("name") != decided.wishes.container) continue;
    OwnList(container, "volumeMounts").items.push_back(mount);
    return;
  }
}

void Apply(const Decision& decided, const SidecarDefinition& definition, SidecarKind kind,
           YamlNode& pod) {
  YamlNode& spec = pod.Own("spec");
  if (decided.place.is_new) MountNewVolume(pod, decided);
  OwnList(spec, kind == SidecarKind::kPlain ? "containers" : "initContainers")
      .items.push_back(Container(decided, definition, kind));
  auto& volumes = OwnList(spec, "volumes").items;
  volumes.insert(volumes.end(), definition.volumes.begin(), definition.volumes.end());
  if (decided.place.is_new) volumes.push_back(definition.logs_volume);
  if (decided.reader.adds_fs_group) {
    spec.Own("securityContext").Own("fsGroup") = definition.fs_group;
  }
  pod.Own("metadata").Own("annotations").Own(kInjectedAnnotation) =
      YamlNode::Text(decided.reader.adds_fs_group ? "agent,fsGroup" : "agent");
}

PodChange Told(const Decision& decided) {
  const LogPlace& place = decided.place;
  PodChange change;
  change.what = fmt::format(
      "injected into container {}, logs {} on {}{}, format {}, service {}",
      decided.wishes.container, decided.wishes.logs, place.is_new ? "a new emptyDir" : "volume ",
      place.is_new ? "" : place.volume, decided.wishes.format, decided.wishes.service);
  if (decided.reader.is_doubtful) {
    change.notes.push_back(fmt::format(
        "the agent may not be able to read {}: set routerate.io/run-as-user to the user who writes "
        "it (an fsGroup would change who owns the pod's other volumes)",
        decided.wishes.logs));
  }
  for (const std::string& name : place.unknown) {
    change.notes.push_back(fmt::format(
        "subPathExpr names $({}), which is not in the env of container {}: put it there", name,
        decided.wishes.container));
  }
  return change;
}

}  // namespace

bool HasSidecar(const YamlNode& pod, const SidecarDefinition& definition) {
  return HasNamed(pod.FindAt({"spec", "containers"}), definition.name()) ||
         HasNamed(pod.FindAt({"spec", "initContainers"}), definition.name());
}

Result<PodChange> InjectPod(const ManifestObject& object, const SidecarDefinition& definition,
                            SidecarKind kind, const WishDefaults& defaults) {
  const YamlNode& pod = *object.Pod();
  if (kind == SidecarKind::kPlain && object.IsJob()) {
    return Fail(
        fmt::format("{}: a plain container would keep the Job from ending: leave out --plain, "
                    "or say routerate.io/inject: \"false\"",
                    pod.line));
  }
  Decision decided{.origin = OriginOf(object)};
  auto wishes = PodWishesOf(pod, defaults, decided.origin.service);
  if (!wishes) return std::unexpected(wishes.error());
  decided.wishes = *std::move(wishes);
  const YamlNode& writer = WriterOf(pod, decided.wishes);
  if (auto fits = CheckShape(pod, writer); !fits) return std::unexpected(fits.error());
  if (auto fits = CheckNothingLeft(pod, definition); !fits) return std::unexpected(fits.error());
  decided.place = LogPlaceOf(writer, decided.wishes, definition);
  decided.reader = LogReaderOf(object, writer, decided.wishes, definition);
  Apply(decided, definition, kind, object.OwnPod());
  return Told(decided);
}

}  // namespace routerate
