#!/usr/bin/env python3
"""Many dashboards open at once: what they cost the aggregator, and whether its numbers get older.

    bench/dashboards.py [--seconds 60] [--dashboards 200] [--routes 10000] [--rate 20000]

One run, real Kafka and agents: first nobody looks, then all dashboards with the first page, then each
with a filter of its own. A dashboard is what a browser tab does: a stream of /overview, and /history
each half minute.
"""

import asyncio
import collections
import json
import pathlib
import statistics
import sys
import tempfile
import time
import urllib.parse

from bench_world import (BUILD, Programs, arguments, cpu_seconds, fetch, kafka_down, kafka_up,
                         print_table, resident_mib, wait_for)

from background import Background
from fleet import WRITER
from pipeline import Pipeline

PODS = 4
HISTORY_SECONDS = 30
WARM_UP_SECONDS = 75  # the window of a minute has a value
LOOK_SECONDS = 0.2

Phase = collections.namedtuple("Phase", "name cpu resident_mib ages pieces bytes histories")


class Dashboards(Background):
    """Browser tabs without a browser, on a thread of their own; `filters` has one query for each."""

    def __init__(self, port, filters):
        super().__init__()
        self.port = port
        self.filters = filters
        self.pieces = self.bytes = self.histories = 0
        self.start()

    def work(self):
        asyncio.run(self.open_all())

    async def open_all(self):
        tabs = [asyncio.create_task(self.open(f"127.0.1.{number + 1}", query))
                for number, query in enumerate(self.filters)]
        while not self.stopping.is_set():
            await asyncio.sleep(0.1)
        for tab in tabs:
            tab.cancel()
        for outcome in await asyncio.gather(*tabs, return_exceptions=True):
            if not isinstance(outcome, asyncio.CancelledError):
                raise outcome

    async def open(self, address, query):
        await asyncio.gather(self.stream(address, query), self.ask_history(address, query))

    async def request(self, address, target, accept):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port,
                                                       local_addr=(address, 0))
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n"
                     "Connection: close\r\n\r\n".encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise OSError(f"{target}: {status.decode().strip()}")
        return reader, writer

    async def stream(self, address, query):
        reader, writer = await self.request(address, f"/overview?{query}", "text/event-stream")
        try:
            while chunk := await reader.read(1 << 18):
                self.bytes += len(chunk)
                self.pieces += chunk.count(b"data: ")
            raise OSError("a stream ended")
        finally:
            writer.close()

    async def ask_history(self, address, query):
        while True:
            reader, writer = await self.request(address, f"/history?{query}", "*/*")
            await reader.read()
            writer.close()
            self.histories += 1
            await asyncio.sleep(HISTORY_SECONDS)


class Bench:
    def __init__(self, folder, programs, options):
        self.options = options
        self.brokers = kafka_up(folder / "kafka")
        self.line = Pipeline(programs, BUILD, folder / "aggregator", self.brokers)
        # Without names, so that no pod has series of its own.
        rules = [{"path": f"/orders-{number}/{{id}}"} for number in range(options.routes)]
        self.line.start_aggregator(routes=str(self.line.write_config("routes.yaml", {"routes": rules})))
        logs = []
        for number in range(PODS):
            logs.append(folder / f"shop-{number}.log")
            logs[-1].touch()
            agent = Pipeline(programs, BUILD, folder / f"shop-{number}", self.brokers)
            agent.start_agent([{"path": str(logs[-1]), "format": "nginx"}], source={
                "namespace": "demo", "service": "shop", "pod": f"shop-{number}"})
        programs.start("writer", [sys.executable, WRITER, "--paths", options.routes,
                                  options.rate / PODS, *logs])

    def overview(self):
        status, body = fetch(self.line.aggregator_port, "/overview?limit=1", seconds=30)
        if status != 200:
            raise OSError(f"/overview: {status} {body}")
        return json.loads(body)

    def age(self):
        """Of what a question gets to know now, in seconds; its way there included."""
        overview = self.overview()
        return time.time() - overview["time_ms"] / 1000 + overview["services"][0]["age_s"]

    def measure(self, name, filters):
        process = self.line.aggregator.process.pid
        tabs = Dashboards(self.line.aggregator_port, filters)
        self.watch(5)  # all are open
        before, cpu = (tabs.pieces, tabs.bytes, tabs.histories), cpu_seconds(process)
        begin = time.monotonic()
        ages = self.watch(self.options.seconds)
        minutes = (time.monotonic() - begin) / 60
        phase = Phase(name, (cpu_seconds(process) - cpu) / minutes, resident_mib(process), ages,
                      *((now - then) / minutes / 60 for now, then in zip(
                          (tabs.pieces, tabs.bytes, tabs.histories), before)))
        tabs.stopping.set()
        tabs.join()
        return phase

    def watch(self, seconds):
        """Ages that a client sees meanwhile."""
        ages, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            ages.append(self.age())
            time.sleep(LOOK_SECONDS)
        return ages

    def run(self):
        wait_for("routes", lambda: self.overview()["matching"] >= self.options.routes, 120)
        self.watch(WARM_UP_SECONDS)
        tabs = self.options.dashboards
        own = [urllib.parse.urlencode({"grep": f"/orders-{number}\\d*/"}) for number in range(tabs)]
        before, begin = self.overview()["pipeline"]["events"], time.monotonic()
        phases = [self.measure("nobody looks", []),
                  self.measure(f"{tabs} dashboards, the first page", [""] * tabs),
                  self.measure(f"{tabs} dashboards, a filter each", own),
                  self.measure("nobody looks again", [])]
        counted = self.overview()["pipeline"]["events"] - before
        print(f"{self.overview()['pipeline']['series']} series, "
              f"{counted / (time.monotonic() - begin):.0f} events/s")
        print_table(("", "cpu_s_a_min", "rss_MiB", "age_p50_s", "age_p99_s", "pieces/s", "kB/s", "histories/s"),
                    [(p.name, f"{p.cpu:.1f}", f"{p.resident_mib:.1f}", f"{statistics.median(p.ages):.2f}",
                      f"{sorted(p.ages)[int(len(p.ages) * 0.99)]:.2f}", f"{p.pieces:.0f}",
                      f"{p.bytes / 1000:.0f}", f"{p.histories:.1f}") for p in phases])


def main():
    options = arguments(__doc__.splitlines()[0], seconds=60.0, dashboards=200, routes=10_000, rate=20_000)
    with tempfile.TemporaryDirectory(prefix="routerate-bench-") as name:
        folder = pathlib.Path(name)
        try:
            with Programs(folder) as programs:
                Bench(folder, programs, options).run()
        finally:
            kafka_down(folder / "kafka")


if __name__ == "__main__":
    main()
