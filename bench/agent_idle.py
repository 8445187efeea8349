#!/usr/bin/env python3
"""What an idle agent costs by the number of its files, and what a paused broker costs a busy one.

    bench/agent_idle.py [--files 1000,20000] [--seconds 60] [--watch poll]

CPU is the time of all threads over the seconds, by the scheduler's count in /proc; memory VmRSS behind
them and VmHWM, the most there ever was. The last row: a writer as fast as it can while the broker's
process is stopped.
"""

import os
import resource
import signal
import sys
import threading
import time

from bench_world import (Failed, arguments, cpu_seconds, metric, print_table, resident_mib,
                         wait_for, wait_until_shipped, world)

LINE = b'{"@timestamp":"2026-11-22T10:00:00+00:00","request_uri":"/idle/%d","status":200}\n'
BLOCK = b"".join(LINE % number for number in range(1000))
SETTLE_SECONDS = 3  # after everything was delivered
WRITER_BYTES_PER_SECOND = 8 << 20


def wait_seconds(seconds):
    threading.Event().wait(seconds)


def cost(name, process, seconds):
    """A row: CPU over so many seconds from now."""
    begin, before = time.monotonic(), cpu_seconds(process)
    wait_seconds(seconds)
    took, used = time.monotonic() - begin, cpu_seconds(process) - before
    return (name, f"{100 * used / took:.3f}", f"{1000 * used:.1f}", f"{took:.0f}",
            f"{resident_mib(process):.1f}", f"{resident_mib(process, 'VmHWM'):.1f}")


def idle(here, files, seconds, watch):
    folder = here.folder / f"{files}"
    folder.mkdir()
    size = 0
    for number in range(files):
        size += (folder / f"{number}.log").write_bytes(LINE % number)
    agent = here.agent(f"idle{files}", [{"path": str(folder / "*.log"), "format": "nginx"}],
                       watch=watch)
    begin = time.monotonic()
    try:
        wait_until_shipped(agent, size, seconds=60)
        name = f"{files} idle files, shipped in {time.monotonic() - begin:.1f} s"
    except Failed:
        name = f"{files} idle files, not all shipped within a minute"
    wait_seconds(SETTLE_SECONDS)
    row = cost(name, agent.agent.process.pid, seconds)
    agent.agent.terminate()
    return row


def write_until(stop, path):
    """At a steady rate, well above what an access log does."""
    pause = len(BLOCK) / WRITER_BYTES_PER_SECOND
    with open(path, "ab", buffering=0) as log:
        while not stop.wait(pause):
            log.write(BLOCK)


def paused(here, seconds):
    log = here.folder / "busy.log"
    log.touch()
    agent = here.agent("paused", [{"path": str(log), "format": "nginx"}])
    process = agent.agent.process.pid
    stop = threading.Event()
    writer = threading.Thread(target=write_until, args=[stop, log], daemon=True)
    writer.start()
    wait_for("lines", lambda: metric(agent, "routerate_agent_records_delivered_total") > 100)
    rows = [cost("under load", process, 10)]
    here.signal_broker(signal.SIGSTOP)
    rows.append(cost("under load, broker paused", process, seconds))
    here.signal_broker(signal.SIGCONT)
    stop.set()
    writer.join()
    wait_until_shipped(agent, log.stat().st_size)
    rows.append(cost("after it caught up", process, 5))
    agent.agent.terminate()
    return rows


def allow_descriptors(wanted):
    """For the agent, too; as many as may be without the right to more."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in max(hard, wanted), hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            break
        except (ValueError, OSError):
            pass
    print(f"at most {resource.getrlimit(resource.RLIMIT_NOFILE)[0]} descriptors")


def main():
    options = arguments(__doc__.splitlines()[0], files="1000,20000", seconds=60.0, watch="auto")
    allow_descriptors(max(map(int, options.files.split(","))) + 1000)
    with world() as here:
        rows = []
        try:
            for files in map(int, options.files.split(",")):
                rows.append(idle(here, files, options.seconds, options.watch))
            rows += paused(here, options.seconds)
        finally:
            print_table(("", "cpu_%", "cpu_ms", "over_s", "rss_MiB", "most_MiB"), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
