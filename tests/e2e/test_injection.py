"""The sidecar in a pod, on a real API server: whoever injects it, the pod is the same."""

import copy
import json
import unittest

from created_pods import asking, comparable, pod_of, sidecar_of, template_of
from end_to_end import BUILD, REPOSITORY
from helm import CHART
from injection_cases import CASES, ILLEGAL, NGINX, UNTOUCHED, deployment
from injection_world import BY_HAND, BY_POLICY, InjectionWorld, run
from processes import Failed, wait_for

MANIFESTS = REPOSITORY / "tests" / "inject" / "manifests"
# With all that a sidecar may have.
VALUES = {
    "kafka": {"brokers": "kafka.kafka:9093", "properties": {"linger.ms": "7"},
              "tls": {"enabled": True, "caSecret": {"name": "kafka-ca"}},
              "sasl": {"mechanism": "SCRAM-SHA-512", "secret": {"name": "kafka-user"}}},
    "image": {"digest": "sha256:" + 64 * "0"},
    "sidecar": {"config": {"fields": "metrics", "redact": {"client": "drop"}},
                "securityContext": {"runAsGroup": 3000},
                "resources": {"requests": {"cpu": "20m", "memory": "40Mi", "ephemeral-storage": "1Gi"},
                              "limits": {"memory": "80Mi"}},
                "logsVolume": {"emptyDir": {"sizeLimit": "2Gi"}}}}
# A chart that depends on ours, for its named template.
CONSUMER = """{{ range .Values.workloads }}
{{ include "routerate.inject" (dict "root" $ "workload" .workload "pod" .pod "claims" .claims)
   | fromYaml | toJson }}
{{ end }}"""
RESOURCES = {"Deployment": "deployments.apps", "ReplicaSet": "replicasets.apps",
             "StatefulSet": "statefulsets.apps", "DaemonSet": "daemonsets.apps",
             "Job": "jobs.batch", "CronJob": "cronjobs.batch",
             "ReplicationController": "replicationcontrollers"}


