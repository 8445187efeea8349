"""The metrics APIs by Kubernetes' own clients, and byte for byte, beside a server of its library.

custom-metrics-apiserver is as near to a specification of these APIs as there is: what our questions
expect is what it answers, but for api_differences.py.
"""

import unittest

import api_comparison
import api_differences
import control_plane
from control_plane import ControlPlane
from end_to_end import EndToEnd
from metrics_questions import METHOD, ROUTE, Words
from writable_metrics import WritableMetrics

METRIC = "http_requests_per_second_10s"  # the first that a new pipeline knows
OBJECTS = ("namespaces/shop/services/web", "namespaces/shop/deployments.apps/web",
           "namespaces/shop/pods/web-0", "namespaces/shop/pods/web-1", "namespace/shop")
REFERENCE_WORDS = Words(metric=METRIC, route=ROUTE, method=METHOD,
                        external="my-external-metric", key="foo", value="bar", other="baz")
PODS = {"web-0": "front", "web-1": "back"}  # name → tier


def pod(name, tier):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "shop", "labels": {"app": "web", "tier": tier}},
            "spec": {"containers": [{"name": "web", "image": "example.invalid/web:1"}]}}


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class MetricsApi(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        self.plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
                         *(pod(name, tier) for name, tier in PODS.items()))

    def start_reference(self):
        reference = WritableMetrics(self.programs, self.plane)
        for path in OBJECTS:
            reference.write(f"{path}/{METRIC}", 12, {"route_id": ROUTE, "method": METHOD})
        return reference

    def ask(self, server, words):
        """All outcomes of a server, which is registered for the while."""
        server.api.register(server.port)
        told = api_comparison.ask_clients(self.plane, words)
        server.api.unregister()
        return told | api_comparison.ask_paths(self.plane, server.port, words)

    def compare(self, one, other, differences):
        """No difference without a reason, no reason without a difference."""
        self.assertEqual(api_comparison.compare(one, other, differences), ([], []))

    def test_reference(self):
        """What our questions expect is not only our opinion."""
        told = self.ask(self.start_reference(), REFERENCE_WORDS)
        self.compare(api_comparison.expected_of_clients(), told,
                     api_differences.EXPECTED_AND_REFERENCE)


if __name__ == "__main__":
    unittest.main()
