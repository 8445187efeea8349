// docs/injection.md, sentence by sentence: what a pod may say, what is added, who may read the log.
#include "inject/pod_injection.h"

#include "tests/inject/injected_pod.h"

namespace routerate {
namespace {

std::string LogsOf(const PodText& text) {
  return Variable(Agent(InjectedPod(text)), "ROUTERATE_LOGS");
}

// "runAsUser runAsGroup fsGroup injected", "-" for what there is none of.
std::string Reader(const PodText& text) {
  const YamlNode pod = InjectedPod(text);
  const YamlNode agent = Agent(pod);
  const auto shown = [](const YamlNode* node) { return node != nullptr ? node->text : "-"; };
  return shown(agent.FindAt({"securityContext", "runAsUser"})) + " " +
         shown(agent.FindAt({"securityContext", "runAsGroup"})) + " " +
         shown(pod.FindAt({"spec", "securityContext", "fsGroup"})) + " " +
         shown(pod.FindAt({"metadata", "annotations", kInjectedAnnotation}));
}

}  // namespace

TEST_CASE("the format is the annotation's, else as inject says, else by the image") {
  const struct {
    const char* annotations;
    const char* labels;
    const char* image;
    const char* format;
  } kCases[] = {
      {"", "", "nginx:1.27", "nginx"},
      {"", "", "tomcat:9", "tomcat"},
      {"", "", "registry.example.invalid:5000/library/tomcat", "tomcat"},
      {"", "", "example.invalid/my-tomcat-app:1", "tomcat"},
      {"", "", "example.invalid/tomcat/web:1", "nginx"},
      {"routerate.io/inject: combined", "", "tomcat:9", "combined"},
      {"", "routerate.io/inject: tomcat", "nginx", "tomcat"},
      {"routerate.io/inject: 'true'", "routerate.io/inject: tomcat", "nginx", "nginx"},
      {"routerate.io/inject: nginx, routerate.io/format: auto", "", "tomcat:9", "auto"},
  };
  for (const auto& row : kCases) {
    INFO(row.annotations << " / " << row.labels << " / " << row.image);
    const YamlNode pod =
        InjectedPod({.annotations = row.annotations, .labels = row.labels, .image = row.image});
    CHECK(Variable(Agent(pod), "ROUTERATE_FORMAT") == row.format);
  }
}

TEST_CASE("the log is where the annotation says, else where the server's image has it") {
  const std::string key = "routerate.io/logs: ";
  CHECK(LogsOf({}) == "/logs/access*.log");
  CHECK(LogsOf({.image = "tomcat"}) == "/logs/localhost_access_log*.txt");
  CHECK(LogsOf({.annotations = key + "/srv/a/b-*.log"}) == "/logs/b-*.log");
  CHECK(LogsOf({.annotations = key + "/srv/a/"}) == "/logs/access*.log");
  CHECK(LogsOf({.annotations = key + "/srv/*/a.log"}) == "/logs/*/a.log");
  const YamlNode pod = InjectedPod({.annotations = key + "'/srv/a/[0-9]/b?/x.log'"});
  CHECK(Named(Named(pod.FindAt({"spec", "containers"}), "nginx").Find("volumeMounts"),
              "routerate-logs")
            .TextOf("mountPath") == "/srv/a");
}

TEST_CASE("of the mounts that lead to the log the longest path is shared") {
  const struct {
    const char* mounts;
    const char* volume;
    const char* logs;
  } kCases[] = {
      {"{name: a, mountPath: /var/log/nginx}", "a", "/logs/access*.log"},
      {"{name: a, mountPath: /var/log/nginx/}", "a", "/logs/access*.log"},
      {"{name: a, mountPath: /var}", "a", "/logs/log/nginx/access*.log"},
      {"{name: a, mountPath: /}", "a", "/logs/var/log/nginx/access*.log"},
      {"{name: a, mountPath: /var/log}, {name: b, mountPath: /var/log/nginx}, {name: c, mountPath: "
       "/var}",
       "b", "/logs/access*.log"},
      {"{name: a, mountPath: /var/log/ngin}", "routerate-logs", "/logs/access*.log"},
      {"{name: a, mountPath: /var/log/nginx/deeper}", "routerate-logs", "/logs/access*.log"},
      {"{name: a}", "routerate-logs", "/logs/access*.log"},
  };
  for (const auto& row : kCases) {
    INFO(row.mounts);
    const YamlNode pod =
        InjectedPod({.container = "volumeMounts: [" + std::string(row.mounts) + "]"});
    const YamlNode agent = Agent(pod);
    CHECK(agent.Find("volumeMounts")->items.back().TextOf("name") == row.volume);
    CHECK(Variable(agent, "ROUTERATE_LOGS") == row.logs);
    const bool is_new = std::string(row.volume) == "routerate-logs";
    CHECK(Named(pod.FindAt({"spec", "volumes"}), "routerate-logs").IsNull() == !is_new);
  }
}

TEST_CASE("a part of a volume is shared as such, with the variables that its path needs") {
  const auto agent_of = [](const std::string& mount) {
    return Agent(InjectedPod(
        {.container =
             "env: [{name: A, value: '1'}, {name: POD_NAME, value: x}, {name: B, valueFrom: "
             "{fieldRef: {fieldPath: spec.nodeName}}}], volumeMounts: [{name: v, mountPath: "
             "/var/log, " +
             mount + "}]"}));
  };
  const YamlNode by_name = agent_of("subPath: x/y");
  CHECK(by_name.Find("volumeMounts")->items.back().TextOf("subPath") == "x/y");
  CHECK(by_name.Find("env")->items.front().TextOf("name") == "POD_NAMESPACE");
  const YamlNode by_expression = agent_of("subPathExpr: $(B)/$(POD_NAME)/$(A)");
  CHECK(by_expression.Find("volumeMounts")->items.back().TextOf("subPathExpr") ==
        "$(B)/$(POD_NAME)/$(A)");
  const auto& env = by_expression.Find("env")->items;
  CHECK(env[0].TextOf("name") == "A");
  CHECK(env[1].TextOf("name") == "B");
  CHECK(env[1].FindAt({"valueFrom", "fieldRef", "fieldPath"})->text == "spec.nodeName");
  CHECK(env[2].TextOf("name") == "POD_NAMESPACE");
}

TEST_CASE("the variables of what a pod decides stand at the end of env, in their order") {
  const YamlNode agent = Agent(InjectedPod({}));
  const auto& env = agent.Find("env")->items;
  std::string last;
  for (std::size_t i = env.size() - 5; i < env.size(); ++i) {
    last += env[i].TextOf("name") + "=" + env[i].TextOf("value") + " ";
  }
  CHECK(last ==
        "ROUTERATE_SERVICE=shop ROUTERATE_WORKLOAD=deployments.apps/shop "
        "ROUTERATE_LOGS=/logs/access*.log ROUTERATE_FORMAT=nginx ROUTERATE_RECLAIM=none ");
}

TEST_CASE("the log is mounted read-only unless holes are punched into it") {
  const auto mount = [](const std::string& annotations) {
    return Agent(InjectedPod({.annotations = annotations})).Find("volumeMounts")->items.back();
  };
  CHECK(mount("").TextOf("readOnly") == "true");
  CHECK(mount("routerate.io/reclaim: none").TextOf("readOnly") == "true");
  CHECK(mount("routerate.io/reclaim: punch").Find("readOnly") == nullptr);
}

TEST_CASE("resources are the definition's but for what the pod says") {
  const YamlNode agent = Agent(
      InjectedPod({.annotations = "routerate.io/cpu-request: 1.5, routerate.io/memory-limit: 1e8, "
                                  "routerate.io/cpu-limit: '2'"}));
  CHECK(agent.FindAt({"resources", "requests", "cpu"})->text == "1.5");
  CHECK(agent.FindAt({"resources", "requests", "memory"})->text == "32Mi");
  CHECK(agent.FindAt({"resources", "limits", "cpu"})->text == "2");
  CHECK(agent.FindAt({"resources", "limits", "memory"})->text == "1e8");
}

TEST_CASE("the agent may read the log by the first rule that applies") {
  const std::string named = "routerate.io/run-as-user: '2020'";
  const std::string container = "securityContext: {runAsUser: 101, runAsGroup: 102}";
  const std::string pod = "securityContext: {runAsUser: 1000}";
  const std::string claim = "volumes: [{name: d, persistentVolumeClaim: {claimName: d}}]";
  CHECK(Reader({.annotations = named, .pod = pod, .container = container}) == "2020 - - agent");
  CHECK(Reader({.pod = pod, .container = container}) == "101 102 - agent");
  CHECK(Reader({.container = "securityContext: {runAsUser: 101}"}) == "101 - - agent");
  CHECK(Reader({.pod = pod}) == "- - - agent");
  CHECK(Reader({.pod = pod, .container = "securityContext: {runAsUser: 0}"}) ==
        "- - 65532 agent,fsGroup");
  CHECK(Reader({}) == "- - 65532 agent,fsGroup");
  CHECK(Reader({.container = "securityContext: {runAsUser: 0}"}) == "- - 65532 agent,fsGroup");
  CHECK(Reader({.pod = "securityContext: {runAsUser: 0}"}) == "65532 - 65532 agent,fsGroup");
  CHECK(Reader({.pod = "securityContext: {fsGroup: 7}"}) == "- - 7 agent");
  CHECK(Reader({.pod = claim}) == "- - - agent");
  CHECK(Reader({.pod = "volumes: [{name: d, ephemeral: {}}]"}) == "- - - agent");
  CHECK(Reader({.pod = "volumes: [{name: d, csi: {driver: d}}]"}) == "- - - agent");
  CHECK(Reader({.pod = "volumes: [{name: d, configMap: {name: d}}]"}) == "- - 65532 agent,fsGroup");
}

TEST_CASE("where an fsGroup cannot be set the remedy is told") {
  const auto report = [](const std::string& pod) { return Inject({.pod = pod})->report; };
  const auto told = report("volumes: [{name: d, csi: {driver: d}}]");
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[1], Catch::Contains("may not be able to read /var/log/nginx/access*.log: set "
                                      "routerate.io/run-as-user"));
  CHECK(report("securityContext: {fsGroup: 7}, volumes: [{name: d, csi: {driver: d}}]").size() ==
        1);
}

