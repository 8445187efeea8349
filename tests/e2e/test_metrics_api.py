"""The metrics APIs by Kubernetes' own clients, and byte for byte, beside a server of its library.

custom-metrics-apiserver is as near to a specification of these APIs as there is: what our questions
expect is what it answers, and what the aggregator answers is the same, but for api_differences.py.
"""

import time
import unittest

import api_comparison
import api_differences
import control_plane
import metrics_client
from aggregated_api import AggregatedApi
from control_plane import ControlPlane
from end_to_end import BUILD, EndToEnd
from metrics_questions import METHOD, ROUTE, Words
from pipeline import Pipeline
from processes import free_port, wait_for
from writable_metrics import WritableMetrics

METRIC = "http_requests_per_second_10s"  # the first that a new pipeline knows
OBJECTS = ("namespaces/shop/services/web", "namespaces/shop/deployments.apps/web",
           "namespaces/shop/pods/web-0", "namespaces/shop/pods/web-1", "namespace/shop")
REFERENCE_WORDS = Words(metric=METRIC, route=ROUTE, method=METHOD,
                        external="my-external-metric", key="foo", value="bar", other="baz")
WORDS = Words(metric=METRIC, route=ROUTE, method=METHOD, external=METRIC, key="method", value="GET",
              other="POST")
ALL_PODS = {"form": "objects", "namespace": "shop", "kind": "Pod", "metric": METRIC}
PODS = {"web-0": "front", "web-1": "back"}  # name → tier
ROUTES = {"routes": [{"path": "/orders", "name": ROUTE}]}


def pod(name, tier):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "shop", "labels": {"app": "web", "tier": tier}},
            "spec": {"containers": [{"name": "web", "image": "example.invalid/web:1"}]}}


def objects():
    """What both servers are asked about, as Kubernetes knows it."""
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    yield {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
           "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}
    for name, tier in PODS.items():
        yield pod(name, tier)


class Served:
    """The aggregator, and an agent for each pod, whose logs tell of one route and two methods."""

    def __init__(self, test, plane):
        self.test = test
        self.api = AggregatedApi(plane, "routerate-aggregator")
        self.port = free_port()
        self.pipeline = test.pipeline()
        self.pipeline.start_aggregator(
            routes=str(self.pipeline.write_config("routes.yaml", ROUTES)),
            metrics_api=self.api.options(self.port))
        for name, tier in PODS.items():
            self.start_pod(name, tier)

    def start_pod(self, name, tier):
        log, labels = self.test.logs / f"{name}.log", self.test.folder / f"{name}.labels"
        labels.write_text(f'app="web"\ntier="{tier}"\n')
        log.write_text("".join(
            f'{{"msec":"{time.time():.3f}","method":"{method}","request_uri":"/orders",'
            '"status":"200"}\n' for method in ("GET", "POST")))
        pod = Pipeline(self.test.programs, BUILD, self.test.folder / name, self.pipeline.brokers,
                       self.pipeline.topic, agent=name)
        pod.start_agent([{"path": str(log), "format": "nginx"}], source={
            "namespace": "shop", "service": "web", "workload": "deployments.apps/web", "pod": name,
            "labels_file": str(labels)})


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class MetricsApi(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        self.plane.apply(*objects())

    def start_reference(self):
        reference = WritableMetrics(self.programs, self.plane)
        for path in OBJECTS:
            reference.write(f"{path}/{METRIC}", 12, {"route_id": ROUTE, "method": METHOD})
        return reference

    def ask(self, server, words):
        """All outcomes of a server, which is registered for the while."""
        server.api.register(server.port)
        wait_for("all pods have values", lambda: len(metrics_client.ask(
            self.plane, [ALL_PODS])[0].get("items", [])) == len(PODS), seconds=60)
        told = api_comparison.ask_clients(self.plane, words)
        server.api.unregister()
        return told | api_comparison.ask_paths(self.plane, server.port, words)

    def compare(self, one, other, differences):
        """No difference without a reason, no reason without a difference."""
        self.assertEqual(api_comparison.compare(one, other, differences), ([], []))

    def test_metrics_api(self):
        served = Served(self, self.plane)
        reference = self.ask(self.start_reference(), REFERENCE_WORDS)
        self.compare(api_comparison.expected_of_clients(), reference,
                     api_differences.EXPECTED_AND_REFERENCE)
        self.compare(reference, self.ask(served, WORDS),
                     api_differences.REFERENCE_AND_AGGREGATOR)


if __name__ == "__main__":
    unittest.main()
