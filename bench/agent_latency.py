#!/usr/bin/env python3
"""From the append to a log to the arrival at a consumer of Kafka: the agent beside rsyslog.

    bench/agent_latency.py [--rates 20,100] [--seconds 30]

Each line goes to one of three in turn: a log that the agent follows, a log that rsyslog follows
(imfile with inotify, omkafka), and straight to a producer (kcat), whose row is the floor of the
measurement itself. The moments are a Poisson process, so that nobody's timer keeps step with it.
"""

import os
import random
import sys
import threading
import time

from bench_world import arguments, print_table, wait_for, world
from latency_channels import AgentChannel, DirectChannel, RsyslogChannel

WARM_UP_SECONDS = 5


def send_lines(channels, first, rate, seconds):
    """`rate` lines a second into each channel; returns the number after the last one."""
    never = threading.Event()
    number, due = first, time.monotonic()
    end = due + seconds
    while due < end:
        never.wait(max(0.0, due - time.monotonic()))
        channels[number % len(channels)].send(number)
        number += 1
        due += random.expovariate(rate * len(channels))
    return number


def measure(channels, first, rate, seconds):
    """Rows of the table, and the next number."""
    last = send_lines(channels, first, rate, seconds)
    try:
        wait_for("all lines", lambda: not any(
            channel.latencies_ms(range(first, last))[1] for channel in channels), seconds=10)
    except Exception:  # pylint: disable=broad-except
        pass  # the table tells how many did not come
    rows = []
    for channel in channels:
        times, missing = channel.latencies_ms(range(first, last))
        quantiles = [f"{times[min(len(times) - 1, int(len(times) * q))]:.1f}" if times else "-"
                     for q in (0.5, 0.9, 0.99, 1)]
        rows.append((channel.name, rate, len(times), *quantiles, missing))
    return rows, last


def main():
    options = arguments(__doc__.splitlines()[0], rates="20,100", seconds=30.0,
                        seed=int(os.environ.get("SEED") or time.time()))
    random.seed(options.seed)
    print(f"SEED={options.seed}")
    with world() as here:
        channels = [AgentChannel(here), DirectChannel(here)]
        if RsyslogChannel.program():
            channels.insert(1, RsyslogChannel(here))
        else:
            print("no rsyslog beside it: apt-get install rsyslog rsyslog-kafka")
        rows, number = [], send_lines(channels, 0, 20, WARM_UP_SECONDS)
        for rate in options.rates.split(","):
            more, number = measure(channels, number, float(rate), options.seconds)
            rows += more
        print_table(("way", "lines/s", "lines", "p50_ms", "p90_ms", "p99_ms", "max_ms", "missing"),
                    rows)
        for channel in channels:
            channel.stop()
    return 1 if any(row[-1] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