TEST_CASE("a variable of subPathExpr that nobody has is told") {
  const auto manifest =
      Inject({.container = "volumeMounts: [{name: v, mountPath: /var/log, subPathExpr: $(NODE)}]"});
  CHECK_THAT(manifest->report.at(1),
             Catch::Contains("subPathExpr names $(NODE), which is not in the "
                             "env of container nginx: put it there"));
}

TEST_CASE("a plain sidecar is one of the containers, and a Job gets none") {
  const InjectionOptions plain{.kind = SidecarKind::kPlain};
  const YamlNode pod = InjectedPod({}, plain);
  const YamlNode agent = Agent(pod, "containers");
  CHECK(pod.FindAt({"spec", "initContainers"}) == nullptr);
  CHECK(agent.Find("restartPolicy") == nullptr);
  CHECK(agent.Find("startupProbe") == nullptr);
  CHECK(agent.Find("livenessProbe") != nullptr);
  CHECK_THAT(Mistake({.kind = "batch/v1, kind: Job"}, plain),
             Catch::Contains("a plain container would keep the Job from ending"));
}

TEST_CASE("workload and service are those that a controller's pods would tell") {
  const struct {
    const char* kind;
    const char* metadata;
    const char* labels;
    const char* workload;
    const char* service;
  } kCases[] = {
      {"apps/v1, kind: Deployment", "name: a", "", "deployments.apps/a", "a"},
      {"extensions/v1beta1, kind: Deployment", "name: a", "", "deployments.apps/a", "a"},
      {"apps/v1, kind: StatefulSet", "name: a", "", "statefulsets.apps/a", "a"},
      {"apps/v1, kind: DaemonSet", "name: a", "", "daemonsets.apps/a", "a"},
      {"apps/v1, kind: ReplicaSet", "name: a", "", "replicasets.apps/a", "a"},
      {"apps/v1, kind: ReplicaSet", "name: a-b-6f7", "pod-template-hash: 6f7",
       "deployments.apps/a-b", "a-b"},
      {"v1, kind: ReplicationController", "name: a", "", "", "a"},
      {"batch/v1, kind: Job", "name: a", "", "", "a"},
      {"batch/v1, kind: Job", "name: a-29400120", "", "", "a"},
      {"batch/v1, kind: Job", "name: a-2940012", "", "", "a-2940012"},
      {"batch/v1, kind: Job", "generateName: a-b-", "", "", "a-b"},
  };
  for (const auto& row : kCases) {
    INFO(row.kind << " " << row.metadata);
    const YamlNode agent =
        Agent(InjectedPod({.labels = row.labels, .kind = row.kind, .metadata = row.metadata}));
    CHECK(Variable(agent, "ROUTERATE_WORKLOAD") == row.workload);
    CHECK(Variable(agent, "ROUTERATE_SERVICE") == row.service);
  }
}

