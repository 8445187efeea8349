"""The chart as helm renders, installs and removes it."""

import os
import subprocess

import control_plane
from end_to_end import REPOSITORY
from processes import Failed

CHART = REPOSITORY / "charts" / "routerate"
SCENARIOS = sorted((CHART / "ci").glob("*-values.yaml"))
# What a cluster has besides Kubernetes' own, where helm looks into none.
API_VERSIONS = ("monitoring.coreos.com/v1", "cert-manager.io/v1",
                "admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy")
NAMESPACE = "routerate"


def scenario_name(values):
    return values.name.removesuffix("-values.yaml")


def sets(values):
    """Words of helm for {key: value}."""
    return [f"--set={key}={value}" for key, value in values.items()]


class Helm:
    """`folder` is what helm keeps for itself; `plane`: the cluster, none for rendering alone."""

    def __init__(self, folder, plane=None, namespace=NAMESPACE, release="routerate"):
        self.namespace = namespace
        self.release = release
        self.words = ["--namespace", namespace]
        if plane:
            self.words += ["--kubeconfig", str(plane.admin_kubeconfig)]
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("HELM_", "KUBE"))}
        self.environment |= {f"HELM_{what}_HOME": str(folder / what.lower())
                             for what in ("CACHE", "CONFIG", "DATA")}

    def run(self, *words):
        """What helm prints; Failed with what it complains about."""
        run = subprocess.run([control_plane.BIN / "helm", *words, *self.words], text=True,
                             capture_output=True, env=self.environment, timeout=180)
        if run.returncode != 0:
            raise Failed(f"helm {' '.join(map(str, words))}: {run.stdout}{run.stderr}")
        return run.stdout

    def refusal(self, *words):
        """Why helm refuses; Failed if it does not."""
        try:
            told = self.run(*words)
        except Failed as failure:
            return str(failure)
        raise Failed(f"helm {' '.join(words)} was not refused: {told}")

    def render(self, *words):
        """Manifests, without a cluster."""
        known = [f"--api-versions={version}" for version in API_VERSIONS]
        return self.run("template", self.release, CHART, "--kube-version=1.34.0", *known, *words)

    def install(self, *words):
        """Returns when all that it made is ready."""
        return self.run("install", self.release, CHART, "--wait", "--timeout=60s", *words)

    def upgrade(self, *words):
        return self.run("upgrade", self.release, CHART, "--wait", "--timeout=60s",
                        "--reuse-values", *words)

    def uninstall(self):
        return self.run("uninstall", self.release, "--wait", "--timeout=60s")

    def get(self, what):
        """`manifest`, `hooks`, `notes`, ... of the release."""
        return self.run("get", what, self.release)
