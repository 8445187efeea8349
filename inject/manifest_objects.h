// The objects of a manifest, and the pods in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inject/yaml_node.h"

namespace routerate {

// A kind of objects that pods are made of.
struct PodKind {
  std::string_view kind;
  std::string_view group;             // of apiVersion; empty: v1
  std::string_view resource;          // "deployments.apps"
  std::vector<std::string_view> pod;  // where its pod, or the pod's template, is
};

struct ManifestObject {
  std::string title;        // "deployments.apps/shop"
  std::string name;         // metadata.name, else generateName without its last "-"
  const PodKind* pod_kind;  // nullptr: there is no pod in it
  YamlNode* node;           // of the document that was searched

  // {metadata, spec}; nullptr where there is none.
  const YamlNode* Pod() const { return node->FindAt(pod_kind->pod); }
  // The same to change.
  YamlNode& OwnPod() const;
  bool IsJob() const { return pod_kind->group == "batch"; }
};

// All objects of a document, those of lists in the order of their items. Borrows the document.
std::vector<ManifestObject> ObjectsOf(YamlNode& document);

// What an aggregator is told of the pods of an object: the same that a controller's pods would say.
struct PodOrigin {
  std::string workload;  // "deployments.apps/shop"; empty: not told
  std::string service;   // unless the pod says another
};
PodOrigin OriginOf(const ManifestObject& object);

}  // namespace routerate
