"""Many pods' agents in one program: records straight into Kafka, until SIGTERM.

    pods.py WORLD.json     keys are those of World

Values are real agents' with their offsets and times made new.
"""

import dataclasses
import heapq
import itertools
import json
import os
import pathlib
import signal
import sys
import threading
import time

import paths  # noqa: F401 - for the next ones
import bench_world  # noqa: F401 - where scripts are
from record_producer import RecordProducer, headers

LINE_BYTES = 484  # by which offsets go on
PREFIXES = ("", "/alpha", "/beta", "/gamma", "/delta", "/kappa", "/lambda", "/omega", "/sigma", "/theta")


@dataclasses.dataclass
class World:
    brokers: str
    topic: str
    templates: str  # a file: of lines behind their times, or of summaries
    pods: int
    services: int
    records: float  # of each pod a second, heartbeats aside
    lines: int  # of a record
    summaries: bool
    alone: bool  # each record a batch and a request of its own, as an agent's is
    prefixes: int  # of paths: so many times as many series


@dataclasses.dataclass
class Pod:
    key: bytes
    source: bytes
    offset: int = 0


class Pods:
    def __init__(self, world):
        self.world = world
        self.topic = world.topic.encode()
        self.producer = RecordProducer(world.brokers, {
            "batch.num.messages": 1 if world.alone else 1000, "linger.ms": 0 if world.alone else 5})
        self.file = b"%x-%x" % (os.getpid(), int(time.time() * 1000))
        templates = json.loads(pathlib.Path(world.templates).read_text())
        if not world.summaries:
            prefixes = itertools.cycle(PREFIXES[:world.prefixes])
            templates["events"] = [rest.replace('"path":"', f'"path":"{prefix}', 1)
                                   for rest, prefix in zip(templates["events"], prefixes)]
        self.templates = itertools.cycle(templates["summaries" if world.summaries else "events"])
        self.stopped = threading.Event()

    def due(self):
        """(when, every so many seconds, of whom, what is sent), all spread over their time."""
        begin, world = time.time(), self.world
        for number in range(world.pods):
            service = number % world.services
            name = f"big/service-{service}/pod-{number}"
            pod = Pod(f"big/pod-{number}".encode(), name.encode())
            yield begin + number / world.pods, 1.0, number, pod, self.heartbeat
            if world.records:
                every = 1 / world.records
                yield (begin + every * ((number * 0.618) % 1), every, world.pods + number, pod,
                       self.summary if world.summaries else self.events)

    def run(self):
        coming = list(self.due())
        heapq.heapify(coming)
        while not self.stopped.is_set():
            when, every, number, pod, send = coming[0]
            if (wait := when - time.time()) > 0:
                self.producer.poll()
                time.sleep(wait)
            send(pod, int(when * 1000), every)
            heapq.heapreplace(coming, (when + every, every, number, pod, send))
        self.producer.close()

    def send(self, kind, pod, value, now_ms, *more):
        self.producer.send(self.topic, pod.key, value, headers(kind, pod.source, now_ms, *more))

    def heartbeat(self, pod, now_ms, _):
        self.send(b"heartbeat", pod, b"", now_ms)

    def events(self, pod, now_ms, every):
        begin, step = now_ms - int(every * 1000), every * 1000 / self.world.lines
        lines = ['{"offset":%d,"ts":%d,%s' % (pod.offset + LINE_BYTES * at, begin + int(step * at), rest)
                 for at, rest in enumerate(itertools.islice(self.templates, self.world.lines))]
        pod.offset += LINE_BYTES * len(lines)
        self.send(b"events", pod, "".join(lines).encode(), now_ms, (b"rr-file", self.file))

    def summary(self, pod, now_ms, _):
        second, last = now_ms // 1000, pod.offset + 100 * LINE_BYTES
        value = "".join('{"second":%d,%s' % (second - ago, rest) for ago, rest in next(self.templates))
        self.send(b"summary", pod, value.encode(), now_ms, (b"rr-file", self.file),
                  (b"rr-first", b"%d" % pod.offset), (b"rr-last", b"%d" % (last - 1)))
        pod.offset = last


if __name__ == "__main__":
    pods = Pods(World(**json.loads(pathlib.Path(sys.argv[1]).read_text())))
    signal.signal(signal.SIGTERM, lambda *_: pods.stopped.set())
    pods.run()
