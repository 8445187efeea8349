#!/usr/bin/env python3
"""The model's arithmetic, where the answer is known without it."""

import dataclasses
import unittest

import model
from fit import least_squares
from model import Plan, Variant
from segments import HEADER, Batch, batches_in

WEIGHTS = (0.25,) * 4
PLAN = Plan(10_000, 1e6, 10, 64, 50, WEIGHTS)
UNITS = dict.fromkeys((
    "agent_second_ms", "agent_record_ms", "agent_line_all_ms", "agent_line_metrics_ms", "record_all_bytes",
    "line_all_bytes", "record_metrics_bytes", "line_metrics_bytes", "summary_second_ms", "summary_line_ms",
    "summary_record_bytes", "row_bytes", "beat_bytes", "record_us", "event_us", "count_beat_us", "row_us",
    "wake_us", "tell_us", "read_series_us", "read_pod_us", "read_beat_us", "publish_us", "delta_bytes",
    "told_series_bytes", "told_pod_bytes", "told_beat_bytes", "client_base_us", "client_request_us",
    "client_megabyte_us", "broker_base_us", "broker_request_us", "broker_megabyte_us"), 0.0)
EVENTS, SUMMARIES = Variant("events"), Variant("summaries", summaries=True)


def units(**others):
    return UNITS | others


class Model(unittest.TestCase):
    def test_without_linger_each_line_is_a_record(self):
        self.assertAlmostEqual(model.records_of(100, 0), 100)

    def test_a_record_is_as_long_as_linger_where_lines_are_many(self):
        self.assertAlmostEqual(model.records_of(100, 1), 1, places=6)

    def test_a_full_record_does_not_wait(self):
        self.assertAlmostEqual(model.records_of(32_768, 10), 100)

    def test_each_series_that_is_busy_has_two_rows_in_a_summary(self):
        self.assertAlmostEqual(model.rows_of(1e6, WEIGHTS), 8)

    def test_an_agent_costs_its_records_and_its_lines(self):
        cores, size = model.agent(units(agent_record_ms=2, agent_line_all_ms=1, line_all_bytes=3, beat_bytes=7),
                                  PLAN, Variant("", linger=1.0))
        self.assertAlmostEqual(cores, (2 * 1 + 100) / 1000)
        self.assertAlmostEqual(size, 307)

    def test_events_are_divided_by_replicas_and_counts_are_not(self):
        some = units(event_us=1, read_series_us=1)
        ten, five = (model.thread(some, dataclasses.replace(PLAN, aggregators=number), EVENTS)
                     for number in (10, 5))
        self.assertAlmostEqual(ten.count, 0.1)
        self.assertAlmostEqual(five.count, 2 * ten.count)
        self.assertAlmostEqual(five.read, ten.read)

    def test_every_series_of_a_partition_is_in_each_delta_where_pods_are_many(self):
        told = model.told(dataclasses.replace(PLAN, partitions=1), EVENTS, 0.2)
        self.assertAlmostEqual(told.series, 5 * 50 * 4, places=3)

    def test_a_summary_tells_its_series_once_a_second(self):
        one = Plan(1, 1e6, 1, 1, 1, WEIGHTS)
        self.assertLess(model.told(one, SUMMARIES, 0.2).series, 4)

    def test_what_takes_long_is_done_less_often(self):
        self.assertEqual([model.pace(took) for took in (0.001, 0.02, 0.3)], [0.2, 0.4, 1.0])
        self.assertAlmostEqual(model.interval_of(units(tell_us=1e6), PLAN, EVENTS), 1.0)

    def test_waking_never_fills_a_core(self):
        self.assertAlmostEqual(model.Thread(0.5, 0, 0, 0, 1e9).cores(), 1)
        self.assertAlmostEqual(model.Thread(0.5, 0, 0, 0, 0).cores(), 0.5)

    def test_more_replicas_do_not_help_where_counts_alone_are_too_much(self):
        self.assertIsNone(model.replicas_needed(units(read_series_us=1000), PLAN, EVENTS))
        self.assertEqual(model.replicas_needed(units(event_us=1.4), PLAN, EVENTS), 2)

    def test_counts_go_to_every_replica_and_events_to_one(self):
        brought = model.Traffic(events=100, deltas=8, counts=10, requests=0, records=0)
        self.assertEqual((brought.into(), brought.out(10)), (330, 100 + 100 + 220))

    def test_series_are_those_of_each_partition(self):
        self.assertEqual(model.series(dataclasses.replace(PLAN, pods=10**9)), 64 * 50 * 4)


class Parts(unittest.TestCase):
    def test_unit_costs_are_found_again(self):
        features = [(1, 10, 3), (1, 20, 5), (1, 5, 90), (1, 70, 7)]
        found = least_squares(features, [2 + 3 * one + 4 * other for _, one, other in features])
        for value, right in zip(found, (2, 3, 4)):
            self.assertAlmostEqual(value, right)

    def test_no_unit_cost_is_negative(self):
        found = least_squares([(1, 1), (1, 2), (1, 3)], [3, 2, 1])
        self.assertEqual(found[1], 0)
        self.assertGreater(found[0], 0)

    def test_runs_that_do_not_differ_are_told(self):
        with self.assertRaisesRegex(ValueError, "do not tell"):
            least_squares([(1, 2), (1, 2)], [1, 1])

    def test_batches_are_counted_up_to_the_one_that_is_being_written(self):
        def batch(records, more):
            return HEADER.pack(0, HEADER.size - 12 + more, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, records) + bytes(more)

        whole = batch(3, 10) + batch(1, 0)
        found = list(batches_in(whole + batch(9, 50)[:-1]))
        self.assertEqual(found, [Batch(3, 71), Batch(1, 61)])


if __name__ == "__main__":
    unittest.main()
