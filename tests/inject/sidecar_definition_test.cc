// The definition: the one that is built in, and the mistakes in others.
#include "inject/sidecar_definition.h"

#include <catch2/catch.hpp>

#include "inject/pod_injection.h"
#include "tests/inject/injected_pod.h"

namespace routerate {
namespace {

std::string MistakeIn(const std::string& text) {
  const auto definition = ReadSidecarDefinition(text, "sidecar.yaml");
  return definition ? "none" : definition.error().message;
}

const std::string kGood = "container: {name: c}\nlogsVolume: {name: l}\n";

}  // namespace

TEST_CASE("the definition that is built in is the chart's") {
  const SidecarDefinition definition = DefaultSidecar();
  CHECK(definition.name() == "routerate-agent");
  CHECK(definition.logs_volume_name() == "routerate-logs");
  CHECK(definition.volumes.size() == 2);
  CHECK(definition.user.text == "65532");
  CHECK(definition.fs_group.text == "65532");
}

TEST_CASE("a definition's mistakes are told by its name and line") {
  CHECK(MistakeIn(kGood) == "none");
  CHECK_THAT(MistakeIn("a: ["), Catch::StartsWith("sidecar.yaml:1: not valid YAML"));
  CHECK(MistakeIn("") == "sidecar.yaml:1: expected a map with the key container");
  CHECK(MistakeIn(kGood + "native: true\n") ==
        "sidecar.yaml:3: native: unknown key; known here: container, volumes, logsVolume, user, "
        "fsGroup");
  CHECK(MistakeIn("logsVolume: {name: l}\n") == "sidecar.yaml:1: container is required");
  CHECK(MistakeIn("container: {image: i}\n") ==
        "sidecar.yaml:1: container: expected a map with a name");
  CHECK(MistakeIn("container: {name: c}\n") == "sidecar.yaml:1: logsVolume is required");
  CHECK(MistakeIn(kGood + "volumes:\n- {emptyDir: {}}\n") ==
        "sidecar.yaml:4: volumes: expected maps with a name");
  CHECK(MistakeIn(kGood + "volumes: x\n") == "sidecar.yaml:3: volumes: expected a list");
  CHECK(MistakeIn(kGood + "user: nobody\n") == "sidecar.yaml:3: user: expected a number");
}

TEST_CASE("another definition is what is added, without a user and a group if it names none") {
  const auto definition = ReadSidecarDefinition(kGood, "sidecar.yaml");
  REQUIRE(definition.has_value());
  const YamlNode pod =
      InjectedPod({.pod = "securityContext: {runAsUser: 0}"}, {.definition = *definition});
  const YamlNode agent = Named(pod.FindAt({"spec", "initContainers"}), "c");
  CHECK(agent.Find("securityContext") == nullptr);
  CHECK(pod.FindAt({"spec", "securityContext", "fsGroup"}) == nullptr);
  CHECK(pod.FindAt({"spec", "volumes"})->items.size() == 1);
  CHECK(Variable(agent, "ROUTERATE_SERVICE") == "shop");
}

TEST_CASE("a variable is set in the place of the one that is there") {
  SidecarDefinition definition = DefaultSidecar();
  const std::size_t count = definition.container.Find("env")->items.size();
  SetVariable(definition.container, "KAFKA_BROKERS", "a:1,b:2");
  CHECK(Variable(definition.container, "KAFKA_BROKERS") == "a:1,b:2");
  CHECK(definition.container.Find("env")->items.size() == count);
}

}  // namespace routerate
