"""After an outage with traffic going on, no replica publishes a rate above 1.05 of what was true at its time,
at any look: catching up is no burst. Totals are exact in the end.

OUTAGE_SECONDS (20), OUTAGE_RATE (600): lines a second of all pods.
"""

import os
import time
import unittest

from end_to_end import EndToEnd
from fleet import Fleet
from processes import wait_for
from withheld import Incident, tell_outage

OUTAGE_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "20"))
RATE = float(os.environ.get("OUTAGE_RATE", "600"))
PODS = 3
REPLICAS = 2
LEAST, MOST = 0.95, 1.05
AFTER_SECONDS = 15  # that rates are watched once they are back


class Outage(EndToEnd):
    def start(self):
        self.fleet = Fleet(self, PODS, RATE / PODS, replicas=REPLICAS)
        self.fleet.start_writing()
        self.fleet.watch()
        self.fleet.wait_for_rates()

    def wait(self, seconds):
        end = time.time() + seconds
        wait_for("time", lambda: time.time() > end, seconds + 5)

    def outage(self, cut, mend):
        self.start()
        begin = time.time()
        cut()
        self.wait(OUTAGE_SECONDS)
        mend()
        mended = time.time()
        wait_for("rates again", lambda: all(
            watch.samples[-1].asked > mended + 1 and watch.publishes()
            for watch in self.fleet.watches), seconds=60 + OUTAGE_SECONDS)
        self.wait(AFTER_SECONDS)
        self.fleet.stop_writing()
        total = self.fleet.check_totals()
        print(f"{total} lines, {mended - begin:.1f} s of outage")
        self.judge(Incident(mended, time.time(), None))

    def judge(self, after):
        for watch in self.fleet.watches:
            watch.stop()
        tell_outage(self.fleet.watches, after)
        truth = self.fleet.truth()
        for watch in self.fleet.watches:
            published = watch.published()
            caught_up = [sample for sample in published if sample.answered > after.begin]
            self.assertGreater(len(caught_up), 0)
            least, most = truth.extremes(caught_up)
            print(f"afterwards {len(caught_up)} answers had rates, {least:.3f} to {most:.3f} of the truth")
            self.assertEqual(truth.wrong(published, LEAST, MOST), [])

    def test_broker_away(self):
        self.outage(lambda: self.fleet.stop_broker(), lambda: self.fleet.start_broker())

    def test_aggregators_away(self):
        def each(call):
            for number in range(REPLICAS):
                call(number)

        self.outage(lambda: each(self.fleet.kill_replica), lambda: each(self.fleet.start_replica))


if __name__ == "__main__":
    unittest.main()
