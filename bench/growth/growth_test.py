#!/usr/bin/env python3
"""The growth bench's own parts: places and figures of a chart, what pods send, what /stats is read as."""

import collections
import json
import math
import pathlib
import sys
import unittest
import xml.etree.ElementTree

BENCH = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(BENCH), str(BENCH / "compare")]

import bench_world  # noqa: E402,F401 - where scripts and tests are
import aggregator_growth  # noqa: E402
import growth_page  # noqa: E402
import line_chart  # noqa: E402
from pods import Pods, word  # noqa: E402
from subject import Moment, Subject, cost  # noqa: E402


class Recorder:
    """A producer whose records stay here."""

    def __init__(self):
        self.records = []

    def send(self, topic, key, value, headers):
        self.records.append((topic, key, value, dict(headers)))


class Chart(unittest.TestCase):
    def test_figures_have_three_digits_that_count(self):
        values = (0, 0.05512, 4.614, 99.96, 326.4, 106150.3, "maximum", None)
        self.assertEqual([line_chart.figure(value) for value in values],
                         ["0", "0.0551", "4.61", "100", "326", "106,000", "maximum", "-"])

    def test_each_tenfold_is_as_wide_as_the_next(self):
        place = line_chart.scale([1, 10, 10_000], 100, 500, math.log10)
        self.assertEqual([place(value) for value in (1, 10, 100, 10_000)], [100, 200, 300, 500])

    def test_values_that_are_all_the_same_have_a_place(self):
        self.assertEqual(line_chart.scale([0, 0], 170, 90)(0), 170)

    def test_the_image_is_xml_with_a_point_and_a_value_each(self):
        points = [(1, 2.5), (100, 3.5)]
        root = xml.etree.ElementTree.fromstring(line_chart.svg("a < b", "x", {"u": points, "v": points}))
        self.assertEqual(len(root.findall("{*}circle")), 4)
        words = [text.text for text in root.findall("{*}text")]
        self.assertEqual([words.count(word) for word in ("2.5", "3.5", "1", "100")], [2, 2, 1, 1])

    def test_a_row_without_cost_or_at_zero_is_in_the_table_alone(self):
        subject = Subject("s", "", None, "x", ("y",))
        rows = [{"x": 0, "y": 1.0}, {"x": 5, "y": None}, {"x": 7, "y": 2.0}]
        self.assertEqual(growth_page.panels(subject, rows), {"y": [(7, 2.0)]})
        self.assertIn("| 5 | - |", growth_page.section(subject, rows))


class Sent(unittest.TestCase):
    def setUp(self):
        self.producer = Recorder()
        self.pods = Pods(self.producer, "events", pods=2, routes=3, rate=1)

    def test_each_pod_sends_one_record_and_every_route(self):
        self.pods.send_events(12)
        self.assertEqual([key for _, key, _, _ in self.producer.records], [b"demo/shop-0", b"demo/shop-1"])
        for _, _, value, headers in self.producer.records:
            self.assertEqual(headers[b"rr-kind"], b"events")
            paths = collections.Counter(json.loads(line)["path"].split("/")[1] for line in value.splitlines())
            self.assertEqual(paths, {word(0): 2, word(1): 2, word(2): 2})

    def test_offsets_grow_from_record_to_record(self):
        for until in 4, 10:
            self.pods.send_events(until)
        offsets = collections.defaultdict(list)
        for _, key, value, _ in self.producer.records:
            offsets[key] += [json.loads(line)["offset"] for line in value.splitlines()]
        self.assertEqual(sorted(sum(offsets.values(), [])), list(range(10)))
        self.assertTrue(all(each == sorted(each) for each in offsets.values()))

    def test_heartbeats_go_round(self):
        self.pods.send_heartbeats(3)
        self.assertEqual([headers[b"rr-source"] for _, _, _, headers in self.producer.records],
                         [b"demo/shop/shop-0", b"demo/shop/shop-1", b"demo/shop/shop-0"])

    def test_words_differ(self):
        self.assertEqual(len({word(number) for number in range(100_000)}), 100_000)


class Measured(unittest.TestCase):
    def test_totals_are_read_from_text(self):
        text = "namespace service route total\ndemo shop /aaaa/{id} 7\ndemo shop other 2\n"
        self.assertEqual(aggregator_growth.totals(text), {"/aaaa/{id}": 7, "other": 2})

    def test_cost_is_what_was_used_between_two_moments(self):
        row = cost("self", Moment(100, 10, 1.0, 50.0), Moment(500, 30, 1.5, 60.0), "line")
        self.assertEqual([row[name] for name in ("lines/s", "records/s", "CPU µs a line", "CPU % of a core")],
                         [40, 2, 1250, 5])

    def test_doing_nothing_has_no_cost_of_one(self):
        self.assertIsNone(cost("self", Moment(5, 0, 1, 1), Moment(5, 0, 2, 2), "line")["CPU µs a line"])


if __name__ == "__main__":
    unittest.main()