def without_empty(value):
    """Without maps and lists that hold nothing: to the API server they are not there."""
    if isinstance(value, dict):
        kept = {key: without_empty(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in ({}, [], None)}
    return [without_empty(each) for each in value] if isinstance(value, list) else value


class Injection(InjectionWorld):
    def test_injection(self):
        """One control plane for all: it takes longer to start than each of them."""
        self.start_plane(VALUES)
        self.consumer_chart_path = self.consumer_chart()
        self.write_sidecar()
        for check in (self.check_same_pod, self.check_manifests, self.check_untouched,
                      self.check_illegal, self.check_plain_job, self.check_rollouts):
            with self.subTest(check.__doc__):
                check()

    def consumer_chart(self):
        chart = self.folder / "consumer"
        (chart / "templates").mkdir(parents=True)
        (chart / "charts").mkdir()
        (chart / "charts" / "routerate").symlink_to(CHART)
        (chart / "Chart.yaml").write_text(json.dumps({
            "apiVersion": "v2", "name": "consumer", "version": "1.0.0",
            "dependencies": [{"name": "routerate", "version": ">=0.0.0"}]}))
        (chart / "templates" / "pods.txt").write_text(CONSUMER)
        return chart

    def by_template(self, workloads, settings=None):
        """Their pods, injected while a chart is rendered."""
        told = [{"workload": f"{RESOURCES[w['kind']]}/{w['metadata']['name']}"
                 if w["kind"] in RESOURCES else "", "pod": template_of(w),
                 "claims": w.get("spec", {}).get("volumeClaimTemplates", [])} for w in workloads]
        values = {"workloads": told, "routerate": VALUES | (settings or {}) | {
            "aggregator": {"enabled": False}, "injection": {"policy": {"enabled": False},
                                                            "configMap": False}}}
        text = self.helm.run("template", "consumer", self.consumer_chart_path, "--values",
                             self.write_values("consumer", values))
        templates = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        return [pod_of(self.with_template(workload, template))
                for workload, template in zip(workloads, templates, strict=True)]

    def write_sidecar(self):
        definition = self.plane.get("configmap", "routerate-sidecar", "--namespace=routerate")
        (self.folder / "sidecar.yaml").write_text(definition["data"]["sidecar.yaml"])

    def inject(self, *words, stdin=None):
        return run(BUILD / "agent" / "routerate-agent", "inject", "--sidecar",
                   self.folder / "sidecar.yaml", *words, stdin=stdin)

    def by_command(self, workloads):
        """Their pods, injected into manifests."""
        injected = [self.plane.kubectl(
            "create", "--dry-run=client", "--output=json", "--filename=-",
            stdin=self.inject(stdin=json.dumps(workload))) for workload in workloads]
        return [pod_of(json.loads(text)) for text in injected]

    @staticmethod
    def with_template(workload, template):
        workload = copy.deepcopy(workload)
        place = template_of(workload)
        place.clear()
        place.update(template)
        return workload

    def check_same_pod(self):
        """Policy, named template and command add the same, and a second time nothing."""
        workloads = [asking(workload) for workload in CASES.values()]
        ways = zip(CASES, workloads, self.by_template(workloads), self.by_command(workloads))
        for name, workload, by_template, by_command in ways:
            with self.subTest(name):
                pod = self.created(pod_of(workload), BY_POLICY)
                self.assertIsNotNone(sidecar_of(pod))
                for way in (by_template, by_command):
                    other = self.created(way, BY_HAND)
                    self.assertEqual(comparable(other), comparable(pod))
                    again = self.created(way, BY_POLICY)
                    self.assertEqual(comparable(again), comparable(pod))

    def check_manifests(self):
        """Manifests of every shape: taken by the API server before and after, changed once only,
        and back; and the pods that come of them are the policy's."""
        self.plane.kubectl("create", "namespace", "shop")
        injected, removed = self.folder / "injected", self.folder / "removed"
        injected.mkdir(), removed.mkdir()
        for path in sorted(MANIFESTS.iterdir()):
            text = self.inject("--filename", path)
            self.assertEqual(self.inject("--filename", path), text)
            self.assertEqual(self.inject(stdin=text), text)
            (injected / path.name).write_text(text, newline="")
            (removed / path.name).write_text(self.inject("--remove", stdin=text), newline="")
        for folder in (MANIFESTS, injected):
            self.plane.kubectl("apply", "--dry-run=server", f"--filename={folder}")
        originals = self.objects_in(MANIFESTS)
        self.assertEqual(without_empty(originals), without_empty(self.objects_in(removed)))
        workloads = [(before, after) for before, after in zip(originals, self.objects_in(injected))
                     if before != after]
        self.assertGreater(len(workloads), 30)
        for before, after in workloads:
            with self.subTest(f"{before['kind']} {before['metadata']}"):
                self.has_same_pod(asking(before), asking(after))

    def has_same_pod(self, asked, injected):
        pod = self.created(pod_of(asked), BY_POLICY)
        self.assertIsNotNone(sidecar_of(pod))
        self.assertEqual(comparable(self.created(pod_of(injected), BY_HAND)), comparable(pod))

    def objects_in(self, folder):
        """All objects of a folder's manifests, those of lists each by itself."""
        text = self.plane.kubectl("create", "--dry-run=client", "--output=json",
                                  f"--filename={folder}")
        decoder, objects = json.JSONDecoder(), []
        while text := text.lstrip():
            found, end = decoder.raw_decode(text)
            objects += found["items"] if found["kind"].endswith("List") else [found]
            text = text[end:]
        return objects

    def check_untouched(self):
        """The policy leaves alone who did not ask, who asks for what there is not, and namespaces
        that were excepted."""
        bad = {f"{key}: {value}": asking(deployment(NGINX, annotations={key: value}))
               for key, (value, _) in ILLEGAL.items()}
        for name, workload in (UNTOUCHED | bad).items():
            with self.subTest(name):
                self.assertIsNone(sidecar_of(self.created(pod_of(workload), BY_POLICY)))
        pod = self.created(pod_of(asking(CASES["nginx"])), BY_HAND)
        self.assertIsNone(sidecar_of(pod))

    def check_illegal(self):
        """Template and command say what is wrong, and where."""
        for key, (value, words) in ILLEGAL.items():
            workload = deployment(NGINX, annotations={key: value})
            for way in (self.by_template, self.by_command):
                with self.subTest(f"{way.__name__}: {key}: {value}"):
                    with self.assertRaisesRegex(Failed, f"routerate.io/{key}.*{words}"):
                        way([workload])

    def check_plain_job(self):
        """A plain container would keep a Job from ending: nobody puts one there."""
        for kind in ("a Job", "a CronJob"):
            with self.assertRaisesRegex(Failed, "(?i)keep the job from ending"):
                self.inject("--plain", stdin=json.dumps(CASES[kind]))
            with self.assertRaisesRegex(Failed, "(?i)keep the job from ending"):
                self.by_template([CASES[kind]], {"sidecar": {"native": False}})

    def check_rollouts(self):
        """Real controllers' pods: at the first rollout, at the next, and none beside them."""
        asked = asking(deployment(NGINX))
        self.plane.apply(asked | {"metadata": {"name": "shop", "namespace": BY_POLICY}})
        first = self.pods_of_rollout()
        self.assertEqual([sidecar_of(pod)["restartPolicy"] for pod in first], ["Always"])
        env = {v["name"]: v.get("value") for v in sidecar_of(first[0])["env"]}
        self.assertEqual(env["ROUTERATE_WORKLOAD"], "deployments.apps/shop")
        self.assertEqual(env["ROUTERATE_SERVICE"], "shop")
        self.plane.kubectl("set", "image", "deployment/shop", "web=tomcat:10",
                           f"--namespace={BY_POLICY}")
        second = self.pods_of_rollout("tomcat:10")
        env = {v["name"]: v.get("value") for v in sidecar_of(second[0])["env"]}
        self.assertEqual(env["ROUTERATE_LOGS"], "/logs/localhost_access_log*.txt")

    def pods_of_rollout(self, image="nginx:1.27"):
        self.plane.kubectl("rollout", "status", "deployment/shop", f"--namespace={BY_POLICY}",
                           "--timeout=60s")

        def there():
            pods = self.plane.api.get(f"/api/v1/namespaces/{BY_POLICY}/pods")["items"]
            ready = {pod["spec"]["containers"][0]["image"] for pod in pods} == {image}
            return pods if ready else None

        return wait_for(f"only pods with {image}", there)


if __name__ == "__main__":
    unittest.main()
