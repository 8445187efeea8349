"""The control plane that other tests run on: it comes up, scales by a metric, and goes."""

import pathlib
import re
import unittest

import control_plane
from control_plane import ControlPlane
from end_to_end import EndToEnd
from processes import port_is_free, wait_for
from writable_metrics import WritableMetrics

METRIC = "http_requests_per_second"
LABELS = {"app": "web"}
DEPLOYMENT = {
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
    "spec": {"replicas": 1, "selector": {"matchLabels": LABELS},
             "template": {"metadata": {"labels": LABELS}, "spec": {
                 "terminationGracePeriodSeconds": 0,
                 "containers": [{"name": "web", "image": "example.invalid/web:1"}]}}}}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
           "spec": {"selector": LABELS, "ports": [{"port": 80}]}}
AUTOSCALER = {
    "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"},
    "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
             "minReplicas": 1, "maxReplicas": 10,
             "metrics": [{"type": "Object", "object": {
                 "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
                 "metric": {"name": METRIC},
                 "target": {"type": "AverageValue", "averageValue": "10"}}}]}}


def started_in(folder):
    """Command lines of processes that were given a path inside `folder`."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text().split("\0")
        except OSError:
            continue  # It has ended meanwhile.
        if any(str(folder) in word for word in words):
            yield " ".join(words)


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class ControlPlaneTest(EndToEnd):
    def test_control_plane(self):
        plane = ControlPlane(self.programs, self.folder / "plane", downscale_stabilization="0s")
        with plane:
            adapter = WritableMetrics(self.programs, plane)
            adapter.api.register(adapter.port)
            self.scales(plane, adapter)
            self.assertEqual(adapter.program.terminate(), 0)
        self.assertEqual(list(started_in(plane.folder)), [])
        for port in self.ports(plane, adapter):
            self.assertTrue(port_is_free(port), port)

    def scales(self, plane, adapter):
        """An HPA follows the metric up and down; its pods become ready."""
        plane.apply(DEPLOYMENT, SERVICE)
        adapter.write(f"namespaces/default/services/web/{METRIC}", 45)
        plane.apply(AUTOSCALER)
        self.wait_for_ready(plane, 5)
        adapter.write(f"namespaces/default/services/web/{METRIC}", 20)
        self.wait_for_ready(plane, 2)

    def wait_for_ready(self, plane, replicas):
        path = "/apis/apps/v1/namespaces/default/deployments/web"
        wait_for(f"{replicas} replicas ready", lambda: plane.api.get(path)["status"].get(
            "readyReplicas") == plane.api.get(path)["spec"]["replicas"] == replicas)

    def ports(self, plane, adapter):
        etcd = [int(port) for port in re.findall(r"http://127\.0\.0\.1:(\d+)",
                                                 " ".join(map(str, plane.etcd.process.args)))]
        return {plane.port, adapter.port, adapter.write_port, *etcd}


if __name__ == "__main__":
    unittest.main()
