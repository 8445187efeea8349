#!/usr/bin/env python3
"""The documents are executed: whoever follows them gets what they promise."""

import subprocess
import unittest

import control_plane
import doc_commands
from control_plane import ControlPlane
from end_to_end import BUILD, REPOSITORY, EndToEnd, count_lines
from processes import free_port, wait_for
from traffic import NginxLines

SESSIONS = ("README.md", "docs/getting_started.md")  # from their first command to the last
ONE_LINERS = ("docs/troubleshooting.md",)
ELSEWHERE = {"docs/stats.md": "test_stats_docs.py"}
LINES = 2000
SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
"""


class Documents(EndToEnd):
    def test_all_have_a_way(self):
        """Each document with commands is run by a test."""
        tracked = subprocess.run(["git", "ls-files", "*.md"], cwd=REPOSITORY, check=True, text=True,
                                 capture_output=True).stdout.split()
        with_commands = {document for document in tracked for flags in ((), ("cluster",))
                         if list(doc_commands.blocks(document, flags=flags))}
        self.assertEqual(with_commands, {*SESSIONS, *ONE_LINERS, *ELSEWHERE})

    def test_reasons_are_needed(self):
        """Whatever is not run is there, and only blocks that are."""
        whole = [block.text for document in (*SESSIONS, *ONE_LINERS) for flags in ((), ("cluster",))
                 for block in doc_commands.blocks(document, flags=flags)]
        for part, why in doc_commands.NOT_RUN:
            self.assertTrue(any(part in text for text in whole), f"{part}: {why}")

    def test_readme(self):
        self.laptop("README.md", 1200)

    def test_getting_started(self):
        told = self.laptop("docs/getting_started.md", 1200)
        self.assertRegex(told, r"requests counted = \d+, routes = \d+: OK")
        self.assertRegex(told, r"(?m)^laptop +shop +/orders/\{id\} +GET +[1-9]")
        *_, written, counted = told.splitlines()
        self.assertEqual(written, counted)

    def laptop(self, document, seconds):
        return doc_commands.run_document(document, seconds,
                                         ports={9464: free_port(), 9465: free_port()})

    def test_troubleshooting(self):
        """Each command of it prints something of a pipeline that works."""
        view = self.pipeline()
        view.start_aggregator(max_routes=3)
        log = self.logs / "nginx.log"
        log.write_text("garbage\n")
        view.start_agent([{"path": str(log), "format": "nginx"}])
        writer = NginxLines(log, base=1000, seed=self.random.random())
        writer.start()
        wait_for("lines", lambda: count_lines(log) >= LINES)
        writer.stop()
        view.wait_for_total(count_lines(log) - 1)
        ports = {9464: view.agent_port, 9465: view.aggregator_port}
        for document in ONE_LINERS:
            for command in doc_commands.one_liners(document):
                with self.subTest(command):
                    done = doc_commands.run(doc_commands.with_ports(command, ports), 30)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertTrue(done.stdout.strip())


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class InKubernetes(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder / "plane"))
        self.plane.kubectl("create", "namespace", "shop")
        self.plane.apply(SHOP)

    def follow(self, document):
        path = f"{control_plane.BIN}:{BUILD / 'agent'}:{BUILD / 'aggregator'}:/usr/bin:/bin"
        return doc_commands.run_document(document, 180, flags=("cluster",), environment={
            "PATH": path, "KUBECONFIG": str(self.plane.admin_kubeconfig),
            "HELM_CACHE_HOME": str(self.folder / "cache"), "HELM_DATA_HOME": str(self.folder / "data"),
            "HELM_CONFIG_HOME": str(self.folder / "config")})

    def check(self):
        """The aggregator runs, the shop's pods have the sidecar, the HPA asks for the route."""
        aggregator = self.plane.get("-n", "routerate", "deployment", "routerate-aggregator")
        image = aggregator["spec"]["template"]["spec"]["containers"][0]["image"]
        pod = self.plane.get("-n", "shop", "deployment", "shop")["spec"]["template"]["spec"]
        agent, = pod["initContainers"]
        self.assertEqual((agent["name"], agent["image"]), ("routerate-agent", image))
        self.assertIn({"name": "KAFKA_BROKERS", "value": "kafka.kafka:9092"}, agent["env"])
        metric, = self.plane.get("-n", "shop", "hpa", "shop")["spec"]["metrics"]
        self.assertEqual(metric["object"]["metric"]["selector"]["matchLabels"],
                         {"route_id": "get-orders-id"})

    def test_readme(self):
        self.follow("README.md")
        self.check()

    def test_getting_started(self):
        self.follow("docs/getting_started.md")
        self.check()


if __name__ == "__main__":
    unittest.main()
