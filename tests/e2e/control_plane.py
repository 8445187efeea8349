"""A real Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager.

tests/kubernetes/build.sh builds them. There is no kubelet and no scheduler: fake_node.py stands in.
Everything is in the test's folder and ends with its programs.
"""

import json
import subprocess

from end_to_end import REPOSITORY
from fake_node import FakeNode
from kube_api import KubeApi, client_context
from pki import Pki
from processes import Failed, free_port, wait_for

BIN = REPOSITORY / "build" / "kubernetes" / "bin"
MISSING = "no Kubernetes programs: run tests/kubernetes/build.sh"
CONTROLLERS = ("deployment", "replicaset", "statefulset", "job", "horizontal-pod-autoscaler",
               "disruption", "endpoints", "endpointslice", "namespace", "garbage-collector",
               "serviceaccount", "serviceaccount-token", "root-ca-certificate-publisher",
               "clusterrole-aggregation")
SCALE_TO_ZERO = "HPAScaleToZero=true"
# Without these there is no MutatingAdmissionPolicy, as in most clusters before 1.36.
POLICIES = ("--feature-gates=MutatingAdmissionPolicy=true",
            "--runtime-config=admissionregistration.k8s.io/v1beta1=true")
SERVICE_IPS = "127.96.0.0/16"  # loopback: where nobody listens, and not the network
ISSUER = "https://kubernetes.default.svc"


def built():
    return (BIN / "kube-apiserver").exists()


