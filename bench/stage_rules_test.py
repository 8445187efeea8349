#!/usr/bin/env python3
"""Sampled functions go to their stages, and shares add up."""

import unittest

from stage_rules import AGENT, AGGREGATOR, stage_of, stages


class StageRules(unittest.TestCase):
    def test_the_first_rule_that_fits_counts(self):
        for thread, library, function, stage in (
                ("rdk:broker1", "liblz4.so.1", "0x4bee", "librdkafka's thread: lz4"),
                ("rdk:broker1", "[kernel.kallsyms]", "[k] tcp_sendmsg", "librdkafka's thread: send, wait"),
                ("routerate-agent", "libsimdjson.so.14", "[.] stage1", "JSON: structure (simdjson, stage 1)"),
                ("routerate-agent", "libc.so.6", "[.] __memchr_evex", "newlines, backslashes (memchr)"),
                ("routerate-agent", "routerate-agent", "[.] routerate::RouteMemo::Find", "routes"),
                ("routerate-agent", "routerate-agent", "[.] routerate::Agent::Step", "files, batches, the loop"),
                ("routerate-agent", "ld-linux-x86-64.so.2", "[.] do_lookup_x", "the rest: memory, start, metrics")):
            self.assertEqual(stage_of(AGENT, thread, library, function), stage)

    def test_shares_add_up_to_one(self):
        shares = stages(AGGREGATOR, [(30.0, "rdk:broker1", "liblz4.so.1", "x"), (10.0, "main", "libc.so.6", "y")])
        self.assertEqual(shares, {"librdkafka's thread: lz4": 0.75, "the rest: memory, start, HTTP": 0.25})


if __name__ == "__main__":
    unittest.main()
