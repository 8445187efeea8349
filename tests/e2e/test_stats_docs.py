#!/usr/bin/env python3
"""docs/stats.md is true: each of its commands works, and its schema is that of the rows."""

import csv
import http.client
import io
import json
import re
import unittest

import doc_commands
from end_to_end import REPOSITORY, EndToEnd
from pipeline import fetch

DOCUMENT = (REPOSITORY / "docs" / "stats.md").read_text()
ADDRESS = "localhost:9465"
LINES = 3000  # enough for each of the shop's routes, and for errors
SECONDS = 30
TYPES = {"string": str, "integer": int, "number": (int, float), "object": dict, "null": type(None)}


def fenced(language):
    """The texts of the document's blocks in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


def fits(value, schema):
    if "enum" in schema:
        return value in schema["enum"]
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return any(isinstance(value, TYPES[name]) for name in names)


class StatsDocument(EndToEnd):
    def setUp(self):
        super().setUp()
        self.view = self.counted_pipeline(LINES)

    def status(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.view.aggregator_port, timeout=10)
        connection.request("HEAD", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def test_commands(self):
        """Each succeeds, prints something and complains of nothing."""
        found = doc_commands.one_liners("docs/stats.md")
        self.assertGreater(len(found), 20)
        for tool in ("grep", "awk", "sort -k", "cut", "column", "jq", "python3", "csvcut", "csvsort",
                     "csvgrep", "csvstat", "csvlook"):
            self.assertTrue(any(f"| {tool}" in command for command in found), tool)
        for command in found:
            with self.subTest(command=command):
                path, = re.findall(rf"{ADDRESS}(/[^' ]*)", command)
                self.assertEqual(self.status(path), 200)
                # Who has read enough closes the pipe, and curl says so by its exit status.
                run = doc_commands.run("set +o pipefail\n" + doc_commands.with_ports(
                    command, {9465: self.view.aggregator_port}), SECONDS)
                self.assertEqual((run.returncode, run.stderr), (0, ""))
                self.assertTrue(run.stdout.strip())

    def test_schema(self):
        """The rows of JSON, NDJSON and CSV have the schema's keys in its order, and its types."""
        schema = json.loads(fenced("json")[0])["properties"]
        moment, *keys = schema
        self.assertEqual(moment, "time_ms")
        for by in "route", "service", "pod":
            rows = self.view.stats(f"&by={by}&sort=total")
            self.assertTrue(rows)
            for row in rows:
                self.assertEqual(list(row), keys)
                self.assertEqual([key for key in keys if not fits(row[key], schema[key])], [])
            path = f"/stats?by={by}&sort=total&format="
            lines = fetch(self.view.aggregator_port, path + "ndjson")[1].splitlines()
            self.assertEqual([list(json.loads(line)) for line in lines], [keys] * len(rows))
            table = list(csv.reader(io.StringIO(
                fetch(self.view.aggregator_port, path + "csv")[1], newline="")))
            self.assertEqual(table[0], keys)
            column = keys.index("route")
            self.assertEqual([line[column] for line in table[1:]], [row["route"] for row in rows])

    def test_columns(self):
        """The table of columns names all of them, in order."""
        table = re.search(r"^## Columns$(.*?)^## ", DOCUMENT, re.MULTILINE | re.DOTALL).group(1)
        cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        named = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
        self.assertEqual(named, list(self.view.stats()[0]))

    def test_watch(self):
        """A stream goes on while it is read, with later snapshots, and ends with the aggregator."""
        connection = http.client.HTTPConnection("127.0.0.1", self.view.aggregator_port,
                                                timeout=SECONDS)
        self.addCleanup(connection.close)
        connection.request("GET", "/stats?watch=1&format=ndjson&by=service")
        answer = connection.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
        moments = [json.loads(answer.readline())["time_ms"] for _ in range(3)]
        self.assertEqual(moments, sorted(set(moments)))
        self.view.aggregator.terminate()
        with self.assertRaises(http.client.IncompleteRead):  # not as if there were no more
            answer.read()


if __name__ == "__main__":
    unittest.main()
