"""What the chart renders: goldens, helm-unittest, a strict lint, alerts on metrics that exist.

UPDATE_GOLDEN=1 rewrites tests/golden/chart.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import control_plane
from end_to_end import REPOSITORY
from helm import CHART, SCENARIOS, Helm, scenario_name

GOLDEN = REPOSITORY / "tests" / "golden" / "chart"
ALERTS = CHART / "files" / "alerts.yaml"
DASHBOARD = CHART / "files" / "dashboard.json"
ALERT_TESTS = REPOSITORY / "tests" / "e2e" / "alerts_test.yaml"
LABEL = re.compile(r'(\w+)(?:=~|=|!=|!~)"(?:[^"\\]|\\.)*"')
LABELS = f"(?:{LABEL.pattern.replace('(', '(?:', 1)},?)*"
SELECTOR = re.compile(rf"\b(routerate_[a-z0-9_]+)\{{({LABELS})\}}")
METRIC = re.compile(r"\brouterate_[a-z0-9_]+\b(?!\()")
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")
# Of whole files in a ConfigMap a golden names the file.
COPIED = ("prometheus-adapter.yaml", "dashboard.json")


def run(*words):
    return subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def known_metrics():
    """What the programs' sources call metrics."""
    sources = (path for folder in ("agent", "aggregator")
               for path in (REPOSITORY / folder).glob("*.cc"))
    return {name for path in sources
            for name in re.findall(r'"(routerate_[a-z0-9_]+)"', path.read_text())}


def dashboard_queries():
    return [target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"]
            for target in panel.get("targets", ())]


def indented(text, spaces):
    return "".join(" " * spaces + line if line.strip() else line for line in text.splitlines(True))


def shortened(manifests):
    for name in COPIED:
        text = indented((CHART / "files" / name).read_text(), 4).rstrip()
        manifests = manifests.replace(text, f"    (files/{name})")
    return "".join(f"{line.rstrip()}\n" for line in manifests.splitlines())


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class ChartRenders(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="routerate-helm-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.helm = Helm(self.folder)

    def test_lint(self):
        for values in SCENARIOS:
            with self.subTest(values.name):
                self.helm.run("lint", "--strict", "--quiet", CHART, "--values", values)

    def test_goldens(self):
        """Of each scenario one, and no golden without a scenario."""
        self.assertGreater(len(SCENARIOS), 4)
        for values in SCENARIOS:
            rendered = shortened(self.helm.render("--values", values))
            golden = GOLDEN / f"{scenario_name(values)}.yaml"
            if os.environ.get("UPDATE_GOLDEN"):
                golden.write_text(rendered)
            with self.subTest(values.name):
                self.assertEqual(golden.read_text(), rendered)
        self.assertEqual({path.stem for path in GOLDEN.iterdir()},
                         {scenario_name(values) for values in SCENARIOS})

    def test_units(self):
        told = run(control_plane.BIN / "helm-unittest", "--strict", CHART)
        self.assertEqual(told.returncode, 0, told.stdout)
        self.assertRegex(told.stdout, r"Tests: +[1-9][0-9]+ passed")

    def test_version(self):
        """Chart, image and the sidecar that the command has built in are of the programs' version."""
        version = re.search(r"project\(routerate VERSION (\S+)",
                            (REPOSITORY / "CMakeLists.txt").read_text())[1]
        chart = (CHART / "Chart.yaml").read_text()
        self.assertEqual(re.findall(r"^(?:v|appV)ersion: (.*)$", chart, re.M), [version, version])
        sidecar = (CHART / "files" / "sidecar.yaml").read_text()
        self.assertEqual(re.findall(r"image: \S+:(\S+)", sidecar), [version])

    def promtool(self, *words):
        told = run("promtool", *words)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_alerts(self):
        self.promtool("check", "rules", ALERTS)
        self.promtool("test", "rules", ALERT_TESTS)

    def test_each_alert_is_tested(self):
        names = re.findall(r"alert: (\w+)", ALERTS.read_text())
        tested = set(re.findall(r"alertname=\"(\w+)\"", ALERT_TESTS.read_text()))
        self.assertEqual(set(names) - tested, set())

    def test_metrics(self):
        """Alerts, rules and dashboard ask for metrics that the programs have."""
        known = known_metrics()
        self.assertGreater(len(known), 50)
        for path in sorted((CHART / "files").iterdir()):
            asked = {name for name in METRIC.findall(path.read_text())}
            asked = {next((name.removesuffix(part) for part in HISTOGRAM_PARTS
                           if name.removesuffix(part) in known), name) for name in asked}
            with self.subTest(path.name):
                self.assertEqual(asked - known, set())

    def test_dashboard(self):
        """Panels have ids of their own, and every one but rows asks something."""
        panels = json.loads(DASHBOARD.read_text())["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        for panel in panels:
            with self.subTest(panel["title"]):
                self.assertEqual(bool(panel.get("targets")), panel["type"] != "row")
                self.assertTrue(all(METRIC.search(target["expr"])
                                    for target in panel.get("targets", ())))

    def test_queries_of_the_dashboard(self):
        """Prometheus takes them."""
        rules = [{"record": f"query_{number}", "expr": query.replace("$__rate_interval", "5m")}
                 for number, query in enumerate(dashboard_queries())]
        path = self.folder / "rules.yaml"
        path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        self.promtool("check", "rules", path)

    def test_labels(self):
        """What is selected by is a label of that metric, where the aggregator's page shows it."""
        known = {}
        for name, labels in SELECTOR.findall((GOLDEN.parent / "metrics.txt").read_text()):
            known.setdefault(name, set()).update(LABEL.findall(labels))
        selectors = SELECTOR.findall("\n".join([ALERTS.read_text(), *dashboard_queries()]))
        shown = [(name, labels) for name, labels in selectors if name in known]
        self.assertGreater(len(shown), 10)
        for name, labels in shown:
            with self.subTest(f"{name}{{{labels}}}"):
                self.assertLessEqual(set(LABEL.findall(labels)), known[name])


if __name__ == "__main__":
    unittest.main()
