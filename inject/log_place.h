// Where the writer's log is for the agent: on a volume that the writer mounts already, or on one
// that has to be added.
#pragma once

#include <string>
#include <vector>

#include "inject/pod_wishes.h"
#include "inject/sidecar_definition.h"
#include "inject/yaml_node.h"

namespace routerate {

struct LogPlace {
  std::string volume;
  bool is_new = false;               // `volume` is the definition's logsVolume
  YamlNode mount;                    // the agent's
  std::string pattern;               // of the log, as the agent sees it
  std::vector<YamlNode> variables;   // that the mount's subPathExpr needs, of the writer's env
  std::vector<std::string> unknown;  // those that it names and nobody has
};

// `writer` is the container that writes the log.
LogPlace LogPlaceOf(const YamlNode& writer, const PodWishes& wishes,
                    const SidecarDefinition& definition);

}  // namespace routerate
