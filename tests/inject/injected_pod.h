// A pod in a Deployment, out of what a test says of it, and what injection makes of it.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "inject/injection.h"
#include "inject/yaml_reader.h"

namespace routerate {

// Each is the inside of a map in flow style.
struct PodText {
  std::string annotations;
  std::string labels;
  std::string pod;  // of its spec
  std::string image = "nginx:1.27";
  std::string container;  // of the first one
  std::string others;     // ", {name: b}"
  std::string kind = "apps/v1, kind: Deployment";
  std::string metadata = "name: shop";
};

inline std::string ManifestOf(const PodText& text) {
  const std::string pod = "{metadata: {annotations: {" + text.annotations + "}, labels: {" +
                          text.labels + "}},\n spec: {" + text.pod +
                          (text.pod.empty() ? "" : ", ") + "containers: [{name: nginx, image: '" +
                          text.image + "'" + (text.container.empty() ? "" : ", ") + text.container +
                          "}" + text.others + "]}}";
  return "{apiVersion: " + text.kind + ", metadata: {" + text.metadata +
         "},\n spec: {template: " + pod + "}}\n";
}

inline Result<InjectedManifest> Inject(const PodText& text, const InjectionOptions& options = {}) {
  return InjectManifest(ManifestOf(text), options);
}

inline std::string Mistake(const PodText& text, const InjectionOptions& options = {}) {
  const auto manifest = Inject(text, options);
  return manifest ? "none: " + manifest->text : manifest.error().message;
}

// {metadata, spec} behind the injection.
inline YamlNode InjectedPod(const PodText& text, const InjectionOptions& options = {}) {
  const auto manifest = Inject(text, options);
  INFO((manifest ? "" : manifest.error().message));
  REQUIRE(manifest.has_value());
  const auto document = ReadYaml(manifest->text);
  REQUIRE(document.has_value());
  return *document->FindAt({"spec", "template"});
}

inline YamlNode Agent(const YamlNode& pod, const char* list = "initContainers") {
  const YamlNode* containers = pod.FindAt({"spec", list});
  REQUIRE(containers != nullptr);
  REQUIRE(containers->items.back().TextOf("name") == "routerate-agent");
  return containers->items.back();
}

// Of a container's env; "(none)" if it is not there.
inline std::string Variable(const YamlNode& container, const std::string& name) {
  for (const YamlNode& variable : container.Find("env")->items) {
    if (variable.TextOf("name") == name) return variable.TextOf("value");
  }
  return "(none)";
}

// The item of `list` with this name; null without.
inline YamlNode Named(const YamlNode* list, const std::string& name) {
  if (list == nullptr) return {};
  for (const YamlNode& item : list->items) {
    if (item.TextOf("name") == name) return item;
  }
  return {};
}

}  // namespace routerate
