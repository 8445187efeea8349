#!/usr/bin/env python3
"""Where the processor time of a million lines goes, stage by stage, and what it would be at least.

    bench/profile_stages.py [--lines 1000000] [--rounds 3]

Samples the release build with perf (apt-get install linux-perf) and writes bench/PROFILE.md, or into
--output. A stage's time is its part of the samples times what the process took.
"""

import contextlib
import pathlib
import re
import shutil
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "compare"))

from bench_world import (  # noqa: E402
    BUILD, Pipeline, append, arguments, cpu_seconds, fetch, partitions, wait_for, wait_until_shipped, world)
from logs import write_log  # noqa: E402
from profile_page import Profile, page  # noqa: E402
from stage_rules import AGENT, AGGREGATOR  # noqa: E402

BENCH = HERE.parent / "build" / "bench" / "bench" / "routerate-bench"
WAYS = {"all": {}, "metrics": {"fields": "metrics"}, "summaries": {"ship": "summaries"}}
SAMPLE = re.compile(r"^\s*([\d.]+)%\s*\t\s*(\S+)\s*\t\s*(\S+)\s*\t(.*)$", re.MULTILINE)


@contextlib.contextmanager
def sampled(process, data):
    perf = subprocess.Popen(["perf", "record", "-q", "-e", "cpu-clock", "-F", "1000", "-o", data,
                             "-p", str(process)])
    wait_for("perf", lambda: data.exists() or perf.poll() is not None)
    if perf.poll() is not None:
        sys.exit(f"perf ended with {perf.returncode}: may this user sample processes?")
    yield
    perf.send_signal(signal.SIGINT)
    perf.wait()


def samples(data):
    """(part, thread, library, function) of what perf recorded."""
    report = subprocess.run(["perf", "report", "-i", data, "--sort", "comm,dso,sym", "-t", "\t"],
                            capture_output=True, text=True, check=True).stdout
    return [(float(part), *where) for part, *where in SAMPLE.findall(report)]


def of_agent(here, log, name, profile, **changes):
    """The log is written while the agent runs, as logs are."""
    path = here.folder / f"{name}.log"
    path.touch()
    agent = here.agent(name, [{"path": str(path), "format": "nginx"}], **changes)
    process, data = agent.agent.process.pid, here.folder / f"{name}.data"
    before = cpu_seconds(process)
    with sampled(process, data):
        append(log.path, path)
        wait_until_shipped(agent, path.stat().st_size)
        seconds = cpu_seconds(process) - before
    profile.add(seconds * 1e6 / log.lines, samples(data))
    agent.agent.kill()
    path.unlink()


def of_aggregator(here, log, topic, name, profile):
    pipeline = Pipeline(here.programs, BUILD, here.folder / name, here.brokers, topic)
    pipeline.start_aggregator()
    process, data = pipeline.aggregator.process.pid, here.folder / f"{name}.data"
    with sampled(process, data):
        wait_for("the page", lambda: fetch(pipeline.aggregator_port, "/stats")[0] == 200)
        wait_for("all counted", lambda: pipeline.total() >= log.lines, 120)
        seconds = cpu_seconds(process)
    profile.add(seconds * 1e6 / log.lines, samples(data))
    pipeline.aggregator.kill()


def floor(here, log):
    """The least of each part, alone, for a million lines."""
    topic = "bench-floor"
    wait_for("the topic", lambda: partitions(here.brokers, topic))
    printed = subprocess.run([BENCH, "--floor", log.path, "--brokers", here.brokers, "--topic", topic],
                             capture_output=True, text=True, check=True).stdout
    return {name: float(seconds) for name, seconds in map(str.split, printed.splitlines())}


def main():
    options = arguments(__doc__.splitlines()[0], lines=1_000_000, rounds=3, output=str(HERE))
    if not shutil.which("perf"):
        sys.exit("perf is not there: apt-get install linux-perf")
    if not BENCH.exists():
        sys.exit(f"{BENCH} is not there: cmake --preset bench && cmake --build --preset bench")
    agent = {name: Profile(AGENT) for name in WAYS}
    aggregator = Profile(AGGREGATOR)
    with world() as here:
        log = write_log(here.folder / "log", "nginx", options.lines)
        for number in range(options.rounds):
            for name, changes in WAYS.items():
                of_agent(here, log, f"{name}-{number}", agent[name], **changes)
            of_aggregator(here, log, f"bench-all-{number}", f"aggregator-{number}", aggregator)
            print(f"round {number + 1} of {options.rounds}", flush=True)
        parts = floor(here, log)
    (pathlib.Path(options.output) / "PROFILE.md").write_text(page(agent, aggregator, parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
