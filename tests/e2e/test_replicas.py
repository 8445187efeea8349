"""Three replicas over six partitions of a real Kafka, one of them killed with -9 every few seconds:
each says the same in the end, and it is what was written; none publishes a rate that is far off.
"""

import threading
import time
import unittest

from end_to_end import BUILD, EndToEnd, kafka_down, kafka_up
from log_writer import LogLines, LogWriter
from pipeline import Pipeline
from processes import wait_for

PODS = 6
LINES_PER_SECOND = 200  # of each
SECONDS = 40
SECONDS_BETWEEN_KILLS = 5
WARM_SECONDS = 14  # until the first window is filled
LEAST, MOST = 0.8, 1.2  # of the rate; a pod's writer is no clock


class Writer(threading.Thread):
    """A pod's log at a steady rate."""

    def __init__(self, path, pod):
        super().__init__(daemon=True)
        self.log = LogWriter(path, LogLines(pod))
        self.pod = pod
        self.stopped = threading.Event()
        self.written = 0

    def run(self):
        begin = time.monotonic()
        while not self.stopped.wait(0.05):
            due = int((time.monotonic() - begin) * LINES_PER_SECOND) - self.written
            for _ in range(due):
                self.log.write(self.log.made.make(path="/orders/7"))
            self.written += due


class Replicas(EndToEnd):
    def replica(self, number):
        """Started anew in its own folder, under its own name."""
        self.aggregators[number].start_aggregator(
            stale_after="10s",
            kafka={"brokers": self.brokers, "topic": self.topic, "instance": f"replica-{number}",
                   "counts_topic": f"{self.topic}-counts", "group": f"{self.topic}-aggregator"})

    def start_everything(self):
        broker = self.folder / "kafka"
        self.addCleanup(kafka_down, broker)
        self.brokers = kafka_up(broker, "num.partitions=6")
        self.topic = f"e2e-{self.random.getrandbits(48):012x}"
        self.aggregators = [Pipeline(self.programs, BUILD, self.folder / f"replica{number}",
                                     self.brokers, self.topic) for number in range(3)]
        for number in range(3):
            self.replica(number)
        self.agents, self.writers = [], []
        for number in range(PODS):
            pod = f"shop-{number}"
            log = self.logs / f"{pod}.log"
            agent = Pipeline(self.programs, BUILD, self.folder / pod, self.brokers,
                             self.topic)
            self.writers.append(Writer(log, pod))
            agent.start_agent([{"path": str(log), "format": "nginx"}],
                              source={"namespace": "demo", "service": "shop", "pod": pod})
            self.agents.append(agent)
        for writer in self.writers:
            writer.start()

    def look(self):
        """What each replica that answers says of the rate."""
        for number, aggregator in enumerate(self.aggregators):
            if not aggregator.aggregator.running():
                continue
            try:
                rates = [row["req/s_10s"] for row in aggregator.stats()]
            except Exception:  # pylint: disable=broad-except
                continue  # it was killed a moment ago, or is not up yet
            if not rates or None in rates:
                self.withheld += 1
                continue
            share = sum(rates) / (PODS * LINES_PER_SECOND)
            if not LEAST <= share <= MOST:
                self.wrong.append(f"{time.monotonic() - self.begin:.1f} s: replica {number}: {share:.2f}")
            self.published += 1

    def test_replicas(self):
        self.start_everything()
        self.begin = time.monotonic()
        self.wrong, self.published, self.withheld, kills = [], 0, 0, 0
        next_kill = self.begin + WARM_SECONDS
        wait_for("a first rate", lambda: time.monotonic() > next_kill, seconds=WARM_SECONDS + 5)
        while time.monotonic() - self.begin < SECONDS:
            if time.monotonic() >= next_kill:
                number = self.random.randrange(3)
                self.aggregators[number].aggregator.kill()
                self.replica(number)
                kills += 1
                next_kill = time.monotonic() + SECONDS_BETWEEN_KILLS
            self.look()
            threading.Event().wait(0.2)
        for writer in self.writers:
            writer.stopped.set()
            writer.join()
        written = sum(writer.written for writer in self.writers)
        for aggregator in self.aggregators:
            aggregator.wait_for_total(written)
        print(f"{written} lines, {kills} kills; {self.published} looks saw a rate, {self.withheld} "
              f"saw it withheld, {len(self.wrong)} a wrong one")
        self.assertEqual(self.wrong, [])
        self.assertGreater(self.published, 0)


if __name__ == "__main__":
    unittest.main()
