"""What the benches of the running agent start from: a folder, a real Kafka, an agent, a table."""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("ROUTERATE_BUILD", str(REPOSITORY / "build" / "release"))
COPIED_AT_ONCE = 1 << 18
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY / "tests" / "e2e")]

from end_to_end import BUILD, kafka_down, kafka_up  # noqa: E402
from pipeline import Pipeline, fetch  # noqa: E402
from processes import Failed, Programs, wait_for  # noqa: E402,F401
from topic_reader import partitions  # noqa: E402,F401 - for the benches



class World:
    """A real Kafka that nobody else uses, and the programs of one bench."""

    def __init__(self, folder, programs):
        self.folder = folder
        self.programs = programs
        self.kafka = folder / "kafka"
        self.brokers = kafka_up(self.kafka)

    def agent(self, name, inputs, **changes):
        """Up, with metrics at its agent_port; nothing is delivered yet."""
        pipeline = Pipeline(self.programs, BUILD, self.folder / name, self.brokers, f"bench-{name}")
        pipeline.start_agent(inputs, **changes)
        return pipeline

    def signal_broker(self, number):
        os.kill(int((self.kafka / "pid").read_text()), number)

    def stop(self):
        self.signal_broker(signal.SIGCONT)
        kafka_down(self.kafka)


@contextlib.contextmanager
def world():
    if not (BUILD / "agent" / "routerate-agent").exists():
        sys.exit(f"no agent in {BUILD}: cmake --preset release && cmake --build --preset release, "
                 "or ROUTERATE_BUILD=build/dev")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the broker, too
    with tempfile.TemporaryDirectory(prefix="routerate-bench-") as name:
        folder = pathlib.Path(name)
        with Programs(folder) as programs:
            here = World(folder, programs)
            try:
                yield here
            finally:
                here.stop()


def metric(pipeline, name):
    """The sum of the agent's series of that name."""
    page = fetch(pipeline.agent_port, "/metrics")[1]
    return sum(map(float, re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", page, re.MULTILINE)))


def wait_until_shipped(pipeline, size, seconds=120):
    """All of `size` log bytes read and acknowledged."""
    wait_for("all lines shipped", lambda: metric(pipeline, "routerate_agent_read_bytes_total") >=
             size and metric(pipeline, "routerate_agent_in_flight_bytes") == 0, seconds)


def append(log, growing):
    """What a server writes, as fast as it goes."""
    with open(log, "rb") as source, open(growing, "ab") as target:
        shutil.copyfileobj(source, target, COPIED_AT_ONCE)


def cpu_seconds(process, column=0):
    """So far, all threads: the scheduler's count in ns, for clock ticks are too coarse for an idle process.

    Column 1: how long they were ready and another had the core.
    """
    return sum(int(file.read_text().split()[column])
               for file in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat")) / 1e9


def resident_mib(process, name="VmRSS"):
    """VmRSS: now; VmHWM: at most so far."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)[1]) / 1024


def print_table(header, rows):
    rows = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        first, *others = (cell.ljust(width) if not column else cell.rjust(width)
                          for column, (cell, width) in enumerate(zip(row, widths)))
        print("  ".join([first, *others]).rstrip(), flush=True)


def arguments(description, **defaults):
    """Options --NAME of the defaults' types."""
    parser = argparse.ArgumentParser(description=description)
    for name, value in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    return parser.parse_args()
