#!/usr/bin/env python3
"""The comparison's own parts on a tiny log: what is written is counted, what is lost or doubled is told."""

import collections
import io
import json
import pathlib
import tempfile
import unittest
import xml.etree.ElementTree

import delivered
from chart import svg
from goals import Goal
from logs import BYTES, NUMBER, given_log, write_log

LINES = 5000


class OwnParts(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="routerate-compare-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def log(self, form):
        return write_log(self.folder / f"{form}.log", form, LINES)

    def test_each_line_is_json_and_has_a_number_of_its_own(self):
        for form in "nginx", "tomcat":
            lines = self.log(form).path.read_bytes().splitlines()
            self.assertEqual(len({NUMBER.search(line)[1] for line in lines}), LINES)
            self.assertTrue(all(json.loads(line) for line in lines))

    def test_nginx_lines_are_of_one_length(self):
        lines = self.log("nginx").path.read_bytes().splitlines(keepends=True)
        self.assertEqual({len(line) for line in lines}, {BYTES})

    def test_counts_are_those_of_the_lines(self):
        log = self.log("nginx")
        classes = collections.Counter(
            f"{json.loads(line)['status'][0]}xx" for line in log.path.read_bytes().splitlines())
        told = collections.Counter()
        for (_, code_class), number in log.counts.items():
            told[code_class] += number
        self.assertEqual(told, classes)

    def test_lost_doubled_and_unknown_lines_are_told(self):
        found = delivered.compare({b"1", b"2", b"3"}, [b"1", b"1", b"2", b"9"])
        self.assertEqual(found, delivered.Delivered(2, 1, 1, 1))
        self.assertEqual(found.words(), "1 lost, 1 doubled, 1 unknown")

    def test_of_a_log_that_was_given_the_number_of_lines_is_known(self):
        path = self.log("tomcat").path
        log = given_log(path, "tomcat")
        self.assertEqual((log.lines, log.counts), (LINES, None))
        self.assertEqual(delivered.Delivered.of_number(3, 2).words(), "1 lost")
        self.assertEqual(delivered.Delivered.of_number(3, 5).words(), "2 doubled")

    def test_a_block_may_end_within_a_line(self):
        path = self.log("tomcat").path
        whole, delivered.BLOCK = delivered.BLOCK, 1000
        self.addCleanup(setattr, delivered, "BLOCK", whole)
        with open(path, "rb") as log:
            found = list(delivered.names_in(log, NUMBER))
        self.assertEqual(found, [b"%07d" % number for number in range(LINES)])

    def test_events_are_named_by_the_offset_of_their_line(self):
        path = self.folder / "three.log"
        path.write_bytes(b"a\nbc\nd\n")
        events = io.BytesIO(b'{"offset":0,"ts":1}\n\n{"offset":2,"ts":1}\n{"offset":5,"ts":1}\n')
        found = delivered.compare(delivered.offsets(path), delivered.names_in(events, delivered.OFFSET))
        self.assertEqual(found.words(), "each once")

    def test_a_goal_that_was_not_measured_is_not_met(self):
        self.assertEqual(Goal("", None, 1).met(), "not measured")
        self.assertEqual([Goal("", 2, 1).met(), Goal("", 2, 1, at_least=True).met()], ["no", "yes"])

    def test_the_chart_is_xml_with_a_bar_each(self):
        root = xml.etree.ElementTree.fromstring(svg("a < b", [("routerate", 0.5), ("other & co", 2.0)]))
        self.assertEqual(len(root.findall("{*}rect")), 2)


if __name__ == "__main__":
    unittest.main()
