#!/usr/bin/env python3
"""The metrics API under load: a real control plane with many HPAs, beside events through Kafka.

    bench/metrics_api_load.py [--seconds 180] [--hpas 500] [--rate 20000] [--objects service]

Each HPA asks two metrics of its own route. `--objects service`: of one Service, so that all have the
same right; `deployments`: each of its own Deployment, by the route's target, so that no right is asked
for twice within the ten seconds that an answer is kept. A client with the front proxy's certificate
asks the aggregator the same questions as often as all HPAs together, and is the stopwatch. What it
takes of the machine, TLS and this client, whatever is asked, is the row of /livez, which is answered
before anybody is asked who asks.
"""

import collections
import concurrent.futures
import http.client
import itertools
import json
import os
import random
import sys
import time
import unittest
import urllib.parse

from bench_world import BUILD, arguments, cpu_seconds, fetch, print_table, wait_for

import control_plane
from background import Background
from fleet import WRITER
from hpa_world import CUSTOM, NAMESPACE, HpaWorld, autoscaler, deployment, object_metric
from kube_api import client_context
from pipeline import Pipeline

METRICS = ("http_requests_per_second", "http_requests_per_second_10s")
SYNC_SECONDS = 15
PODS = 4  # with logs; each has every route
WARM_UP_SECONDS = 75  # the window of a minute, and every HPA has been synced
# As many as the API of 500 HPAs takes: a controller's 20 a second would be what is measured.
CONTROLLERS = ("--kube-api-qps=1000", "--kube-api-burst=2000")
HPA_USER = {"X-Remote-User": "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
            "X-Remote-Group": "system:serviceaccounts"}
DURATION = "routerate_api_request_duration_seconds"
QUANTILES = (0.5, 0.9, 0.99, 1)
WAITED = 1  # of a thread's schedstat

Answer = collections.namedtuple("Answer", "status seconds age_s")


def question(objects, number, metric):
    """The path that an HPA asks for."""
    subject = "services/web" if objects == "service" else f"deployments.apps/app-{number}"
    return f"{CUSTOM}/{subject}/{metric}?metricLabelSelector=route_id%3Dorders-{number}"


