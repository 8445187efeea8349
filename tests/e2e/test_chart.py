"""The chart on a real API server: installed, upgraded, tested, removed, in a restricted namespace."""

import base64
import json
import re
import subprocess
import unittest

import cluster_objects
import control_plane
import kube_schemas
import stand_in_crds
from aggregated_api import CUSTOM, EXTERNAL
from control_plane import ControlPlane
from end_to_end import BUILD, EndToEnd
from helm import CHART, NAMESPACE, SCENARIOS, Helm, sets
from processes import Failed, free_port, wait_for

NAME = "routerate-aggregator"
TEST_POD = "routerate-test"
PROGRAM = BUILD / "aggregator" / "routerate-aggregator"
BROKERS = {"kafka.brokers": "kafka:9092"}
APIS = (f"v1beta1.{CUSTOM}", f"v1beta2.{CUSTOM}", f"v1beta1.{EXTERNAL}")
API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class Chart(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        self.plane.node.completes.add(TEST_POD)
        self.make_namespace(NAMESPACE, RESTRICTED)
        self.make_namespace("shop")
        stand_in_crds.install(self.plane)
        self.helm = Helm(self.folder / "helm", self.plane)
        self.before = cluster_objects.names(self.plane.api)

    def make_namespace(self, name, labels=None):
        """Returns when all is in it that controllers put there."""
        self.plane.apply({"apiVersion": "v1", "kind": "Namespace",
                          "metadata": {"name": name, "labels": labels or {}}})
        for path in "serviceaccounts/default", "configmaps/kube-root-ca.crt":
            wait_for(f"{path} in {name}", lambda: self.plane.api.answers(
                f"/api/v1/namespaces/{name}/{path}"))

    def test_chart(self):
        self.restricted()
        self.schemas()
        self.defaults()
        self.everything()
        self.metrics_api()
        self.other_owners()

    def restricted(self):
        """The namespace takes no pod that is not restricted; so whatever starts in it is."""
        with self.assertRaisesRegex(Failed, "violates PodSecurity"):
            self.plane.kubectl("run", "any", f"--namespace={NAMESPACE}",
                               "--image=example.invalid/any:1", "--dry-run=server")

    def schemas(self):
        """Every object of every scenario fits the server's own schemas, strictly."""
        schemas = kube_schemas.write(self.plane.api, self.folder / "schemas")
        for values in SCENARIOS:
            told = subprocess.run(
                [control_plane.BIN / "kubeconform", "-strict", "-summary", "-schema-location",
                 f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"],
                input=Helm(self.folder / "helm").render("--values", values), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            with self.subTest(values.name):
                self.assertEqual(told.returncode, 0, told.stdout)
                self.assertRegex(told.stdout, r"Valid: [1-9]\d*, Invalid: 0, Errors: 0, Skipped: 0")

    def defaults(self):
        """With the brokers alone; a change of the configuration starts new pods."""
        self.helm.install(*sets(BROKERS))
        self.assertEqual(len(self.pods()), 2)
        old = self.pods()
        self.helm.upgrade(*sets({"aggregator.replicas": 3, "aggregator.config.max_routes": 7}))
        wait_for("three new pods", lambda: len(self.pods()) == 3 and not self.pods() & old)
        self.assertRegex(self.helm.run("test", "routerate", "--timeout=60s"),
                         "Phase: +Succeeded")
        self.assertIn('{"labels":{"routerate.io/inject":"true"}}', self.helm.get("notes"))
        self.helm.uninstall()
        self.nothing_left()

    def everything(self):
        """All scenarios with an aggregator, one after another as upgrades of one release."""
        first, *more = [values for values in SCENARIOS if "injection-only" not in values.name]
        self.helm.install("--values", first)
        for values in more:
            self.helm.upgrade("--reset-values", "--values", values)
        self.helm.uninstall()
        self.nothing_left()

    def metrics_api(self):
        """A certificate that the chart makes is one that the API server and helm's test take."""
        self.helm.install(*sets(BROKERS | {"metricsApi.enabled": "true",
                                           "metricsApi.externalMetrics": "true"}))
        made = self.certificate()
        self.helm.upgrade(*sets({"aggregator.replicas": 1}))
        self.assertEqual(self.certificate(), made)
        self.reach(self.start_aggregator(self.renewed(made)))
        self.helm.run("test", "routerate", "--timeout=60s")
        autoscaler = re.search("<<END\n(.*?)^END", self.helm.get("notes"), re.S | re.M)[1]
        self.plane.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-",
                           stdin=autoscaler)
        self.helm.uninstall()
        self.nothing_left()

    def renewed(self, made):
        """In its last thirty days an upgrade makes another."""
        self.plane.kubectl("-n", NAMESPACE, "annotate", "--overwrite",
                           "secret", f"{NAME}-tls", "routerate.io/not-after=2026-01-01T00:00:00Z")
        self.helm.upgrade("--force-conflicts")
        renewed = self.certificate()
        self.assertFalse(set(renewed.values()) & set(made.values()))
        return renewed

    def other_owners(self):
        """An API that has a server already is left to it, whoever it belongs to."""
        self.plane.apply({
            "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
            "metadata": {"name": APIS[0]},
            "spec": {"group": CUSTOM, "version": "v1beta1", "groupPriorityMinimum": 100,
                     "versionPriority": 100, "insecureSkipTLSVerify": True,
                     "service": {"namespace": "shop", "name": "prometheus-adapter"}}})
        enabled = sets(BROKERS | {"metricsApi.enabled": "true"})
        self.assertIn(f"the APIService {APIS[0]} belongs to the Service prometheus-adapter in "
                      "namespace shop", self.helm.refusal("install", "routerate", CHART, *enabled))
        self.plane.kubectl("annotate", "apiservice", APIS[0], "meta.helm.sh/release-name=adapter",
                           "meta.helm.sh/release-namespace=monitoring")
        self.assertIn(f"the APIService {APIS[0]} belongs to the release adapter in namespace "
                      "monitoring", self.helm.refusal("install", "routerate", CHART, *enabled))
        self.helm.install(*enabled, *sets({"metricsApi.customMetrics": "false",
                                           "metricsApi.externalMetrics": "true"}))
        self.helm.uninstall()
        self.assertTrue(self.plane.api.answers(f"{API_SERVICES}/{APIS[0]}"))
        self.plane.kubectl("delete", "apiservice", APIS[0])
        self.nothing_left()

    def pods(self):
        listed = self.plane.get("pods", "-n", NAMESPACE, "-l",
                                "app.kubernetes.io/component=aggregator")["items"]
        return {pod["metadata"]["name"] for pod in listed}

    def left(self):
        return sorted(cluster_objects.names(self.plane.api) - self.before)

    def nothing_left(self):
        """The cluster has the objects that it had before anything was installed."""
        try:
            wait_for("nothing is left", lambda: not self.left())
        except Failed:
            self.assertEqual(self.left(), [])
        self.assertEqual(self.before - cluster_objects.names(self.plane.api), set())

    def certificate(self):
        """The Secret's data and what the API server trusts, which belong together."""
        data = self.plane.get("secret", "-n", NAMESPACE, f"{NAME}-tls")["data"]
        for name in APIS:
            self.assertEqual(self.plane.get("apiservice", name)["spec"]["caBundle"], data["ca.crt"])
        return data

    def start_aggregator(self, certificate):
        """The program with the chart's configuration, certificate and account; its two ports."""
        files = self.folder / "pod"
        files.mkdir()
        for name, content in certificate.items():
            (files / name).write_bytes(base64.b64decode(content))
        token = self.plane.api.post(
            f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{NAME}/token",
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
             "spec": {}})["status"]["token"]
        (files / "token").write_text(token)
        port = free_port()
        config = self.plane.get("configmap", "-n", NAMESPACE, NAME)["data"]["aggregator.yaml"]
        config = config.replace("/etc/routerate/tls", str(files)).replace(
            "metrics_api:\n",
            f"listen: 127.0.0.1:0\nmetrics_api:\n  listen: 127.0.0.1:{port}\n"
            f"  api_server: {self.plane.server}\n  ca_file: {self.plane.ca.crt}\n"
            f"  token_file: {files / 'token'}\n")
        (files / "aggregator.yaml").write_text(config)
        program = self.programs.start("aggregator", [PROGRAM, "--config", files / "aggregator.yaml",
                                                     "--embedded-broker"])
        return program.port(), port

    def reach(self, ports):
        """The API server reaches the program by the Service's name; so does helm's test."""
        self.plane.api.patch(f"/api/v1/namespaces/{NAMESPACE}/services/{NAME}", {"spec": {
            "type": "ExternalName", "externalName": "localhost", "clusterIP": None,
            "clusterIPs": None}})
        for name in APIS:
            self.plane.api.patch(f"{API_SERVICES}/{name}",
                                 {"spec": {"service": {"port": ports[1]}}})
        pod = json.loads(self.plane.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-",
                                            stdin=self.helm.get("hooks")))
        answered = []
        for container in pod["spec"]["containers"]:
            told = subprocess.run(
                [self.from_outside(word, ports[0]) for word in container["command"]],
                text=True, capture_output=True, timeout=120)
            self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
            answered += re.findall("^200 .*", told.stdout, re.MULTILINE)
        self.assertEqual(len(answered), 5, answered)

    def from_outside(self, word, port):
        """A word of the pod's command, outside of the cluster."""
        for inside, outside in ((r"^routerate-aggregator$", str(PROGRAM)),
                                (rf"http://{NAME}\.{NAMESPACE}:9465", f"http://127.0.0.1:{port}"),
                                (r"https://kubernetes\.default\.svc", self.plane.server),
                                (f"{ACCOUNT}/ca.crt", str(self.plane.ca.crt)),
                                (f"{ACCOUNT}/token", str(self.folder / "pod" / "token"))):
            word = re.sub(inside, outside, word)
        return word


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class WithoutPolicies(EndToEnd):
    def test_without_policies(self):
        """A cluster without MutatingAdmissionPolicy gets everything else, and is told what to do."""
        plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane",
                                               api_settings=()))
        plane.kubectl("create", "namespace", NAMESPACE)
        helm = Helm(self.folder / "helm", plane)
        must = sets(BROKERS | {"injection.policy.enabled": "true"})
        self.assertIn("this cluster has no MutatingAdmissionPolicy",
                      helm.refusal("install", "routerate", CHART, *must))
        helm.install(*sets(BROKERS))
        notes = helm.get("notes")
        self.assertIn("this cluster has no MutatingAdmissionPolicy", notes)
        self.assertIn("routerate-agent inject --sidecar sidecar.yaml -f shop.yaml", notes)


if __name__ == "__main__":
    unittest.main()
