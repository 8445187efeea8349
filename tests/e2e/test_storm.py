"""Five writers, a rotation a second in every style, agent and broker killed and restarted again and
again: each line written is delivered from one place of the log, and counted once.

STORM_LINES (200000), STORM_SECONDS (40) that they take to write, STORM_KILLS ("200 700"): milliseconds
between kills, STORM_STYLES: methods of StormWriter.
"""

import array
import collections
import os
import random
import re
import subprocess
import threading
import time
import unittest

from end_to_end import EndToEnd, kafka_down, kafka_up
from processes import wait_for
from storm_writer import LinkWriter, StormWriter
from topic_reader import FORMAT, records

LINES = int(os.environ.get("STORM_LINES", "200000"))
SECONDS = float(os.environ.get("STORM_SECONDS", "40"))
STYLES = os.environ.get(
    "STORM_STYLES", "renamed_inside renamed_outside renamed_with_gap copied_inside").split()
WRITERS = 5
BROKER_RESTARTS = 3
SECONDS_BETWEEN_KILLS = [float(word) / 1000 for word in
                         os.environ.get("STORM_KILLS", "200 700").split()]
DRAIN_SECONDS = 60 + LINES // 10_000
EVENT = re.compile(rb'"offset":(\d+),[^\n]*?"path":"/w(\d)/(\d+)"')
LEAST_SHARE = 0.1  # of the lines is counted while the storm lasts
SHOWN = 5


class Truth:
    """How often each line was delivered from a different place of the log."""

    def __init__(self, writers):
        self.writers = writers
        self.counts = [array.array("I", bytes(4 * writer.wanted)) for writer in writers]
        self.seen = collections.defaultdict(set)  # file → offsets
        self.repeats = 0

    def take(self, file, value):
        seen = self.seen[file]
        for offset, writer, number in EVENT.findall(value):
            offset = int(offset)
            if offset in seen:
                self.repeats += 1
                continue
            seen.add(offset)
            self.counts[int(writer)][int(number)] += 1

    def findings(self):
        """Writer, what is wrong, of how many lines, and the first of them."""
        for writer, counts in zip(self.writers, self.counts):
            for what, fits in ("missing", lambda n: n == 0), ("twice", lambda n: n > 1):
                lines = [number for number, count in enumerate(counts) if fits(count)]
                if lines:
                    yield f"{writer.name}: {what}: {len(lines)} lines: {lines[:SHOWN]}"


class Storm(EndToEnd):
    def start_writers(self):
        def seeded():
            return random.Random(self.random.getrandbits(32))

        share = LINES // WRITERS
        writers = [StormWriter(self.logs, f"w{number}", share, SECONDS, seeded(), STYLES)
                   for number in range(WRITERS - 1)]
        writers.append(LinkWriter(self.logs, f"w{WRITERS - 1}", share, SECONDS, seeded(), STYLES))
        for writer in writers:
            writer.start()
        return writers

    def restart_broker(self, writers):
        """Three times, evenly over what is written."""
        for restart in range(1, BROKER_RESTARTS + 1):
            moment = LINES * restart // (BROKER_RESTARTS + 1)
            wait_for("lines", lambda: sum(writer.written for writer in writers) >= moment or
                     not any(writer.is_alive() for writer in writers), seconds=SECONDS * 2)
            kafka_down(self.broker)
            kafka_up(self.broker)
            self.restarts += 1

    def kill_agents(self, pipeline, writers):
        kills = 0
        while any(writer.is_alive() for writer in writers):
            begin, pause = time.monotonic(), self.random.uniform(*SECONDS_BETWEEN_KILLS)
            wait_for("time for a kill", lambda: time.monotonic() - begin > pause, poll=0.01)
            pipeline.agent.kill()
            pipeline.launch_agent()
            kills += 1
        return kills

    def read_back(self, pipeline, writers):
        truth = Truth(writers)
        with subprocess.Popen(["kcat", "-C", "-e", "-q", "-b", pipeline.brokers, "-t",
                               pipeline.topic, *FORMAT], stdout=subprocess.PIPE) as kcat:
            for headers, value in records(kcat.stdout):
                if headers["rr-kind"] == "events":
                    truth.take(headers["rr-file"], value)
        self.assertEqual(kcat.returncode, 0)
        return truth

    def test_storm(self):
        self.broker = self.folder / "kafka"
        self.restarts = 0
        self.addCleanup(kafka_down, self.broker)
        pipeline = self.pipeline(kafka_up(self.broker))
        pipeline.start_aggregator()
        pipeline.start_agent([{"path": str(self.logs / "*.log"), "format": "nginx"}],
                             drain_timeout=f"{DRAIN_SECONDS}s")
        writers = self.start_writers()
        restarting = threading.Thread(target=self.restart_broker, args=[writers], daemon=True)
        restarting.start()
        kills = self.kill_agents(pipeline, writers)
        restarting.join()
        self.assertEqual([writer.failure for writer in writers if writer.failure], [])
        self.assertEqual(self.restarts, BROKER_RESTARTS)
        rotations = sum((writer.rotations for writer in writers), collections.Counter())
        print(f"{LINES} lines written; {kills} kills of the agent, {self.restarts} restarts of the "
              f"broker, rotations: {dict(rotations)}", flush=True)
        self.check(pipeline, writers)

    def check(self, pipeline, writers):
        pipeline.agent.port()
        begin, before = time.monotonic(), pipeline.total()
        self.assertEqual(pipeline.agent.terminate(DRAIN_SECONDS + 10), 0)
        print(f"{before} lines were counted before, the others drained in "
              f"{time.monotonic() - begin:.1f} s", flush=True)
        self.assertGreater(before, LINES * LEAST_SHARE, "agents that live shortly get on, too")
        truth = self.read_back(pipeline, writers)
        print(f"{truth.repeats} lines were sent again", flush=True)
        self.assertEqual(list(truth.findings()), [])
        pipeline.wait_for_total(sum(writer.wanted for writer in writers))


if __name__ == "__main__":
    unittest.main()
