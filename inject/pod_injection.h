// The sidecar added to a pod, and taken from it again, as changes of the pod's nodes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "inject/manifest_objects.h"
#include "inject/pod_wishes.h"
#include "inject/sidecar_definition.h"

namespace routerate {

// kNative: an init container that runs beside the others, for Kubernetes 1.29 and later. kPlain:
// one of the containers.
enum class SidecarKind { kNative, kPlain };

inline constexpr std::string_view kInjectedAnnotation = "routerate.io/injected";

// What was done, for people.
struct PodChange {
  std::string what;                // "injected into container nginx, ..."
  std::vector<std::string> notes;  // what may not work, and the remedy
};

// Whether the pod has a container of the sidecar's name, of either kind.
bool HasSidecar(const YamlNode& pod, const SidecarDefinition& definition);

// The object's pod has no sidecar. Failures begin with a line, and leave the pod as it was.
Result<PodChange> InjectPod(const ManifestObject& object, const SidecarDefinition& definition,
                            SidecarKind kind, const WishDefaults& defaults);

// Takes away what injection has added, and the keys that are empty without. False: there was
// nothing.
bool RemoveFromPod(const ManifestObject& object, const SidecarDefinition& definition);

}  // namespace routerate
