"""What every end-to-end test starts from: a folder, programs that are stopped, a Kafka if wanted.

Environment: ROUTERATE_BUILD is the build folder (build/dev); ROUTERATE_KAFKA the folder of a broker
that runs already (kafka_up.sh), without which a test that wants one starts its own; SEED.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY / "tests" / "kafka")]

from pipeline import Pipeline  # noqa: E402
from processes import Programs, wait_for  # noqa: E402
from traffic import NginxLines  # noqa: E402

BUILD = pathlib.Path(os.environ.get("ROUTERATE_BUILD", REPOSITORY / "build" / "dev"))
KAFKA_SCRIPTS = REPOSITORY / "tests" / "kafka"
LOG_LINES_SHOWN = 30


def kafka_up(folder, *settings):
    return subprocess.run([KAFKA_SCRIPTS / "kafka_up.sh", folder, *settings], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def kafka_down(folder):
    subprocess.run([KAFKA_SCRIPTS / "kafka_down.sh", folder], check=True)


def count_lines(*paths):
    return sum(path.read_bytes().count(b"\n") for path in paths)


class EndToEnd(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="routerate-e2e-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.programs = self.enterContext(Programs(self.folder))
        self.addCleanup(self._show_logs)
        seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 31))
        print(f"SEED={seed}", flush=True)
        self.random = random.Random(seed)

    def _show_logs(self):
        """Seen when the test fails: the runner keeps silent about one that passes."""
        for program in {program.name: program for program in self.programs.started}.values():
            print(f"--- {program.log.name}\n{program.tail(LOG_LINES_SHOWN)}")

    def real_kafka(self):
        """The address of a real broker."""
        shared = os.environ.get("ROUTERATE_KAFKA")
        if shared:
            return (pathlib.Path(shared) / "address").read_text().strip()
        own = self.folder / "kafka"
        self.addCleanup(kafka_down, own)
        return kafka_up(own)

    def pipeline(self, kafka=None, name="pipeline"):
        """Over Kafka its topic is its own: another test may use the same broker."""
        topic = f"e2e-{self.random.getrandbits(48):012x}" if kafka else "routerate-events"
        return Pipeline(self.programs, BUILD, self.folder / name, kafka, topic)

    def counted_pipeline(self, lines, **agent):
        """Over the embedded broker; has counted an nginx log of at least so many of the shop's lines."""
        view = self.pipeline()
        view.start_aggregator()
        log = self.logs / "nginx.log"
        writer = NginxLines(log, base=1000, seed=self.random.random())
        view.start_agent([{"path": str(log), "format": "nginx"}], **agent)
        writer.start()
        wait_for("lines", lambda: count_lines(log) >= lines)
        writer.stop()
        view.wait_for_total(count_lines(log))
        return view


class Record:
    """One Kafka record, as kcat -J shows it."""

    def __init__(self, line):
        message = json.loads(line)
        pairs = message.get("headers") or []
        self.headers = dict(zip(pairs[::2], pairs[1::2]))
        self.key = message["key"]
        self.value = message["payload"] or ""
        self.kind = self.headers.get("rr-kind")

    def events(self):
        """Split at newlines only: splitlines() would split inside strings at U+2028 and such."""
        return [json.loads(line) for line in self.value.split("\n") if line]


def read_topic(pipeline):
    """All records of the pipeline's topic, by kcat."""
    run = subprocess.run(["kcat", "-C", "-e", "-q", "-J", "-b", pipeline.brokers, "-t",
                          pipeline.topic], capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        raise AssertionError(f"kcat: {run.stderr}")
    return [Record(line) for line in run.stdout.split("\n") if line]


def distinct_events(records):
    """(source, file, offset) → event: repeats of one line are one event."""
    return {(record.headers["rr-source"], record.headers["rr-file"], event["offset"]): event
            for record in records for event in record.events()}
