// Whole manifests: which objects are taken, what is told of them, and what is refused.
#include "inject/injection.h"

#include "tests/inject/injected_pod.h"

namespace routerate {
namespace {

std::string MistakeOf(const std::string& manifest) {
  const auto injected = InjectManifest(manifest, {});
  return injected ? "none" : injected.error().message;
}

std::vector<std::string> Report(const std::string& manifest, const InjectionOptions& options = {}) {
  const auto injected = InjectManifest(manifest, options);
  INFO((injected ? "" : injected.error().message));
  REQUIRE(injected.has_value());
  return injected->report;
}

}  // namespace

TEST_CASE("what is no manifest is told with its line") {
  const struct {
    const char* manifest;
    const char* mistake;
  } kCases[] = {
      {"a: 1\nb: [\n", "not valid YAML"},
      {"a: 1\n---\nb: {\n", "not valid YAML"},
      {"a: 1\nb: \x01\n", "2: byte 0x01, which YAML in UTF-8 does not hold"},
      {"\xFF\xFE"
       "a",
       "1: byte 0xFF"},
      {"a: &x [*x]\n", "1: an alias inside its own anchor"},
      {"a: 1\n? [b]\n: c\n", "2: a key must be a text"},
      {"a: b: c\n", "1: not valid YAML"},
      {"{a: 1}\n{b: 2}\n", "2: "},
      {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
       "1: deployments.apps/x: has no spec.template"},
      {"---\n\nkind: Pod\napiVersion: v1\nspec: {}\n", "3: spec.containers: expected a list"},
      {"kind: Pod\napiVersion: v1\nspec:\n  containers: []\n",
       "4: spec.containers: expected a list"},
      {"kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - image: x\n",
       "5: spec.containers: expected a container with a name"},
      {"kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: x\n",
       "names no service: say one"},
  };
  for (const auto& row : kCases) {
    INFO(row.manifest);
    CHECK_THAT(MistakeOf(row.manifest), Catch::Contains(row.mistake));
  }
}

TEST_CASE("aliases that stand for too much are refused") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK_THAT(MistakeOf(bomb), Catch::Contains("aliases stand for over"));
}

TEST_CASE("documents without a pod are passed on byte for byte") {
  const std::string manifest =
      "\xEF\xBB\xBF# comment\r\n%YAML 1.1\n--- |\n  kind: Pod\n...\n\n--- # null\n---\n"
      "apiVersion: batch.example.com/v1\nkind: Job   # another's\nspec: {a: 'b' , "
      "}\n---\n[1,2]\n---\n"
      "\"x\"";
  const auto injected = InjectManifest(manifest, {});
  REQUIRE(injected.has_value());
  CHECK(injected->text == manifest);
  CHECK(injected->report == std::vector<std::string>{"job/: no pod: passed on"});
}

TEST_CASE("only the pods that are meant are taken") {
  const auto first = [](const PodText& text, const InjectionOptions& options) {
    return Report(ManifestOf(text), options).front();
  };
  const InjectionOptions labelled{.pods = WhichPods::kLabelled};
  const std::string injected =
      "deployments.apps/shop: injected into container nginx, logs "
      "/var/log/nginx/access*.log on a new emptyDir, format nginx, "
      "service shop";
  CHECK(first({}, {}) == injected);
  CHECK(first({}, labelled) ==
        "deployments.apps/shop: passed on: does not ask for routerate.io/inject");
  CHECK(first({.labels = "routerate.io/inject: 'true'"}, labelled) == injected);
  CHECK(first({.annotations = "routerate.io/inject: nginx"}, labelled) == injected);
  const std::string refused =
      "deployments.apps/shop: passed on: says routerate.io/inject: \"false\"";
  CHECK(first({.labels = "routerate.io/inject: 'false'"}, {}) == refused);
  CHECK(
      first({.annotations = "routerate.io/inject: false", .labels = "routerate.io/inject: 'true'"},
            {}) == refused);
  CHECK(first({}, {.workloads = {"shop"}}) == injected);
  CHECK(first({}, {.workloads = {"deployments.apps/shop"}}) == injected);
  CHECK(first({}, {.workloads = {"other"}}) ==
        "deployments.apps/shop: passed on: is none of --workload");
  CHECK(first({.pod = "os: {name: windows}"}, {}) ==
        "deployments.apps/shop: passed on: a pod for Windows");
  CHECK(first({.pod = "initContainers: [{name: routerate-agent}]"}, {}) ==
        "deployments.apps/shop: unchanged: has a routerate-agent already");
}

TEST_CASE("the command's defaults are for what a pod does not say") {
  const WishDefaults defaults{
      .format = "combined", .container = "b", .logs = "/srv/b/", .service = "front"};
  const auto told = [&](const std::string& annotations) {
    return Inject({.annotations = annotations, .others = ", {name: b}"}, {.defaults = defaults})
        ->report.front();
  };
  CHECK_THAT(told(""),
             Catch::Contains("into container b, logs /srv/b/access*.log on a new emptyDir, "
                             "format combined, service front"));
  CHECK_THAT(
      told("routerate.io/container: nginx, routerate.io/logs: /x/y, routerate.io/inject: nginx, "
           "routerate.io/service: s"),
      Catch::Contains("into container nginx, logs /x/y on a new emptyDir, format nginx, "
                      "service s"));
  CHECK_THAT(Mistake({}, {.defaults = defaults}),
             Catch::Contains("--container: 'b' is no container of this pod; it has nginx"));
}

TEST_CASE("the items of a list without types have the list's") {
  const auto report = Report(
      "kind: PodList\napiVersion: v1\nitems:\n- metadata: {name: a}\n  spec: {containers: [{name: "
      "c}]}\n- kind: PodList\n  apiVersion: v1\n  items:\n  - metadata: {name: b}\n    spec: "
      "{containers: [{name: c}]}\n");
  REQUIRE(report.size() == 2);
  CHECK_THAT(report[0], Catch::StartsWith("pods/a: injected"));
  CHECK_THAT(report[1], Catch::StartsWith("pods/b: injected"));
}

TEST_CASE("a text in the place of an object is no pod") {
  for (const char* manifest : {"kind: [Pod]\napiVersion: v1\n", "kind: List\nitems: {a: b}\n",
                               "kind: List\nitems: [1, null]\n", "kind: PodList\napiVersion: v1\n",
                               "metadata: x\n", "kind: Job\napiVersion: {}\n"}) {
    INFO(manifest);
    CHECK(InjectManifest(manifest, {})->text == manifest);
  }
}

TEST_CASE("a removal takes what was added, and what is the pod's own stays") {
  const PodText own{.annotations = "a: b",
                    .pod =
                        "securityContext: {fsGroup: 5}, volumes: [{name: v}], initContainers: "
                        "[{name: i}]",
                    .container = "volumeMounts: [{name: v, mountPath: /v}]"};
  const std::string manifest = ManifestOf(own);
  const auto injected = InjectManifest(manifest, {});
  REQUIRE(injected.has_value());
  const auto removed = InjectManifest(injected->text, {.act = InjectionAct::kRemove});
  REQUIRE(removed.has_value());
  CHECK(removed->text == manifest);
  CHECK(removed->report.front() == "deployments.apps/shop: routerate-agent taken away");
}

}  // namespace routerate
