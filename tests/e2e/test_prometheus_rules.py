"""configs/prometheus-adapter.yaml in real prometheus-adapter over real Prometheus.

What is scraped is that of two replicas of the aggregator, one of which knows less.
"""

import re
import unittest

import control_plane
import metrics_client
from control_plane import ControlPlane
from end_to_end import REPOSITORY, EndToEnd
from processes import wait_for
from prometheus import MetricsPage, Prometheus, PrometheusAdapter
from test_control_plane import DEPLOYMENT

WEB = 'namespace="shop",service="web"'
CART = f'{WEB},route="/cart",route_id="get-cart",method="GET"'
PAY = f'{WEB},route="/pay",route_id="pay",method="POST",host="pay.example"'
IDLE = f'{WEB},route="/idle",route_id="get-idle",method="GET"'
API = 'namespace="shop",service="api"'
OTHER = f'{API},route="/",route_id="get-root",method="GET"'
DEPLOYED = f'{WEB},workload_resource="deployments.apps",workload_name="web"'
ELSE = f'{WEB},workload_resource="statefulsets.apps",workload_name="web"'
PODS = [f'{WEB},pod="{{{number}}}",workload="deployments.apps/web"' for number in range(2)]
ALL = 'route_id="",method=""'

# (metric, labels, value by window; "": it has none): what both replicas tell. Braces: pods' names.
SAMPLES = (
    ("http_requests_per_second", CART, {"10s": 40, "1m": 30, "5m": 20}),
    ("http_requests_per_second", PAY, {"10s": 4, "1m": 3, "5m": 2}),
    ("http_requests_per_second", IDLE, {"10s": 0, "1m": 0, "5m": 0}),
    ("http_requests_per_second", OTHER, {"10s": 7, "1m": 7, "5m": 7}),
    ("http_errors_per_second", CART, {"10s": 9, "1m": 1.5, "5m": 9}),
    ("http_errors_per_second", PAY, {"10s": 9, "1m": 0, "5m": 9}),
    ("http_request_duration_p95_seconds", CART, {"": 0.25}),
    ("http_request_duration_p95_seconds", PAY, {"": 0.5}),
    ("service_http_request_duration_p95_seconds", WEB, {"": 0.3}),
    ("workload_http_requests_per_second", DEPLOYED, {"10s": 44, "1m": 33, "5m": 22}),
    ("workload_http_requests_per_second", ELSE, {"10s": 99, "1m": 99, "5m": 99}),
    ("pod_http_requests_per_second", f"{PODS[0]},{ALL}", {"10s": 41, "1m": 31, "5m": 21}),
    ("pod_http_requests_per_second", f"{PODS[1]},{ALL}", {"10s": 3, "1m": 2, "5m": 1}),
    ("pod_http_requests_per_second", f'{PODS[0]},route_id="pay",method="POST"', {"1m": 5}),
    ("pod_http_requests_per_second", f'{PODS[0]},route_id="pay",method="PUT"', {"1m": 6}),
)
SERVICE = {"form": "object", "namespace": "shop", "kind": "Service", "name": "web"}
DEPLOYED_WEB = SERVICE | {"group": "apps", "kind": "Deployment"}
SHOP = {"form": "object", "kind": "Namespace", "name": "shop"}
OF_PODS = {"form": "objects", "namespace": "shop", "kind": "Pod", "objectSelector": "app=web"}
EXTERNAL = {"form": "external", "namespace": "shop"}

