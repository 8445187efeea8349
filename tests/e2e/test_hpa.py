"""A real HorizontalPodAutoscaler reads a route's rate from routerate and scales; where the pipeline is
blind it holds.

Environment: HPA_SYNC is the controller's period (1s); HPA_BLIND_SECONDS how long each cut lasts
(15); HPA_SCRAPE Prometheus' interval (1s).
"""

import os
import signal
import statistics
import time
import unittest

import control_plane
from end_to_end import kafka_down, kafka_up
from hpa_world import HpaWorld, object_metric
from processes import wait_for
from prometheus import Prometheus, PrometheusAdapter

SYNC = os.environ.get("HPA_SYNC", "1s")
SCRAPE = os.environ.get("HPA_SCRAPE", "1s")
BLIND_SECONDS = float(os.environ.get("HPA_BLIND_SECONDS", "15"))
LOW, HIGH, PER_POD = 10, 200, 20  # requests a second; HIGH is ten pods' worth
FULL = HIGH // PER_POD
PATIENCE = 180


def tenth(route_id):
    return object_metric("http_requests_per_second_10s", PER_POD, route_id=route_id)


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class Hpa(HpaWorld):
    def start_scaling(self, **world):
        self.start_world(sync_period=SYNC, **world)
        self.orders = self.load("/orders/7", LOW)
        self.list = getattr(self, "list", None) or self.load("/list", LOW)
        self.web = self.scale("web", tenth("orders"))
        wait_for("a metric that the HPA reads", lambda: self.web.last().active[0] == "True", PATIENCE)

    def step_up(self):
        """To HIGH: prints when the first and when enough replicas were wanted.

        One more stays, too: it is within the controller's tolerance. A busy machine's load may be
        late, and then more for a moment.
        """
        begin = time.time()
        self.orders.rate = HIGH
        full = self.web.wait_for_replicas("the HPA scales up", lambda n: n >= FULL, PATIENCE)
        first = next(at for at, replicas in self.web.changes(begin) if replicas > 1)
        print(f"sync {SYNC}: {LOW} to {HIGH} requests/s: more replicas after {first - begin:.1f} s, "
              f"{full.replicas} after {full.at - begin:.1f} s")

    def test_step(self):
        """Up with the traffic of its route and down again; another route's traffic is another's."""
        self.start_scaling()
        self.step_up()
        self.tell_age()
        begin, before = time.time(), self.web.last().replicas
        self.list.rate = HIGH
        self.wait(15)
        seen = {look.replicas for look in self.web.since(begin)}
        self.assertLessEqual(seen, set(range(FULL, before + 1)))
        begin = time.time()
        self.orders.rate = LOW
        low = self.web.wait_for_replicas("the HPA scales down", lambda n: n == 1, PATIENCE)
        print(f"back to {LOW} requests/s: 1 replica after {low.at - begin:.1f} s, "
              "of which 10 are stabilization")

    def tell_age(self):
        """Of the window's end, when the metric is read as an HPA reads it."""
        ages = []
        for _ in range(20):
            ages.append(self.metric("services/web/http_requests_per_second_10s",
                                    "?metricLabelSelector=route_id%3Dorders")[1])
            self.wait(0.25)
        print(f"age of the metric when read: median {statistics.median(ages):.1f} s, "
              f"most {max(ages):.1f} s")

    def check_holds(self, what, cut, mend):
        """Under load, between the two calls, replicas never fall; and the HPA says why."""
        begin = time.time()
        cut()
        blind = wait_for(f"the HPA knows that it is blind: {what}",
                         lambda: self.web.last().active[0] == "False" and self.web.last(), PATIENCE)
        self.wait(begin + BLIND_SECONDS - time.time())
        print(f"{what}: blind after {blind.at - begin:.1f} s: {blind.active[1]}: {blind.active[2]}\n"
              f"{self.describe('web')}")
        mend()
        wait_for("the HPA reads again", lambda: self.web.last().active[0] == "True", PATIENCE)
        self.wait(3)
        fallen = [look for look in self.web.since(begin) if look.replicas < FULL]
        self.assertEqual(fallen, [])
        print(f"{what}: {FULL} replicas throughout; reads again after {time.time() - begin:.1f} s")

    def test_blind(self):
        """Broker stopped, agent paused, aggregator killed: the HPA holds. Traffic stopped: it scales down."""
        self.start_scaling(own_kafka=True)
        self.step_up()
        self.check_holds("broker stopped", lambda: kafka_down(self.broker),
                         lambda: kafka_up(self.broker))
        agent = self.line.agent
        self.check_holds("agent paused", lambda: agent.signal(signal.SIGSTOP),
                         lambda: agent.signal(signal.SIGCONT))
        self.check_holds("aggregator killed", self.line.aggregator.kill, self.start_aggregator)
        begin = time.time()
        self.orders.rate = 0
        low = self.web.wait_for_replicas("the HPA scales down", lambda n: n == 1, PATIENCE)
        print(f"no traffic: 1 replica after {low.at - begin:.1f} s")

    def web_is_known(self):
        return any(row["req/s_10s"] is not None for row in self.line.stats())

    def test_from_zero(self):
        """A front nginx's log wakes a workload that has no pods, and puts it to sleep."""
        self.start_world(sync_period=SYNC)
        pay = self.load("/pay/7", 0)
        self.load("/list", LOW)
        watch = self.scale("payment", object_metric("http_requests_per_second_10s", PER_POD,
                                                    kind="Deployment", name="payment"),
                           replicas=0, least=0)
        wait_for("a service that is known", self.web_is_known, PATIENCE)
        begin = time.time()
        pay.rate = 3 * PER_POD
        up = watch.wait_for_replicas("the first pod", lambda n: n > 0, PATIENCE)
        full = watch.wait_for_replicas("all pods", lambda n: n == 3, PATIENCE)
        print(f"from zero: first pod wanted after {up.at - begin:.1f} s, all after "
              f"{full.at - begin:.1f} s")
        begin = time.time()
        pay.rate = 0
        zero = watch.wait_for_replicas("no pod", lambda n: n == 0, PATIENCE)
        print(f"back to zero after {zero.at - begin:.1f} s")


class HpaThroughPrometheus(Hpa):
    """The same by way of a real Prometheus and a real prometheus-adapter, with the rules of configs/."""

    test_from_zero = None  # by a rule of its own (docs/routes.md 7)

    def register(self):
        self.list = self.load("/list", LOW)  # what the adapter finds
        wait_for("a service that is known", self.web_is_known, PATIENCE)
        prometheus = Prometheus(self.programs, self.folder / "prometheus",
                                [self.line.aggregator_port], SCRAPE)
        adapter = PrometheusAdapter(self.programs, self.plane, prometheus)
        adapter.api.register(adapter.port)

    def tell_age(self):
        pass  # the adapter tells the time of the question


if __name__ == "__main__":
    unittest.main()
