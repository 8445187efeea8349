"""Three replicas over six partitions of a real Kafka, one of them killed with -9 every few seconds, the
broker restarted: each says the same in the end, and it is what was written; no rate that any of them
publishes at any look is off the truth by more than a tenth. Tells how long rates were withheld.

REPLICAS_PODS (6), REPLICAS_RATE (1200): lines a second of all, REPLICAS_SECONDS (30) of kills,
REPLICAS_KILL_EVERY (5): seconds, REPLICAS_BOUNCES (1): restarts of the broker.
"""

import os
import threading
import time
import unittest

from end_to_end import EndToEnd
from fleet import Fleet
from processes import wait_for
from withheld import Incident, tell_kills, tell_outage

PODS = int(os.environ.get("REPLICAS_PODS", "6"))
RATE = float(os.environ.get("REPLICAS_RATE", "1200"))
SECONDS = float(os.environ.get("REPLICAS_SECONDS", "30"))
KILL_EVERY = float(os.environ.get("REPLICAS_KILL_EVERY", "5"))
BOUNCES = int(os.environ.get("REPLICAS_BOUNCES", "1"))
REPLICAS = 3
RECOVERY_SECONDS = 15  # in which what a restart of the broker did is not taken for a kill's
LEAST, MOST = 0.9, 1.1


class Replicas(EndToEnd):
    def bounce_broker(self):
        """Evenly over the time."""
        for bounce in range(1, BOUNCES + 1):
            moment = self.begin + SECONDS * bounce / (BOUNCES + 1)
            wait_for("time", lambda: time.time() >= moment, seconds=SECONDS)
            begin = time.time()
            self.fleet.stop_broker()
            self.fleet.start_broker()
            end = time.time() + RECOVERY_SECONDS
            self.bounces.append(Incident(begin, end, None))
            print(f"the broker was away for {end - begin - RECOVERY_SECONDS:.1f} s", flush=True)

    def kill_replicas(self):
        next_kill = self.begin
        while time.time() < self.begin + SECONDS:
            wait_for("time", lambda: time.time() >= next_kill, seconds=KILL_EVERY + 1)
            next_kill += KILL_EVERY
            victim, begin = self.random.randrange(REPLICAS), time.time()
            self.fleet.kill_replica(victim)
            self.fleet.start_replica(victim)
            self.kills.append(Incident(begin, min(next_kill, self.begin + SECONDS), victim))

    def quiet_kills(self):
        """Those whose time has no restart of the broker in it."""
        return [kill for kill in self.kills if all(
            kill.end < bounce.begin or kill.begin > bounce.end for bounce in self.bounces)]

    def test_replicas(self):
        self.fleet = Fleet(self, PODS, RATE / PODS, replicas=REPLICAS)
        self.fleet.start_writing()
        watches = self.fleet.watch()
        self.fleet.wait_for_rates()
        self.begin, self.kills, self.bounces = time.time(), [], []
        bouncing = threading.Thread(target=self.bounce_broker)
        bouncing.start()
        self.kill_replicas()
        bouncing.join()
        self.fleet.stop_writing()
        total = self.fleet.check_totals()
        for watch in watches:
            watch.stop()
        self.assertEqual(len(self.bounces), BOUNCES)
        self.judge(watches, total)

    def judge(self, watches, total):
        truth = self.fleet.truth()
        print(f"{total} lines, {len(self.kills)} kills, {BOUNCES} restarts of the broker")
        tell_kills(watches, self.quiet_kills())
        for bounce in self.bounces:
            tell_outage(watches, bounce)
        for watch in watches:
            published = watch.published()
            least, most = truth.extremes(published)
            print(f"{len(published)} of {len(watch.samples)} answers had rates, "
                  f"{least:.3f} to {most:.3f} of the truth")
            self.assertGreater(len(published), 0)
            self.assertEqual(truth.wrong(published, LEAST, MOST), [])


if __name__ == "__main__":
    unittest.main()