# (what is asked, metric, metric selector, values without the objects' names; None: 404)
EXPECTED = (
    (SERVICE, "http_requests_per_second", "", [33]),
    (SERVICE, "http_requests_per_second_10s", "", [44]),
    (SERVICE, "http_requests_per_second_5m", "", [22]),
    (SERVICE, "http_errors_per_second", "", [1.5]),
    (SERVICE, "http_request_duration_p95_seconds", "", [0.3]),
    (SERVICE, "http_requests_per_second", "route_id=get-cart", [30]),
    (SERVICE, "http_requests_per_second", "route_id in (get-cart,pay)", [33]),
    (SERVICE, "http_requests_per_second", "route_id notin (pay)", [30]),
    (SERVICE, "http_requests_per_second", "route_id notin (pay,get-cart,get-idle)", None),
    (SERVICE, "http_requests_per_second", "route_id,method=POST", [3]),
    (SERVICE, "http_requests_per_second", "host=pay.example", [3]),
    (SERVICE, "http_requests_per_second", "route_id=get-idle", [0]),
    (SERVICE, "http_requests_per_second", "route_id=none", None),
    (SERVICE, "http_errors_per_second", "route_id=pay", [0]),
    (SERVICE, "http_request_duration_p95_seconds", "route_id=get-cart", [0.25]),
    (SERVICE, "http_request_duration_p95_seconds", "route_id in (get-cart,pay)", [0.5]),
    (SERVICE, "http_request_duration_p95_seconds", "route_id=get-idle", [0]),
    (SERVICE, "http_request_duration_p95_seconds", "route_id=none", None),
    (SERVICE | {"name": "api"}, "http_request_duration_p95_seconds", "", None),
    (SERVICE | {"name": "none"}, "http_requests_per_second", "", None),
    (SHOP, "http_requests_per_second", "", [40]),
    (SHOP, "http_requests_per_second", "service=api", [7]),
    (SHOP, "http_request_duration_p95_seconds", "", [0.3]),
    (DEPLOYED_WEB, "http_requests_per_second", "", [33]),
    (DEPLOYED_WEB, "http_requests_per_second_10s", "", [44]),
    (DEPLOYED_WEB, "http_requests_per_second_5m", "", [22]),
    (OF_PODS, "http_requests_per_second", "", [2, 31]),
    (OF_PODS, "http_requests_per_second_10s", "", [3, 41]),
    (OF_PODS, "http_requests_per_second_5m", "", [1, 21]),
    (OF_PODS, "http_requests_per_second", "route_id=pay", [11]),
    (OF_PODS, "http_requests_per_second", "method=PUT", [6]),
    (OF_PODS, "http_requests_per_second", "route_id notin (none)", [11]),
    (EXTERNAL, "http_requests_per_second", "", [40]),
    (EXTERNAL, "http_requests_per_second_10s", "route_id=pay", [4]),
    (EXTERNAL, "http_requests_per_second_5m", "service=web", [22]),
    (EXTERNAL, "http_errors_per_second", "service=web", [1.5]),
    (EXTERNAL, "http_request_duration_p95_seconds", "service=web", [0.3]),
    (EXTERNAL, "http_request_duration_p95_seconds", "service=web,route_id=pay", [0.5]),
    (EXTERNAL, "http_request_duration_p95_seconds", "service=web,route_id=get-idle", [0]),
    (EXTERNAL, "http_requests_per_second", "route_id=none", []),
)


def page(pods, without=()):
    """The metrics, but for those whose labels are in `without`."""
    lines = []
    for metric, labels, windows in SAMPLES:
        if labels in without:
            continue
        for window, value in windows.items():
            known = labels.format(*pods) + (f',window="{window}"' if window else "")
            lines.append(f"routerate_{metric}{{{known}}} {value}\n")
    return "".join(lines)


def shapes(text):
    """Of each series its name with its labels' names; `host` some routes have and some have not."""
    for name, labels in re.findall(r"^(routerate_\w+)\{(.*?)\} ", text, re.MULTILINE):
        names = set(re.findall(r'(\w+)="', labels)) - {"host"}
        yield name, ",".join(sorted(names))


class Page(unittest.TestCase):
    def test_page(self):
        """The page that the rules are judged by has the series of an aggregator."""
        golden = set(shapes((REPOSITORY / "tests" / "golden" / "metrics.txt").read_text()))
        self.assertEqual(set(shapes(page(("web-0", "web-1")))) - golden, set())


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class PrometheusRules(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        self.pods = self.make_pods()
        self.replicas = [MetricsPage(page(self.pods)), MetricsPage(page(self.pods, (PAY, OTHER)))]
        for replica in self.replicas:
            self.addCleanup(replica.stop)
        self.prometheus = Prometheus(self.programs, self.folder / "prometheus",
                                     [replica.port for replica in self.replicas])
        self.adapter = PrometheusAdapter(self.programs, self.plane, self.prometheus)
        self.adapter.api.register(self.adapter.port)

    def make_pods(self):
        self.plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
        deployment = DEPLOYMENT | {"metadata": {"name": "web", "namespace": "shop"}}
        self.plane.apply(deployment | {"spec": deployment["spec"] | {"replicas": 2}})
        path = "/api/v1/namespaces/shop/pods"
        pods = wait_for("two pods", lambda: len(self.plane.api.get(path)["items"]) == 2
                        and self.plane.api.get(path)["items"])
        return sorted(pod["metadata"]["name"] for pod in pods)

    def told(self, *asked):
        """Of each (object, metric, selector): values in order, None for 404, else as it came."""
        answers = metrics_client.ask(self.plane, [
            of | {"metric": metric, "metricSelector": selector} for of, metric, selector in asked])
        return [None if answer.get("code") == 404
                else answer.get("error") or sorted(metrics_client.values(answer).values())
                for answer in answers]

    def test_rules(self):
        duration = (SERVICE, "http_request_duration_p95_seconds", "")
        wait_for("all metrics are known", lambda: self.told(duration) == [[0.3]])
        told = self.told(*(each[:3] for each in EXPECTED))
        self.assertEqual([(*each, values) for each, values in zip(EXPECTED, told)
                          if values != each[3]], [])
        self.absent_is_not_zero()

    def absent_is_not_zero(self):
        """A service that all replicas withhold has no value, though others have."""
        for replica in self.replicas:
            replica.text = page(self.pods, (CART, PAY, IDLE))
        rate = (SERVICE, "http_requests_per_second", "")
        wait_for("no value", lambda: self.told(rate) == [None])
        self.assertEqual(self.told((EXTERNAL, "http_requests_per_second", "service=web")), [[]])


if __name__ == "__main__":
    unittest.main()
