"""What people and Prometheus read: /stats, /metrics, health of both programs; heartbeats."""

import shutil
import subprocess
import unittest

from end_to_end import BUILD, EndToEnd, read_topic
from pipeline import fetch
from processes import wait_for

COLUMNS = ("namespace service route method req/s_10s req/s_1m req/s_5m 2xx 3xx 4xx 5xx p50_ms "
           "p95_ms p99_ms bytes/s age_s total").split()
LINES = 3000
HEARTBEATS = 4


class DownwardVolume:
    """A volume of Kubernetes' downward API with the pod's labels, as the kubelet lays it out."""
    def __init__(self, folder, labels):
        self.folder = folder
        self.labels = folder / "labels"
        self.turn = 0
        folder.mkdir()
        self.write(labels)
        self.labels.symlink_to("..data/labels")

    def write(self, labels):
        self.turn += 1
        made = self.folder / f"..{self.turn}"
        made.mkdir()
        lines = (f'{key}="{value}"' for key, value in sorted(labels.items()))
        (made / "labels").write_text("\n".join(lines))
        link = self.folder / "..data_tmp"
        link.symlink_to(made.name)
        link.rename(self.folder / "..data")


class Views(EndToEnd):
    def setUp(self):
        super().setUp()
        self.volume = DownwardVolume(self.folder / "podinfo", {"app": "shop", "tier": "web"})
        self.view = self.counted_pipeline(LINES, source={
            "namespace": "demo", "service": "shop", "pod": "shop-0",
            "workload": "deployments.apps/shop", "labels_file": str(self.volume.labels)})

    def test_stats(self):
        """One line a route and method with the documented columns, made for grep."""
        status, text = fetch(self.view.aggregator_port, "/stats")
        self.assertEqual(status, 200)
        header, *lines = text.splitlines()
        self.assertEqual(header.split(), COLUMNS)
        orders = [line.split() for line in lines if "orders" in line]
        self.assertEqual({len(columns) for columns in orders}, {len(COLUMNS)})
        self.assertEqual(
            {(route, method) for _, _, route, method, *_ in orders},
            {("/orders", "GET"), ("/orders", "POST"), ("/orders/{id}", "GET"),
             ("/orders/{id}", "DELETE"), ("/orders/{id}/address", "PUT")})
        self.assertEqual(len(orders), 5)
        by_total = {tuple(columns[2:4]): int(columns[-1]) for columns in orders}
        rows = {(row["route"], row["method"]): row["total"] for row in self.view.stats()}
        self.assertEqual(by_total, {key: rows[key] for key in by_total})

    @unittest.skipUnless(shutil.which("promtool"), "promtool (Debian: prometheus) is missing")
    def test_promtool(self):
        """promtool check metrics accepts both programs' /metrics without a word."""
        for port in self.view.agent_port, self.view.aggregator_port:
            status, metrics = fetch(port, "/metrics")
            self.assertEqual(status, 200)
            self.assertIn("routerate_", metrics)
            run = subprocess.run(["promtool", "check", "metrics"], input=metrics, text=True,
                                 capture_output=True)
            self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_labels(self):
        """The pod's labels and workload are shown, and labels that change, within seconds."""
        def pod(labels):
            row, = self.view.stats("&by=pod")
            return row if row["labels"] == labels else None

        row = wait_for("labels", lambda: pod({"app": "shop", "tier": "web"}))
        self.assertEqual(row["workload"], "deployments.apps/shop")
        self.volume.write({"app": "shop", "color": "blue"})
        wait_for("other labels", lambda: pod({"app": "shop", "color": "blue"}))
        wait_for("the workload's rate", lambda: 'workload_name="shop",window="10s"' in
                 fetch(self.view.aggregator_port, "/metrics")[1], 60)

    def test_health(self):
        for port in self.view.agent_port, self.view.aggregator_port:
            for path in "/healthz", "/readyz":
                self.assertEqual(fetch(port, path)[0], 200, path)
            self.assertEqual(fetch(port, "/no-such-page")[0], 404)

    def test_probe(self):
        """The aggregator's program asks pages of both, and fails where one does not answer 2xx."""
        def probe(*words):
            run = subprocess.run([BUILD / "aggregator" / "routerate-aggregator", "probe", *words],
                                 text=True, capture_output=True)
            return run.returncode, [line.split()[0] for line in run.stdout.splitlines()]

        pages = [f"http://127.0.0.1:{port}" for port in (self.view.agent_port,
                                                         self.view.aggregator_port)]
        good = [f"{page}/readyz" for page in pages]
        self.assertEqual(probe(*good), (0, ["200", "200"]))
        self.assertEqual(probe("--timeout=0", *good, f"{pages[0]}/none"), (1, ["200", "200", "404"]))
        self.assertEqual(probe("https://localhost"), (1, []))

    def test_heartbeats(self):
        """An idle agent sends one a second, each with a later watermark."""
        def heartbeats():
            found = [record for record in read_topic(self.view) if record.kind == "heartbeat"]
            # The first may be older than the lines: the agent was not idle then.
            return found[1:] if len(found) > HEARTBEATS else None

        marks = [int(record.headers["rr-watermark"])
                 for record in wait_for("heartbeats", heartbeats, poll=0.5)]
        steps = [later - earlier for earlier, later in zip(marks, marks[1:])]
        self.assertTrue(all(step > 0 for step in steps), steps)
        self.assertLess(sorted(steps)[len(steps) // 2], 1500)


if __name__ == "__main__":
    unittest.main()
