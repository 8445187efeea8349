// As whom the agent runs, so that it may read what the writer writes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "inject/manifest_objects.h"
#include "inject/pod_wishes.h"
#include "inject/sidecar_definition.h"

namespace routerate {

struct LogReader {
  // runAsUser, runAsGroup: of the agent's securityContext.
  std::vector<std::pair<std::string, YamlNode>> ids;
  bool adds_fs_group = false;  // to the pod
  bool is_doubtful = false;    // it would be needed, and cannot be added
};

// docs/injection.md, section 3.
LogReader LogReaderOf(const ManifestObject& object, const YamlNode& writer, const PodWishes& wishes,
                      const SidecarDefinition& definition);

}  // namespace routerate
