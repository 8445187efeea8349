#!/usr/bin/env python3
"""From the write of a log line to its count in /stats: agent, Kafka and aggregator together.

    bench/aggregator_freshness.py [--seconds 60] [--rate 100] [--probes 5]

One log gets `rate` lines a second, another the probes, whose moments are a Poisson process, so that
nobody's timer keeps step with it. A client asks for the probes' total again and again.
"""

import json
import os
import random
import sys
import threading
import time

from bench_world import BUILD, Pipeline, arguments, fetch, print_table, wait_for, world

LINE = '{"@timestamp":"%s+00:00","request_uri":"%s","status":200,"request_time":"0.012"}\n'
POLL_SECONDS = 0.01


class Log:
    def __init__(self, path, route):
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.route = route
        self.written = []  # moments, before each write

    def write(self):
        self.written.append(time.monotonic())
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        os.write(self.fd, (LINE % (stamp, self.route)).encode())

    def write_steadily(self, rate, stopped):
        due = time.monotonic()
        while not stopped.wait(max(0.0, due - time.monotonic())):
            self.write()
            due += 1 / rate


class TotalWatch(threading.Thread):
    """When each further request of a route was first seen in /stats."""

    def __init__(self, port, route):
        super().__init__(daemon=True)
        self.port = port
        self.query = f"/stats?format=json&route={route}"
        self.seen = []
        self.start()

    def run(self):
        never = threading.Event()
        while True:
            status, body = fetch(self.port, self.query)
            now = time.monotonic()
            total = sum(row["total"] for row in json.loads(body)) if status == 200 else 0
            self.seen += [now] * (total - len(self.seen))
            never.wait(POLL_SECONDS)


def start(here, folder):
    """The pipeline over two logs, known to work."""
    pipeline = Pipeline(here.programs, BUILD, here.folder / "freshness", here.brokers, "bench-freshness")
    pipeline.start_aggregator()
    background, probe = Log(folder / "background.log", "/orders/7"), Log(folder / "probe.log", "/probe")
    pipeline.start_agent([{"path": str(folder / "*.log"), "format": "nginx"}])
    return pipeline, background, probe


def send_probes(probe, rate, seconds):
    never = threading.Event()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        never.wait(random.expovariate(rate))
        probe.write()


def main():
    options = arguments(__doc__.splitlines()[0], seconds=60.0, rate=100.0, probes=5.0,
                        seed=int(os.environ.get("SEED") or time.time()))
    random.seed(options.seed)
    print(f"SEED={options.seed}")
    with world() as here:
        pipeline, background, probe = start(here, here.folder)
        stopped = threading.Event()
        threading.Thread(target=background.write_steadily, args=[options.rate, stopped], daemon=True).start()
        wait_for("requests counted", lambda: pipeline.total() > 2 * options.rate, seconds=60)
        watch = TotalWatch(pipeline.aggregator_port, "/probe")
        send_probes(probe, options.probes, options.seconds)
        wait_for("all probes", lambda: len(watch.seen) >= len(probe.written), seconds=20)
        stopped.set()
        ms = sorted(1000 * (seen - written) for written, seen in zip(probe.written, watch.seen))
        quantiles = [f"{ms[min(len(ms) - 1, int(len(ms) * q))]:.0f}" for q in (0.5, 0.9, 0.99, 1)]
        print_table(("way", "probes", "p50_ms", "p90_ms", "p99_ms", "max_ms"),
                    [("line to /stats", len(ms), *quantiles)])


if __name__ == "__main__":
    sys.exit(main())
