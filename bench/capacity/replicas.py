"""What replicas of the aggregator cost under the records of many pods: by thread, and what they append."""

import dataclasses
import json
import pathlib
import statistics
import sys
import time

import paths  # noqa: F401 - for the next ones
from agent_idle import wait_seconds
from bench_world import BUILD, Failed, Pipeline, cpu_seconds, fetch, resident_mib, wait_for
from kafka_admin import create_topic
from pods import World
from segments import TopicWatch, records, size

PODS = pathlib.Path(__file__).with_name("pods.py")
ENOUGH = 0.9  # of the records that are to come


@dataclasses.dataclass(frozen=True)
class Load:
    """Of all pods; `records` and heartbeats of each are spread over their second."""
    name: str
    pods: int
    services: int
    records: float  # of each pod a second
    lines: int = 0
    summaries: bool = False
    settle: float = 10.0
    prefixes: int = 1  # of paths: so many times as many series
    alone: bool = True  # each record a request, as an agent's is; else more come than this broker takes so


@dataclasses.dataclass(frozen=True)
class Replica:
    """A second of one replica."""
    counting: float  # CPU seconds of the thread that counts
    others: float
    wakes: float  # how often the counting thread was given a core
    events: float
    lag: float  # records
    mib: float


@dataclasses.dataclass(frozen=True)
class Measured:
    """A second of all."""
    load: Load
    replicas: tuple  # Replica, the one that counts most first
    broker: float  # CPU seconds
    requests: float
    records: float
    bytes: float
    deltas: float  # records of the counts topic
    delta_bytes: float
    counts_bytes: float  # snapshots included
    series: int


class Look:
    """At one replica, at one moment."""

    def __init__(self, replica):
        self.process = replica.aggregator.process.pid
        status, body = fetch(replica.aggregator_port, "/overview?limit=1", seconds=30)
        if status != 200:
            raise Failed(f"/overview: {status} {body}")
        self.pipeline = json.loads(body)["pipeline"]
        self.at = time.monotonic()
        # The thread that counts is the first: its time on a core, its wait for one, how often it got one.
        first = pathlib.Path(f"/proc/{self.process}/task/{self.process}/schedstat").read_text().split()
        self.counting, self.wakes = int(first[0]) / 1e9, int(first[2])
        self.others = cpu_seconds(self.process) - self.counting

    def since(self, then):
        def grown(name):
            return (getattr(self, name) - getattr(then, name)) / (self.at - then.at)

        events = (self.pipeline["events"] - then.pipeline["events"]) / (self.at - then.at)
        return Replica(grown("counting"), grown("others"), grown("wakes"), events,
                       self.pipeline["lag_records"] or 0, resident_mib(self.process))


def without_snapshots(batches):
    """A snapshot's parts are far larger than deltas of the same partitions."""
    usual = statistics.median(batch.bytes for batch in batches)
    return [batch for batch in batches if batch.bytes <= 3 * usual]


class Replicas:
    def __init__(self, here, name, partitions, replicas, templates):
        self.here, self.topic = here, name
        self.templates = here.folder / f"{name}-templates.json"
        self.templates.write_text(json.dumps(templates))
        create_topic(here.brokers, name, partitions)
        self.replicas = []
        for _ in range(replicas):
            self.add()

    def add(self):
        replica = Pipeline(self.here.programs, BUILD, self.here.folder / f"{self.topic}-{len(self.replicas)}",
                           self.here.brokers, self.topic)
        replica.start_aggregator(max_series=1_000_000)
        wait_for("a replica that is ready", lambda: fetch(replica.aggregator_port, "/readyz")[0] == 200, 60)
        self.replicas.append(replica)

    def stop(self):
        for replica in self.replicas:
            replica.aggregator.kill()

    def pods(self, load):
        world = World(self.here.brokers, self.topic, str(self.templates), load.pods, load.services,
                      load.records, load.lines, load.summaries, load.alone, load.prefixes)
        path = self.here.folder / f"{self.topic}-{load.name}.json"
        path.write_text(json.dumps(dataclasses.asdict(world)))
        return self.here.programs.start(f"pods-{load.name}", [sys.executable, PODS, path])

    def look(self):
        return [Look(replica) for replica in self.replicas]

    def measure(self, load, seconds):
        program = self.pods(load)
        wait_seconds(load.settle)
        broker = int((self.here.kafka / "pid").read_text())
        before, used = self.look(), cpu_seconds(broker)
        watches = [TopicWatch(self.here.kafka, name) for name in (self.topic, f"{self.topic}-counts")]
        wait_seconds(seconds)
        events, counts = (watch.batches() for watch in watches)
        used, after = cpu_seconds(broker) - used, self.look()
        program.terminate()
        wanted = load.pods * (1 + load.records) * seconds
        if records(events) < ENOUGH * wanted:
            raise Failed(f"{load.name}: {records(events)} of {wanted:.0f} records came: too busy a machine")
        each = sorted((now.since(then) for now, then in zip(after, before)), key=lambda one: -one.events)
        deltas = without_snapshots(counts)
        return Measured(load, tuple(each), *(total / seconds for total in (
            used, len(events), records(events), size(events), records(deltas), size(deltas), size(counts))),
            after[0].pipeline["series"])
