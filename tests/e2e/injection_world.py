"""A real control plane with the chart installed: a namespace where the policy injects, and one where
it leaves pods alone."""

import json
import subprocess

import control_plane
from control_plane import ControlPlane
from created_pods import asking, pod_of, sidecar_of
from end_to_end import EndToEnd
from helm import Helm
from injection_cases import NGINX, deployment
from processes import Failed, wait_for

BY_POLICY, BY_HAND = "by-policy", "by-hand"


def run(*words, stdin=None):
    done = subprocess.run(list(map(str, words)), input=stdin, capture_output=True, text=True,
                          timeout=120)
    if done.returncode != 0:
        raise Failed(done.stderr)
    return done.stdout


class InjectionWorld(EndToEnd):
    def setUp(self):
        super().setUp()
        if not control_plane.built():
            self.skipTest(control_plane.MISSING)

    def start_plane(self, values):
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        for namespace in ("routerate", BY_POLICY, BY_HAND):
            self.plane.kubectl("create", "namespace", namespace)
        self.helm = Helm(self.folder / "helm", self.plane)
        self.helm.install("--values", self.write_values("values", values | {
            "injection": {"policy": {"exceptNamespaces": [BY_HAND]}}}))
        probe = pod_of(asking(deployment(NGINX)))
        wait_for("the policy", lambda: sidecar_of(self.created(probe, BY_POLICY)))

    def write_values(self, name, values):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(values))
        return path

    def created(self, pod, namespace):
        """What the API server would make of it."""
        return self.plane.api.post(f"/api/v1/namespaces/{namespace}/pods?dryRun=All", pod)
