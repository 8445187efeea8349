#!/usr/bin/env python3
"""What shipping a million lines costs the agent, beside librdkafka alone (kcat) in the same run.

    bench/agent_throughput.py [--lines 1000000] [--rounds 3]

Lines are of configs/nginx/access_json.conf, 484 bytes. kcat sends each as a record and parses nothing;
both with acks=all and lz4. Processor time is of the whole process, user and system.
"""

import os
import random
import statistics
import subprocess
import sys

from bench_world import arguments, cpu_seconds, print_table, resident_mib, wait_until_shipped, world

DIFFERENT = 20_000  # lines, in a log that repeats them
BYTES = 484
LINE = ('{"@timestamp":"2026-11-22T10:%02d:%02d+08:00","msec":"1795312800.%03d","clientip":"192.168.%d.%d",'
        '"user":"","method":"%s","http_host":"www.example.com","domain":"www.example.com",'
        '"request_uri":"/shop/%s/%d/items","protocol":"HTTP/1.1","status":"%d","body_bytes_sent":"%d",'
        '"request_time":"0.%03d","upstreamtime":"0.%03d","upstreamhost":"10.0.1.9:8080","xff":"",'
        '"referer":"https://www.example.com/","http_user_agent":"Mozilla/5.0 %s"}')
NOUNS = ("orders", "users", "carts", "reviews", "stores", "payments", "sessions", "tickets")


def line(chance):
    values = (chance.randrange(60), chance.randrange(60), chance.randrange(1000),
              chance.randrange(256), chance.randrange(256), chance.choice(("GET", "POST")),
              chance.choice(NOUNS), chance.randrange(100_000), chance.choice((200, 200, 304, 404)),
              chance.randrange(50_000), chance.randrange(1000), chance.randrange(1000))
    return (LINE % (*values, "x" * (BYTES - 1 - len(LINE % (*values, ""))))).encode() + b"\n"


def write_log(path, lines):
    chance = random.Random(1)
    block = [line(chance) for _ in range(min(DIFFERENT, lines))]
    with open(path, "wb") as log:
        for begin in range(0, lines, len(block)):
            log.write(b"".join(block[:lines - begin]))


def of_agent(here, name, log):
    agent = here.agent(name, [{"path": str(log), "format": "nginx"}])
    wait_until_shipped(agent, log.stat().st_size)
    process = agent.agent.process.pid
    cost = cpu_seconds(process), resident_mib(process, "VmHWM")
    agent.agent.kill()
    return cost


def of_kcat(here, name, log):
    process = subprocess.Popen(
        ["kcat", "-P", "-q", "-l", log, "-b", here.brokers, "-t", name, "-X", "acks=all", "-X",
         "compression.codec=lz4", "-X", "linger.ms=5"])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"kcat ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    options = arguments(__doc__.splitlines()[0], lines=1_000_000, rounds=3)
    with world() as here:
        log = here.folder / "bench.log"
        write_log(log, options.lines)
        rows = []
        for name, measure in ("routerate-agent", of_agent), ("kcat -P -l", of_kcat):
            costs = [measure(here, f"bench-{measure.__name__}-{number}", log)
                     for number in range(options.rounds)]
            seconds, mib = zip(*costs)
            rows.append((name, f"{min(seconds):.2f}", f"{statistics.median(seconds):.2f}",
                         f"{max(mib):.0f}"))
        print_table((f"{options.lines} lines", "least_cpu_s", "median_cpu_s", "most_mib"), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
