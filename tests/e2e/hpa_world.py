"""A real control plane whose HPAs read routerate: nginx, agent, Kafka, aggregator, API server.

Deployments have no containers that run (fake_node.py); the traffic is one real nginx's. Everything is in
namespace `shop` and has the name of its Deployment.
"""

import time

from aggregated_api import AggregatedApi
from control_plane import ControlPlane
from end_to_end import EndToEnd, kafka_down, kafka_up
from hpa_watch import HpaWatch
from nginx_server import NginxServer
from paced_load import PacedLoad
from processes import free_port, wait_for

NAMESPACE = "shop"
CUSTOM = f"/apis/custom.metrics.k8s.io/v1beta2/namespaces/{NAMESPACE}"
STALE_SECONDS = 5
# At once in both directions; what holds is the controller's stabilization.
AT_ONCE = {"stabilizationWindowSeconds": 0,
           "policies": [{"type": "Pods", "value": 100, "periodSeconds": 1}]}
DOWNSCALE_SECONDS = 10


def deployment(name, replicas=1):
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"terminationGracePeriodSeconds": 0, "containers": [
                                      {"name": "app", "image": "registry.invalid/app:1"}]}}}}


def object_metric(metric, average, kind="Service", name="web", **selector):
    api_version = "apps/v1" if kind == "Deployment" else "v1"
    return {"type": "Object", "object": {
        "describedObject": {"apiVersion": api_version, "kind": kind, "name": name},
        "metric": {"name": metric} | ({"selector": {"matchLabels": selector}} if selector else {}),
        "target": {"type": "AverageValue", "averageValue": str(average)}}}


def autoscaler(name, *metrics, least=1, most=20):
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
                     "minReplicas": least, "maxReplicas": most, "metrics": list(metrics),
                     "behavior": {"scaleUp": AT_ONCE,
                                  "scaleDown": AT_ONCE | {
                                      "stabilizationWindowSeconds": DOWNSCALE_SECONDS}}}}


class HpaWorld(EndToEnd):
    ROUTES = [{"path": "/orders/{id}", "name": "orders"}, {"path": "/list", "name": "list"},
              {"path": "/pay/**", "name": "pay", "target": "deployments.apps/payment"}]

    def start_world(self, sync_period="1s", own_kafka=False, controller_settings=()):
        self.plane = self.enterContext(ControlPlane(
            self.programs, self.folder, sync_period=sync_period,
            downscale_stabilization=f"{DOWNSCALE_SECONDS}s",
            controller_settings=controller_settings))
        self.plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        self.broker = self.folder / "kafka"
        if own_kafka:
            self.addCleanup(kafka_down, self.broker)
        self.line = self.pipeline(kafka_up(self.broker) if own_kafka else self.real_kafka())
        self.api = AggregatedApi(self.plane, "routerate-aggregator")
        self.pages_port, self.metrics_port = free_port(), free_port()
        self.start_aggregator()
        self.start_nginx()
        self.start_agent()
        self.register()

    def register(self):
        """HPAs read the aggregator's own metrics API."""
        self.api.register(self.metrics_port)

    def start_aggregator(self):
        """Listens on the same ports each time, as behind a Service."""
        routes = self.line.write_config("routes.yaml", {"routes": self.ROUTES})
        self.line.start_aggregator(
            routes=str(routes), stale_after=f"{STALE_SECONDS}s",
            listen=f"127.0.0.1:{self.pages_port}", metrics_api=self.api.options(self.metrics_port))

    def start_nginx(self):
        self.nginx = NginxServer(self.programs, self.folder / "nginx", self.logs / "access.log")
        self.addCleanup(self.nginx.program.kill)

    def start_agent(self):
        labels = self.folder / "labels"
        labels.write_text('app="web"\n')
        self.line.start_agent(
            [{"path": str(self.nginx.log), "format": "nginx"}],
            source={"namespace": NAMESPACE, "service": "web", "pod": "web-0",
                    "workload": "deployments.apps/web", "labels_file": str(labels)})

    def load(self, path, rate):
        load = PacedLoad(self.nginx.port, path, rate)
        self.addCleanup(load.stop)
        return load

    def scale(self, name, *metrics, replicas=1, **limits):
        """A Deployment and its HPA; returns a watch."""
        self.plane.apply(deployment(name, replicas), autoscaler(name, *metrics, **limits))
        watch = HpaWatch(self.plane.api, NAMESPACE, name)
        self.addCleanup(watch.stop)
        return watch

    def metric(self, path, query=""):
        """(value, age in seconds) of the first item, through the API server as an HPA asks."""
        item = self.plane.api.get(f"{CUSTOM}/{path}{query}")["items"][0]
        made = time.mktime(time.strptime(item["timestamp"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        text = item["value"]
        value = float(text[:-1]) / 1000 if text.endswith("m") else float(text)
        return value, time.time() - made

    def describe(self, name):
        """What `kubectl describe hpa` says of conditions and events, for a person to read."""
        text = self.plane.kubectl("-n", NAMESPACE, "describe", "hpa", name)
        return text[text.index("Metrics:"):]

    def wait(self, seconds):
        until = time.monotonic() + seconds
        wait_for("time", lambda: time.monotonic() >= until, seconds + 5)
