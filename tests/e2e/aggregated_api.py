"""A metrics API server outside of the cluster, registered in it: what the chart does in a real one.

The API server finds a process on loopback by a Service of type ExternalName; the port stands in the
APIService. The server's identity in the cluster is a service account.
"""

import base64

from kube_api import ApiError
from processes import wait_for

CUSTOM, EXTERNAL = "custom.metrics.k8s.io", "external.metrics.k8s.io"
# (group, version, priority): of two versions the higher priority is preferred.
GROUP_VERSIONS = ((CUSTOM, "v1beta1", 100), (CUSTOM, "v1beta2", 200), (EXTERNAL, "v1beta1", 100))
RBAC = "rbac.authorization.k8s.io"


def role_binding(kind, name, role_kind, role, subject, namespace=None):
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": f"{RBAC}/v1", "kind": kind, "metadata": metadata,
            "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role}, "subjects": [subject]}


class AggregatedApi:
    """`name` is that of the Service, of the service account and of what belongs to them."""

    def __init__(self, plane, name, namespace="routerate"):
        self.plane = plane
        self.name = name
        self.namespace = namespace
        self.host = f"{name}.{namespace}.svc"
        self.serving = plane.pki.certificate(name, plane.ca, f"/CN={name}", "serverAuth", (
            f"DNS:{self.host}", "DNS:localhost", "IP:127.0.0.1"))
        self.account = plane.folder / f"{name}-account"  # As a pod finds it mounted.
        self.token_file = self.account / "token"
        self._make_account()
        self.kubeconfig = plane.kubeconfig(name, token_file=self.token_file)

    def allow(self, role):
        """Gives the service account a ClusterRole."""
        self.plane.apply(role_binding("ClusterRoleBinding", f"{self.name}-{role.replace(':', '-')}",
                                      "ClusterRole", role, self._subject()))

    def options(self, port):
        """`metrics_api` of aggregator.yaml, for an aggregator that has this identity."""
        return {"listen": f"127.0.0.1:{port}", "certificate": str(self.serving.crt),
                "key": str(self.serving.key), "api_server": self.plane.server,
                "ca_file": str(self.plane.ca.crt), "token_file": str(self.token_file)}

    def register(self, port, group_versions=GROUP_VERSIONS, seconds=60.0):
        """Returns when the API server says that all of them are available."""
        self.plane.apply({"apiVersion": "v1", "kind": "Service",
                          "metadata": {"name": self.name, "namespace": self.namespace},
                          "spec": {"type": "ExternalName", "externalName": "localhost"}},
                         *(self._api_service(*each, port) for each in group_versions))
        for group, version, _ in group_versions:
            wait_for(f"{version}.{group} is available",
                     lambda: self.condition(group, version).get("status") == "True", seconds)

    def unregister(self, group_versions=GROUP_VERSIONS):
        for group, version, _ in group_versions:
            self.plane.kubectl("delete", "apiservice", f"{version}.{group}")

    def condition(self, group, version):
        """The condition Available of an APIService; {} before there is any."""
        try:
            service = self.plane.api.get(
                f"/apis/apiregistration.k8s.io/v1/apiservices/{version}.{group}")
        except ApiError:
            return {}
        return next((each for each in service.get("status", {}).get("conditions", [])
                     if each["type"] == "Available"), {})

    def _subject(self):
        return {"kind": "ServiceAccount", "name": self.name, "namespace": self.namespace}

    def _api_service(self, group, version, priority, port):
        authority = base64.b64encode(self.plane.ca.crt.read_bytes()).decode()
        return {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                "metadata": {"name": f"{version}.{group}"},
                "spec": {"group": group, "version": version, "groupPriorityMinimum": 100,
                         "versionPriority": priority, "caBundle": authority,
                         "service": {"namespace": self.namespace, "name": self.name, "port": port}}}

    def _make_account(self):
        """The account, the right to ask who and whether, and the files that a pod would have."""
        self.plane.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}},
            {"apiVersion": "v1", "kind": "ServiceAccount",
             "metadata": {"name": self.name, "namespace": self.namespace}},
            role_binding("RoleBinding", f"{self.name}-authentication", "Role",
                         "extension-apiserver-authentication-reader", self._subject(),
                         "kube-system"))
        self.allow("system:auth-delegator")
        token = self.plane.api.post(
            f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{self.name}/token",
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
             "spec": {"expirationSeconds": 7200}})["status"]["token"]
        self.account.mkdir()
        self.token_file.write_text(token)
        (self.account / "ca.crt").write_bytes(self.plane.ca.crt.read_bytes())
        (self.account / "namespace").write_text(self.namespace)
