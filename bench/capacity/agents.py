"""What one pod's agent costs: CPU, records, requests, bytes and delay, by rate, linger and what it ships."""

import dataclasses
import pathlib
import re
import subprocess
import sys
import time

import paths  # noqa: F401 - for the next ones
from agent_idle import wait_seconds
from bench_world import cpu_seconds, metric, wait_for
from segments import TopicWatch, size

WRITER = pathlib.Path(__file__).with_name("poisson_writer.py")
TIMES = re.compile(rb'^\{"offset":\d+,"ts":(\d+),(.*\n)', re.MULTILINE)
ROW = re.compile(rb'^\{"second":(\d+),(.*\n)', re.MULTILINE)
SETTLE_SECONDS = 5
COMPARED = [(rate, linger) for rate in (10, 100, 1000) for linger in ("5ms", "50ms", "200ms", "1s")]


@dataclasses.dataclass(frozen=True)
class Setting:
    rate: float  # lines a second
    linger: str = "5ms"
    fields: str = "all"
    ship: str = "events"

    def name(self):
        return f"{self.ship}-{self.fields}-{self.rate:g}-{self.linger}"


SETTINGS = (*(Setting(*pair) for pair in COMPARED),
            Setting(10, "5ms", "metrics"), Setting(100, "5ms", "metrics"),
            Setting(100, "1s", "metrics"), Setting(1000, "1s", "metrics"),
            *(Setting(rate, ship="summaries") for rate in (10, 100, 1000)))


@dataclasses.dataclass(frozen=True)
class AgentCost:
    """A second of one agent."""
    ms: float  # CPU
    lines: float
    records: float  # heartbeats aside
    requests: float
    bytes: float  # of batches, heartbeats among them
    rows: float  # of summaries
    delay_ms: tuple  # from a line to its record: p50, p99


class Running:
    def __init__(self, here, setting):
        self.setting = setting
        folder = here.folder / f"log-{setting.name()}"  # its own, as in a pod: agents watch folders
        folder.mkdir()
        self.log = folder / "access.log"
        self.log.touch()
        self.agent = here.agent(setting.name(), [{"path": str(self.log), "format": "nginx"}],
                                linger=setting.linger, fields=setting.fields, ship=setting.ship)
        self.here = here

    def begin(self):
        self.watch = TopicWatch(self.here.kafka, self.agent.topic)
        self.before = self._now()
        self.times_ms = [1000 * time.time()]

    def _now(self):
        names = "routerate_agent_lines_total", "routerate_agent_records_sent_total"
        return (1000 * cpu_seconds(self.agent.agent.process.pid), *(metric(self.agent, name) for name in names))

    def end(self, seconds):
        self.grown = [(now - then) / seconds for now, then in zip(self._now(), self.before)]
        self.arrived = self.watch.batches()
        self.times_ms.append(1000 * time.time())
        self.seconds = seconds

    def cost(self):
        begin, end = self.times_ms
        records = [(made, value) for made, value in records_of(self.here.brokers, self.agent.topic)
                   if begin <= made < end]
        delays = sorted(made - int(ts) for made, value in records for ts, _ in TIMES.findall(value))
        summaries = [len(ROW.findall(value)) for _, value in records]
        rows = sum(summaries) / max(1, sum(map(bool, summaries)))
        ms, lines, sent = self.grown
        return AgentCost(ms, lines, sent, len(self.arrived) / self.seconds,
                         size(self.arrived) / self.seconds, rows * sent,
                         tuple(delays[int(len(delays) * q)] for q in (0.5, 0.99)) if delays else ())

    def templates(self):
        """(events behind their times, summaries as rows (seconds ago, rest))."""
        values = [value for _, value in records_of(self.here.brokers, self.agent.topic)]
        events = [rest.decode() for value in values for _, rest in TIMES.findall(value)]
        summaries = []
        for rows in filter(None, map(ROW.findall, values)):
            newest = max(int(second) for second, _ in rows)
            summaries.append([(newest - int(second), rest.decode()) for second, rest in rows])
        return events, summaries


def records_of(brokers, topic):
    """(when it was made in ms, value) of all there are."""
    kcat = subprocess.run(["kcat", "-C", "-e", "-q", "-b", brokers, "-t", topic, "-o", "beginning",
                           "-f", "%T %S\n%s\n"], capture_output=True, check=True)
    at, data = 0, kcat.stdout
    while at < len(data):
        end = data.index(b"\n", at)
        made, length = map(int, data[at:end].split())
        length = max(length, 0)  # -1: none
        yield made, data[end + 1:end + 1 + length]
        at = end + 2 + length


def measure(here, series, seconds):
    """{setting: AgentCost}, all over the same seconds; the broker's CPU a second; templates for pods."""
    running = [Running(here, setting) for setting in SETTINGS]
    pairs = [word for each in running for word in (each.setting.rate, each.log)]
    writer = here.programs.start("writer", [sys.executable, WRITER, series, *pairs])
    for each in running:
        wait_for(f"records of {each.setting.name()}",
                 lambda each=each: metric(each.agent, "routerate_agent_records_delivered_total"))
    wait_seconds(SETTLE_SECONDS)
    for each in running:
        each.begin()
    broker = int((here.kafka / "pid").read_text())
    before = cpu_seconds(broker)
    wait_seconds(seconds)
    used = cpu_seconds(broker) - before
    for each in running:
        each.end(seconds)
    for program in writer, *(each.agent.agent for each in running):
        program.terminate()
    costs = {each.setting: each.cost() for each in running}
    of = {each.setting: each for each in running}
    templates = {"events": of[Setting(1000, "1s")].templates()[0],
                 "metrics": of[Setting(1000, "1s", "metrics")].templates()[0],
                 "summaries": of[Setting(100, ship="summaries")].templates()[1]}
    return costs, used / seconds, templates
