// A manifest with the sidecar in its pods, or without it: text in, text out.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inject/pod_injection.h"

namespace routerate {

enum class InjectionAct { kInject, kRemove };
// kAll: every pod but those that refuse; kLabelled: those that ask for it, as the chart's policy
// has it.
enum class WhichPods { kAll, kLabelled };

struct InjectionOptions {
  SidecarDefinition definition = DefaultSidecar();
  InjectionAct act = InjectionAct::kInject;
  SidecarKind kind = SidecarKind::kNative;
  WhichPods pods = WhichPods::kAll;
  std::set<std::string> workloads;  // "shop" or "deployments.apps/shop"; empty: all
  WishDefaults defaults;
};

struct InjectedManifest {
  std::string text;
  std::vector<std::string> report;  // a line an object, or more
  std::set<std::string> found;      // those of `workloads` that are there
};

// Documents without a pod are in `text` byte for byte. Failures begin with a line: "7: ...".
Result<InjectedManifest> InjectManifest(std::string_view text, const InjectionOptions& options);

}  // namespace routerate