def age_of(status, body):
    """Of the value, in seconds: from the end of its window. None: it is no value."""
    if status != 200 or not body.startswith(b"{"):
        return None
    stamp = json.loads(body)["items"][0]["timestamp"]
    return time.time() - (time.mktime(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)


class Client(Background):
    """Asks over one connection, at the moments of a Poisson process, until stopped."""

    def __init__(self, server, context, headers, rate, next_question):
        super().__init__()
        self.server = urllib.parse.urlsplit(server)
        self.context = context
        self.headers = headers
        self.rate = rate
        self.next_question = next_question
        self.answers = []
        self.start()

    def work(self):
        connection = http.client.HTTPSConnection(self.server.hostname, self.server.port,
                                                 context=self.context, timeout=20)
        while not self.stopping.wait(random.expovariate(self.rate)):
            try:
                self.answers.append(self.ask(connection))
            except OSError:
                self.answers.append(Answer(0, 20.0, None))
                connection.close()

    def ask(self, connection):
        path = self.next_question()
        begin = time.perf_counter()
        connection.request("GET", path, headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - begin
        return Answer(response.status, seconds, age_of(response.status, body))


class ServerLook:
    """What the aggregator says of itself, and what it has used, at one moment."""

    def __init__(self, port, programs):
        self.at = time.monotonic()
        self.cpu = {name: cpu_seconds(process) for name, process in programs}
        self.waited = {name: cpu_seconds(process, WAITED) for name, process in programs}
        self.series = {}
        for line in fetch(port, "/metrics", seconds=20)[1].splitlines():
            if line.startswith("routerate_api_"):
                name, value = line.rsplit(" ", 1)
                self.series[name] = float(value)

    def since(self, before, prefix):
        """{rest of the name: by how much it grew}, of those that did."""
        grown = {name: value - before.series.get(name, 0) for name, value in self.series.items()}
        return {name[len(prefix):]: value for name, value in grown.items()
                if name.startswith(prefix) and value > 0}


def quantiles_of(values, scale=1000.0):
    ordered = sorted(values)
    return [f"{scale * ordered[min(len(ordered) - 1, int(len(ordered) * q))]:.1f}"
            for q in QUANTILES] if ordered else ["-"] * len(QUANTILES)


def bounds_of(buckets, count):
    """Below which bound of the histogram each quantile is."""
    by_bound = sorted((float(name.split('"')[1]), value) for name, value in buckets.items())
    return [next((f"<={1000 * bound:.0f}" for bound, value in by_bound if value >= q * count), "-")
            for q in QUANTILES]


class MetricsApiLoad(HpaWorld):
    options = None  # of the command line

    def _show_logs(self):
        if self._outcome.result.errors:
            super()._show_logs()

    def start_nginx(self):
        """None: the lines come from a writer."""

    @property
    def ROUTES(self):  # noqa: N802 - the world's name for it
        return [{"path": f"/orders-{number}/{{id}}", "name": f"orders-{number}"} |
                ({} if self.options.objects == "service"
                 else {"target": f"deployments.apps/app-{number}"})
                for number in range(self.options.hpas)]

    def start_agent(self):
        self.agents, logs = [], []
        for number in range(PODS):
            logs.append(self.logs / f"web-{number}.log")
            logs[-1].touch()
            agent = Pipeline(self.programs, BUILD, self.folder / f"web-{number}", self.line.brokers,
                             self.line.topic, agent=f"agent-{number}")
            agent.start_agent([{"path": str(logs[-1]), "format": "nginx"}],
                              source={"namespace": NAMESPACE, "service": "web",
                                      "pod": f"web-{number}", "workload": "deployments.apps/web"})
            self.agents.append(agent)
        self.writer = self.programs.start("writer", [
            sys.executable, WRITER, "--paths", self.options.hpas, self.options.rate / PODS, *logs])

    def create_autoscalers(self):
        kind, name = ("Service", "web") if self.options.objects == "service" else ("Deployment", None)

        def create(number):
            app = f"app-{number}"
            target = 2 * self.options.rate / self.options.hpas  # one replica is enough
            metrics = [object_metric(metric, target, kind, name or app, route_id=f"orders-{number}")
                       for metric in METRICS]
            self.plane.api.post(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", deployment(app))
            self.plane.api.post(
                f"/apis/autoscaling/v2/namespaces/{NAMESPACE}/horizontalpodautoscalers",
                autoscaler(app, *metrics))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(create, range(self.options.hpas)))

    def active(self):
        """How many HPAs say that they read their metrics."""
        path = f"/apis/autoscaling/v2/namespaces/{NAMESPACE}/horizontalpodautoscalers"
        return sum(condition["type"] == "ScalingActive" and condition["status"] == "True"
                   for item in self.plane.api.get(path)["items"]
                   for condition in item.get("status", {}).get("conditions", []))

    def start_clients(self):
        def next_question():
            return question(self.options.objects, random.randrange(self.options.hpas),
                            random.choice(METRICS))

        rate = len(METRICS) * self.options.hpas / SYNC_SECONDS
        direct = client_context(self.plane.ca.crt, self.plane.front_proxy)
        proxied = client_context(self.plane.ca.crt, self.plane.admin)
        server = f"https://localhost:{self.metrics_port}"
        self.clients = {
            "/livez": [Client(server, direct, {}, rate / 4, lambda: "/livez")],
            "direct": [Client(server, direct, HPA_USER, rate / 4, next_question) for _ in range(4)],
            "through kube-apiserver": [
                Client(self.plane.server, proxied, {}, rate / 10, next_question)]}
        for client in itertools.chain(*self.clients.values()):
            self.addCleanup(client.join)
            self.addCleanup(client.stopping.set)

    def look(self):
        programs = {"aggregator": self.line.aggregator, "kube-apiserver": self.plane.api_server,
                    "writer": self.writer,
                    **{agent.agent_name: agent.agent for agent in self.agents}}
        return ServerLook(self.line.aggregator_port,
                          [(name, program.process.pid) for name, program in programs.items()])

    def runTest(self):
        self.start_world(f"{SYNC_SECONDS}s", controller_settings=CONTROLLERS)
        self.create_autoscalers()
        self.start_clients()
        self.wait(WARM_UP_SECONDS)
        wait_for("every HPA reads its metrics", lambda: self.active() == self.options.hpas, 180)
        before, counted = self.look(), self.line.total()
        answered = {client: len(client.answers)
                    for client in itertools.chain(*self.clients.values())}
        self.wait(self.options.seconds)
        after, counted = self.look(), self.line.total() - counted
        self.tell(before, after, counted, answered)

    def tell(self, before, after, counted, answered):
        seconds = after.at - before.at
        print(f"{self.options.hpas} HPAs of {self.options.objects}, {self.active()} read their "
              f"metrics; {counted / seconds:.0f} events/s counted; {seconds:.0f} s; "
              f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        rows = []
        for way, clients in self.clients.items():
            answers = [answer for client in clients for answer in client.answers[answered[client]:]]
            took = [answer.seconds for answer in answers]
            bad = sum(answer.status != 200 for answer in answers)
            rows.append((way, len(answers), bad, *quantiles_of(took),
                         sum(one > 0.02 for one in took)))
            ages = [answer.age_s for answer in answers if answer.age_s is not None]
            if ages:
                rows.append(("... age of the value", len(ages), "", *quantiles_of(ages), ""))
        count = after.since(before, DURATION + "_count").get("", 0)
        buckets = after.since(before, DURATION + "_bucket")
        within = buckets.get('{le="0.02"}', 0)
        rows.append(("the server's own", int(count), "", *bounds_of(buckets, count),
                     int(count - within)))
        print_table(("way", "answers", "not_200", "p50_ms", "p90_ms", "p99_ms", "max_ms",
                     "over_20_ms"), rows)
        self.tell_server(before, after, seconds)

    def tell_server(self, before, after, seconds):
        for what in ("requests_total", "reviews_total", "connections_total", "identified_total",
                     "review_duration_seconds"):
            for name, grown in after.since(before, f"routerate_api_{what}").items():
                print(f"{what}{name} {grown:.10g}")
        for name, used in after.cpu.items():
            waited = after.waited[name] - before.waited[name]
            print(f"seconds a minute: {name} {60 * (used - before.cpu[name]) / seconds:.1f} on a core, "
                  f"{60 * waited / seconds:.1f} waiting for one")


def main():
    if not control_plane.built():
        sys.exit(control_plane.MISSING)
    MetricsApiLoad.options = arguments(__doc__.splitlines()[0], seconds=180.0, hpas=500, rate=20_000,
                                       objects="service")
    result = unittest.TextTestRunner(verbosity=0).run(MetricsApiLoad())
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
