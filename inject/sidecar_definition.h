// What injection adds to a pod: charts/routerate/files/sidecar.yaml, or what a chart has made of
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inject/yaml_node.h"

namespace routerate {

struct SidecarDefinition {
  YamlNode container;             // with a name and an image
  std::vector<YamlNode> volumes;  // each with a name
  YamlNode logs_volume;           // of a name, for logs that are on no volume
  YamlNode user;                  // a number, or null: the agent's user is never named
  YamlNode fs_group;              // the same of the pod's group

  std::string name() const { return container.TextOf("name"); }
  std::string logs_volume_name() const { return logs_volume.TextOf("name"); }
};

// Failures are one line: "sidecar.yaml:7: volumes: ...".
Result<SidecarDefinition> ReadSidecarDefinition(std::string_view text, const std::string& name);

// The definition that this program was built with.
SidecarDefinition DefaultSidecar();

// The variable `name` of the container, in the place of the one that it has.
void SetVariable(YamlNode& container, const std::string& name, const std::string& value);

}  // namespace routerate