class ControlPlane:
    """Use as `with`, or start() and stop().

    sync_period: how often the HorizontalPodAutoscaler's controller looks (Kubernetes: 15s).
    downscale_stabilization: for how long it remembers what it wanted before (Kubernetes: 5m0s).
    """

    def __init__(self, programs, folder, sync_period="1s", downscale_stabilization="10s",
                 controller_settings=(), api_settings=POLICIES):
        self.programs = programs
        self.folder = folder
        self.pki = Pki(folder / "pki")
        self.hpa_settings = [f"--horizontal-pod-autoscaler-sync-period={sync_period}",
                             "--horizontal-pod-autoscaler-downscale-stabilization="
                             f"{downscale_stabilization}"]
        self.controller_settings = list(controller_settings)
        self.api_settings = list(api_settings)
        self.port = free_port()
        self.server = f"https://127.0.0.1:{self.port}"
        self.etcd = self.api_server = self.controllers = self.node = None
        self._make_certificates()
        self.admin_kubeconfig = self.kubeconfig("admin", self.admin)
        self.api = self.api_as(self.admin)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Returns when objects are served and namespaces get their service accounts."""
        self._start_etcd()
        self._start_api_server()
        self._start_controllers()
        self.node = FakeNode(self.api)
        self.node.start()
        wait_for("the default service account", lambda: self.api.answers(
            "/api/v1/namespaces/default/serviceaccounts/default"))

    def stop(self):
        """At once: kube-apiserver would wait for who still watches, and nothing is kept."""
        if self.node and self.node.is_alive():
            self.node.stop()
        for program in (self.controllers, self.api_server, self.etcd):
            if program:
                program.kill()

    def kubectl(self, *words, stdin=None):
        """What kubectl prints, as the cluster's administrator."""
        run = subprocess.run([BIN / "kubectl", "--kubeconfig", self.admin_kubeconfig, *words],
                             input=stdin, capture_output=True, text=True, timeout=60)
        if run.returncode != 0:
            raise Failed(f"kubectl {' '.join(map(str, words))}: {run.stdout}{run.stderr}")
        return run.stdout

    def apply(self, *manifests):
        """Objects, or YAML texts of objects."""
        for manifest in manifests:
            text = manifest if isinstance(manifest, str) else json.dumps(manifest)
            self.kubectl("apply", "-f", "-", stdin=text)

    def get(self, *words):
        """kubectl get, as an object."""
        return json.loads(self.kubectl("get", "-o", "json", *words))

    def api_as(self, key_pair):
        """The API server as who shows this certificate."""
        return KubeApi(self.server, client_context(self.ca.crt, key_pair))

    def kubeconfig(self, name, key_pair=None, token_file=None):
        """The path of a kubeconfig of that user: with a certificate or a token."""
        user = ({"client-certificate": str(key_pair.crt), "client-key": str(key_pair.key)}
                if key_pair else {"tokenFile": str(token_file)})
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": self.server,
                                                      "certificate-authority": str(self.ca.crt)}}],
            "users": [{"name": name, "user": user}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}]}))
        return path

    def _make_certificates(self):
        self.ca = self.pki.authority("cluster-ca")
        self.front_proxy_ca = self.pki.authority("front-proxy-ca")
        self.admin = self.pki.certificate("admin", self.ca, "/O=system:masters/CN=admin",
                                          "clientAuth")
        self.serving = self.pki.certificate(
            "kube-apiserver", self.ca, "/CN=kube-apiserver", "serverAuth",
            ("DNS:localhost", "DNS:kubernetes.default.svc", "IP:127.0.0.1", "IP:127.96.0.1"))
        self.front_proxy = self.pki.certificate("front-proxy-client", self.front_proxy_ca,
                                                "/CN=front-proxy-client", "clientAuth")
        self.token_key, self.token_public_key = self.pki.signing_key("service-accounts")

    def _start_etcd(self):
        self.etcd_url = f"http://127.0.0.1:{free_port()}"
        peer = f"http://127.0.0.1:{free_port()}"
        self.etcd = self.programs.start("etcd", [
            BIN / "etcd", "--name=test", f"--data-dir={self.folder / 'etcd'}", "--unsafe-no-fsync",
            f"--listen-client-urls={self.etcd_url}", f"--advertise-client-urls={self.etcd_url}",
            f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=test={peer}", "--log-level=warn"])

    def _start_api_server(self):
        self.api_server = self.programs.start("kube-apiserver", [
            BIN / "kube-apiserver", f"--etcd-servers={self.etcd_url}",
            "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
            f"--secure-port={self.port}", "--endpoint-reconciler-type=none",
            f"--service-cluster-ip-range={SERVICE_IPS}", "--authorization-mode=RBAC",
            f"--client-ca-file={self.ca.crt}", f"--tls-cert-file={self.serving.crt}",
            f"--tls-private-key-file={self.serving.key}",
            f"--service-account-key-file={self.token_public_key}",
            f"--service-account-signing-key-file={self.token_key}",
            f"--service-account-issuer={ISSUER}", f"--api-audiences={ISSUER}",
            f"--requestheader-client-ca-file={self.front_proxy_ca.crt}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            f"--proxy-client-cert-file={self.front_proxy.crt}",
            f"--proxy-client-key-file={self.front_proxy.key}",
            f"--feature-gates={SCALE_TO_ZERO}", *self.api_settings])
        self._wait_until_ready(self.api_server, "/readyz")

    def _wait_until_ready(self, program, path):
        def ready():
            if not program.running():
                raise Failed(f"{program.name} ended:\n{program.tail()}")
            return self.api.answers(path)

        wait_for(f"{program.name} is ready", ready, seconds=120)

    def _start_controllers(self):
        user = self.pki.certificate("controllers", self.ca, "/CN=system:kube-controller-manager",
                                    "clientAuth")
        kubeconfig = self.kubeconfig("controllers", user)
        names = ",".join(f"{name}-controller" for name in CONTROLLERS)
        self.controllers = self.programs.start("kube-controller-manager", [
            BIN / "kube-controller-manager", f"--kubeconfig={kubeconfig}", "--secure-port=0",
            "--leader-elect=false", f"--controllers={names}",
            f"--root-ca-file={self.ca.crt}", "--use-service-account-credentials=true",
            f"--service-account-private-key-file={self.token_key}",
            *self.hpa_settings, *self.controller_settings])
