"""Where the pipeline is cut, at any place, rates go away: absent from /metrics, "-" in /stats, never 0 and
never wrong; and when the cut is over they come back right. Where only the traffic stops they are 0.

Rates must be away STALE_SECONDS after the cut, and TOLERANCE seconds: data is up to a second old when the
cut comes, a snapshot is shown for a second, or two where the aggregator itself stands still.
"""

import signal
import time
import unittest

from end_to_end import EndToEnd
from fleet import Fleet
from processes import wait_for
from rate_watch import PAGES

PODS = 3
LINES_PER_SECOND = 100
STALE_SECONDS = 3
TOLERANCE = 2
CUT_SECONDS = STALE_SECONDS + TOLERANCE + 3
LEAST, MOST = 0.9, 1.1
PATIENCE = 60  # of a question that a stopped program does not answer


class Cuts(EndToEnd):
    def start(self, brokers):
        self.fleet = Fleet(self, PODS, LINES_PER_SECOND, brokers=brokers,
                           stale_after=f"{STALE_SECONDS}s")
        self.fleet.start_writing()
        self.watches = self.fleet.watch(pages=PAGES, timeout=PATIENCE)
        self.fleet.wait_for_rates()

    def wait_until(self, moment):
        wait_for("time", lambda: time.time() >= moment, seconds=moment - time.time() + 5)

    def cut(self, cut, mend):
        """Between the two calls nothing comes through."""
        self.begin = time.time()
        cut()
        self.wait_until(self.begin + CUT_SECONDS)
        end = time.time()
        mend()
        self.check_withheld(end)
        wait_for("rates again", lambda: all(watch.samples[-1].asked > end + 1 and watch.publishes()
                                            for watch in self.watches), seconds=60)
        self.wait_until(time.time() + 3)
        self.finish()

    def check_withheld(self, end):
        """Of what was answered late in the cut, and of what was asked in it: some answers came after it."""
        late = self.begin + STALE_SECONDS + TOLERANCE

        def answers(watch):
            return [each for each in watch.samples if each.answered > late and each.asked < end]

        wait_for("answers", lambda: all(answers(watch) for watch in self.watches))
        for watch in self.watches:
            self.assertEqual([each for each in answers(watch) if each.kind != "withheld"], [])

    def finish(self):
        """All that was published was right, at every look; totals are exact."""
        self.fleet.stop_writing()
        total = self.fleet.check_totals()
        for watch in self.watches:
            watch.stop()
            published = watch.published()
            self.assertEqual(self.fleet.truth().wrong(published, LEAST, MOST), [])
            print(f"{watch.page}: {len(published)} of {len(watch.samples)} answers had rates; {total} lines")

    def signal_agents(self, pods, number):
        for pod in pods:
            pod.agent.signal(number)

    def test_agents_stopped(self):
        self.start(self.real_kafka())
        self.cut(lambda: self.signal_agents(self.fleet.pods, signal.SIGSTOP),
                 lambda: self.signal_agents(self.fleet.pods, signal.SIGCONT))

    def test_one_agent_stopped(self):
        """A third of the traffic is not known: a rate without it would be wrong."""
        self.start(self.real_kafka())
        self.cut(lambda: self.signal_agents(self.fleet.pods[:1], signal.SIGSTOP),
                 lambda: self.signal_agents(self.fleet.pods[:1], signal.SIGCONT))

    def test_broker_stopped(self):
        self.start(brokers=None)
        self.cut(lambda: self.fleet.stop_broker(), lambda: self.fleet.start_broker())

    def test_aggregator_stopped(self):
        """What is asked meanwhile is answered when it goes on, and must not be what it knew before."""
        self.start(self.real_kafka())
        self.cut(lambda: self.fleet.replicas[0].aggregator.signal(signal.SIGSTOP),
                 lambda: self.fleet.replicas[0].aggregator.signal(signal.SIGCONT))

    def test_traffic_stopped(self):
        """The agents live, so no requests are 0: present and not absent, at once when they come again."""
        self.start(self.real_kafka())
        self.fleet.stop_writing()
        stopped = time.time()
        wait_for("a rate of 0", lambda: all(watch.samples[-1].rates.get("10s") == 0
                                            for watch in self.watches), seconds=20)
        zero = time.time()
        self.wait_until(zero + STALE_SECONDS + TOLERANCE)
        self.fleet.start_writing()
        self.wait_until(time.time() + 15)
        self.finish()
        for watch in self.watches:
            absent = [sample for sample in watch.samples
                      if sample.asked > stopped and "10s" not in sample.rates]
            self.assertEqual(absent, [])
        print(f"0 after {zero - stopped:.1f} s")


if __name__ == "__main__":
    unittest.main()
