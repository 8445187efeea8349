#!/usr/bin/env python3
"""How long SIGTERM takes: with a backlog, with nothing to do, without a broker.

    bench/agent_drain.py [--mib 5] [--rounds 5]

Settings are the defaults but for drain_timeout of the rows without a broker. drain_quiet, a second,
is part of every time.
"""

import os
import signal
import statistics
import sys
import time

from bench_world import arguments, metric, print_table, wait_for, wait_until_shipped, world

LINE = (b'{"@timestamp":"2026-11-22T10:00:00+00:00","request_uri":"/drain/%07d","status":200,'
        b'"http_user_agent":"' + b"x" * 400 + b'"}\n')


def write_log(path, mib):
    lines = int(mib * (1 << 20)) // len(LINE % 0)
    path.write_bytes(b"".join(LINE % number for number in range(lines)))


def terminated(agent):
    """Seconds, exit code, the last line of its log."""
    begin = time.monotonic()
    code = agent.agent.terminate(60)
    return time.monotonic() - begin, code, agent.agent.tail(1).split(" ", 2)[-1]


def backlog(here, name, mib):
    """SIGTERM as soon as the agent knows what that means."""
    log = here.folder / f"{name}.log"
    write_log(log, mib)
    return terminated(here.agent(name, [{"path": str(log), "format": "nginx"}]))


def burst(here, name, mib):
    """A running agent gets its SIGTERM right behind the last byte of a backlog."""
    log = here.folder / f"{name}.log"
    log.write_bytes(LINE % 0)
    agent = here.agent(name, [{"path": str(log), "format": "nginx"}])
    wait_until_shipped(agent, log.stat().st_size)
    write_log(here.folder / "backlog", mib)
    with open(log, "ab") as file:
        file.write((here.folder / "backlog").read_bytes())
    return terminated(agent)


def without_broker(here, name, mib):
    log = here.folder / f"{name}.log"
    log.write_bytes(LINE % 0)
    agent = here.agent(name, [{"path": str(log), "format": "nginx"}], drain_timeout="5s")
    wait_until_shipped(agent, log.stat().st_size)
    here.signal_broker(signal.SIGSTOP)
    write_log(log.with_suffix(".new"), mib)
    os.rename(log.with_suffix(".new"), log)
    wait_for("bytes in flight", lambda: metric(agent, "routerate_agent_in_flight_bytes") > 0)
    result = terminated(agent)
    here.signal_broker(signal.SIGCONT)
    return result


def row(name, results):
    seconds, codes, words = zip(*results)
    return (name, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}",
            " ".join(sorted({str(code) for code in codes})), words[-1])


def main():
    options = arguments(__doc__.splitlines()[0], mib=5.0, rounds=5)
    with world() as here:
        rounds = range(options.rounds)
        size = f"{options.mib:g} MiB"
        rows = [
            row("idle", [burst(here, f"idle{number}", 0) for number in rounds]),
            row(f"{size} before a start", [backlog(here, f"backlog{number}", options.mib)
                                           for number in rounds]),
            row(f"{size} while it runs", [burst(here, f"burst{number}", options.mib)
                                          for number in rounds]),
            row(f"{size}, no broker, drain_timeout 5s", [without_broker(here, "none", options.mib)]),
        ]
        print_table(("at SIGTERM", "median_s", "most_s", "exit", "last words"), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
