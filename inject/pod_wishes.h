// What a pod says of the sidecar that it wants, in annotations and a label.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/result.h"
#include "inject/yaml_node.h"

namespace routerate {

// What routerate.io/inject says; the annotation wins over the label.
enum class InjectWish { kUnsaid, kYes, kNo };

// For what pods do not say; empty: as docs/injection.md has it.
struct WishDefaults {
  std::string format;
  std::string container;
  std::string logs;
  std::string service;
};

// "requests" or "limits", "cpu" or "memory", "64Mi".
struct ResourceWish {
  std::string kind;
  std::string resource;
  std::string amount;
};

struct PodWishes {
  std::string container;  // that writes the log
  std::string format;
  std::string logs;       // a pattern, absolute in that container
  std::string directory;  // of it: "/var/log/nginx"
  std::string service;
  std::string reclaim;      // "none" or "punch"
  std::string run_as_user;  // digits, or empty
  std::vector<ResourceWish> resources;
};

// `pod` is {metadata, spec}. Failures begin with the line of what is wrong: "7: ...".
Result<InjectWish> InjectWishOf(const YamlNode& pod);
// `spec.containers` must have been looked at (CheckContainers).
Result<PodWishes> PodWishesOf(const YamlNode& pod, const WishDefaults& defaults,
                              const std::string& default_service);

// Fails unless the pod's containers are a list of maps with names.
Result<void> CheckContainers(const YamlNode& pod);

}  // namespace routerate
