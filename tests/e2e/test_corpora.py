"""Recorded logs go through the whole pipeline; records and totals equal the truth."""

import collections
import gzip
import json
import os
import pathlib
import posixpath
import re
import subprocess
import unittest

from end_to_end import BUILD, REPOSITORY, EndToEnd, distinct_events, read_topic
from pipeline import fetch

# Excerpts by default; tests/corpora/make_excerpts.py makes whole ones for ROUTERATE_CORPORA.
FOLDER = pathlib.Path(os.environ.get("ROUTERATE_CORPORA", REPOSITORY / "tests" / "corpora"))
CORPORA = sorted(FOLDER.glob("*.log.gz"))
EVENT_KEYS = {"offset", "ts", "method", "host", "path", "query", "status", "bytes", "duration_ms",
              "client", "referer", "agent", "user"}
ROUTES = {"an-order": "/myapp/orders/[0-9]+", "a-status": "/myapp/status/[0-9]+"}
HEADERS = {"rr-version", "rr-kind", "rr-source", "rr-watermark"}


def format_of(name):
    return "combined" if "combined" in name else name.split("-")[0]


def percent_encoded(text, encoding):
    """Bytes beyond ASCII as %HH: one notation for what the truth and an event say of a path."""
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in text.encode(encoding))


def expected_counts(name):
    """(path, status) → lines, as recorded with the corpus: bytes as latin-1, escaped."""
    counts = collections.Counter()
    for row in (FOLDER / f"{name}.counts.tsv").read_text(encoding="ascii").splitlines():
        path, status, count = row.split("\t")
        path = percent_encoded(path.encode().decode("unicode_escape"), "latin-1")
        counts[path, int(status)] += int(count)
    return counts


def canonical(path):
    """The path as routes see it (docs/routes.md), as far as the patterns above need it."""
    path = re.sub(r"%[0-9A-Fa-f]{2}",
                  lambda code: char if (char := chr(int(code[0][1:], 16))).isalnum() and
                  char.isascii() else code[0], path)
    return posixpath.normpath("/" + re.sub(r";[^/]*", "", path).lstrip("/"))


def method_name(method):
    """Methods that the aggregator tells apart for sure; the others are one here."""
    return method if method in ("", "GET", "POST") else "other"


class Corpora(EndToEnd):
    def ship(self, kafka):
        """Every corpus as a service of its own through one agent; returns pipeline and records."""
        self.assertTrue(CORPORA, "no corpora")
        inputs = []
        for corpus in CORPORA:
            name = corpus.name.removesuffix(".log.gz")
            path = self.logs / f"{name}.log"
            path.write_bytes(gzip.decompress(corpus.read_bytes()))
            inputs.append({"path": str(path), "format": format_of(name), "service": name})
        pipeline = self.pipeline(kafka)
        rules = [{"name": route, "pattern": pattern} for route, pattern in ROUTES.items()]
        pipeline.start_aggregator(
            routes=str(pipeline.write_config("routes.yaml", {"routes": rules})))
        pipeline.start_agent(inputs)
        self.assertEqual(pipeline.agent.terminate(), 0)
        return pipeline, read_topic(pipeline)

    def check_records(self, records):
        """DESIGN: the Kafka record."""
        kinds = collections.Counter(record.kind for record in records)
        self.assertEqual(set(kinds), {"events", "heartbeat", "goodbye"})
        for record in records:
            with_file = {"rr-file"} if record.kind == "events" else set()
            self.assertEqual(set(record.headers), HEADERS | with_file)
            self.assertEqual(record.headers["rr-version"], "1")
            namespace, service, pod = record.headers["rr-source"].split("/")
            self.assertEqual(record.key, f"{namespace}/{pod}")
            self.assertRegex(record.headers["rr-watermark"], r"^(0|\d{13})$")  # 0: none yet
            for event in record.events():
                self.assertLessEqual(set(event), EVENT_KEYS)
                self.assertIs(type(event["ts"]), int)

    def check_counts(self, name, events):
        seen = collections.Counter(
            (percent_encoded(event.get("path", ""), "utf-8"), event["status"])
            for event in events.values())
        expected = expected_counts(name)
        wrong = {key: (expected[key], seen[key]) for key in expected.keys() | seen.keys()
                 if expected[key] != seen[key]}
        self.assertEqual(wrong, {}, "(path, status): (expected, seen)")

    def check_parse(self, name, events):
        """`routerate-agent parse` and the pipeline agree on every line."""
        run = subprocess.run([BUILD / "agent" / "routerate-agent", "parse", "--format",
                              format_of(name), self.logs / f"{name}.log"], check=True,
                             capture_output=True)
        parsed = [json.loads(line) for line in run.stdout.split(b"\n") if line]
        self.assertEqual(parsed, [events[offset] for offset in sorted(events)])

    def check_totals(self, pipeline, name, events):
        by_class = collections.Counter(f"{event['status'] // 100}xx" for event in events.values())
        rows = pipeline.stats(f"&service={name}&limit=1000000")
        self.assertEqual(sum(row["total"] for row in rows), len(events))
        counted = collections.Counter()
        _, metrics = fetch(pipeline.aggregator_port, "/metrics")
        for labels, value in re.findall(r"^routerate_http_requests_total\{(.*)\} (\S+)$", metrics,
                                        re.MULTILINE):
            if f'service="{name}"' in labels:
                counted[re.search(r'code="([^"]*)"', labels)[1]] += int(float(value))
        self.assertEqual(+counted, by_class)

    def check_routes(self, pipeline, name, events):
        """Totals per route and method, where Python can tell the route as well."""
        rows = pipeline.stats(f"&service={name}&limit=1000000")
        for route, pattern in ROUTES.items():
            expected = collections.Counter(
                method_name(event.get("method", "")) for event in events.values()
                if re.fullmatch(pattern, canonical(event.get("path", ""))))
            counted = collections.Counter()
            for row in rows:
                if row["route"] == route:
                    counted[method_name(row["method"])] += row["total"]
            self.assertEqual(counted, expected, route)

    def check(self, kafka=None):
        pipeline, records = self.ship(kafka)
        self.check_records(records)
        events = distinct_events(records)
        pipeline.wait_for_total(len(events))
        for corpus in CORPORA:
            name = corpus.name.removesuffix(".log.gz")
            own = {offset: event for (source, _, offset), event in events.items()
                   if source.split("/")[1] == name}
            with self.subTest(name):
                self.check_counts(name, own)
                self.check_parse(name, own)
                self.check_totals(pipeline, name, own)
                self.check_routes(pipeline, name, own)

    def test_embedded(self):
        self.check()

    def test_kafka(self):
        self.check(self.real_kafka())


if __name__ == "__main__":
    unittest.main()