TEST_CASE("a pod that was exported tells its controller") {
  const auto told = [](const std::string& metadata) {
    const auto manifest = InjectManifest("{apiVersion: v1, kind: Pod, metadata: {" + metadata +
                                             "}, spec: {containers: [{name: c}]}}",
                                         {});
    REQUIRE(manifest.has_value());
    const YamlNode agent = Agent(*ReadYaml(manifest->text));
    return Variable(agent, "ROUTERATE_WORKLOAD") + " " + Variable(agent, "ROUTERATE_SERVICE");
  };
  const auto owner = [](const std::string& type) {
    return "name: p-1, ownerReferences: [{apiVersion: " + type +
           ", name: o-6f7, controller: true}]";
  };
  CHECK(told("name: p-1") == " p-1");
  CHECK(told("generateName: p-") == " p");
  CHECK(told(owner("apps/v1, kind: StatefulSet")) == "statefulsets.apps/o-6f7 o-6f7");
  CHECK(told("labels: {pod-template-hash: 6f7}, " + owner("apps/v1, kind: ReplicaSet")) ==
        "deployments.apps/o o");
  CHECK(told(owner("example.com/v1, kind: StatefulSet")) == " o-6f7");
}

TEST_CASE("what a pod says that means nothing is told with its line and the remedy") {
  const struct {
    PodText text;
    const char* mistake;
  } kCases[] = {
      {{.annotations = "routerate.io/inject: yes"},
       "2: routerate.io/inject: 'yes' is not one of true, nginx, tomcat, combined, auto, false"},
      {{.labels = "routerate.io/inject: apache"}, "2: routerate.io/inject: 'apache' is not one of"},
      {{.annotations = "routerate.io/format: ngnix"},
       "2: routerate.io/format: 'ngnix' is not one of nginx, tomcat, combined, auto"},
      {{.annotations = "routerate.io/format: ''"}, "2: routerate.io/format: '' is not one of"},
      {{.annotations = "routerate.io/logs: logs/a"},
       "2: routerate.io/logs: 'logs/a' is not absolute"},
      {{.annotations = "routerate.io/logs: '/*/a.log'"},
       "2: routerate.io/logs: '/*/a.log' must name a directory without wildcards"},
      {{.annotations = "routerate.io/logs: '/lo*/a.log'"}, "must name a directory"},
      {{.annotations = "routerate.io/logs: /a.log"}, "must name a directory"},
      {{.annotations = "routerate.io/container: web"},
       "2: routerate.io/container: 'web' is no container of this pod; it has nginx, other"},
      {{.annotations = "routerate.io/reclaim: all"},
       "2: routerate.io/reclaim: 'all' is not one of none, punch"},
      {{.annotations = "routerate.io/service: a/b"}, "may not hold '/'"},
      {{.annotations = "routerate.io/service: ''"}, "names no service"},
      {{.annotations = "routerate.io/run-as-user: root"},
       "is not the number of a user other than root"},
      {{.annotations = "routerate.io/run-as-user: '0'"},
       "is not the number of a user other than root"},
      {{.annotations = "routerate.io/run-as-user: '2147483648'"}, "is not the number"},
      {{.annotations = "routerate.io/cpu-request: much"},
       "2: routerate.io/cpu-request: 'much' is not"},
      {{.annotations = "routerate.io/memory-limit: '-1'"}, "is not an amount such as 100m or 64Mi"},
      {{.annotations = "routerate.io/memory-limit: 1.2.3"}, "is not an amount"},
      {{.annotations = "routerate.io/memory-limit: 64MB"}, "is not an amount"},
      {{.pod = "volumes: [{name: routerate-state}]"},
       "has the volume routerate-state, but no container routerate-agent: take it away with "
       "--remove"},
      {{.pod = "volumes: {}"}, "3: spec.volumes: expected a list"},
      {{.pod = "initContainers: x"}, "3: spec.initContainers: expected a list"},
      {{.pod = "securityContext: []"}, "3: spec.securityContext: expected a map"},
  };
  for (auto row : kCases) {
    row.text.others = ", {name: other}";
    CHECK_THAT(Mistake(row.text), Catch::Contains(row.mistake));
  }
}

}  // namespace routerate
