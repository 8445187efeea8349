"""One agent: lines a second into one log, and a steady rate spread over more and more logs."""

import collections
import os
import random
import time

import agent_throughput
import delivered
from agent_idle import SETTLE_SECONDS, wait_seconds
from background import Background
from bench_world import Failed, metric, partitions, wait_for, wait_until_shipped
from kafka_admin import delete_topic
from subject import Moment, Subject, cost

RATES = (0, 100, 1_000, 10_000, 50_000)  # lines a second
THERE_ALREADY = 50_000  # lines of the log that is there already, for each second of a step
FILES = (1, 10, 100, 1_000, 10_000)
RATE_OF_FILES = 2_000  # lines a second into all of them together
TICK_SECONDS = 0.001


class Writer(Background):
    """Lines at a steady rate, each by a write of its own, as servers do, into all logs in turn."""

    def __init__(self, logs, rate):
        super().__init__()
        self.rate = rate
        chance = random.Random(1)
        self.lines = [agent_throughput.line(chance) for _ in range(agent_throughput.DIFFERENT)]
        self.fds = [os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for log in logs]
        self.written = 0
        self.write_until(len(logs))  # no file is new in what is measured

    def write_until(self, number):
        while self.written < number:
            os.write(self.fds[self.written % len(self.fds)], self.lines[self.written % len(self.lines)])
            self.written += 1

    def work(self):
        first, begin = self.written, time.monotonic()
        while not self.stopping.wait(TICK_SECONDS):
            self.write_until(first + int((time.monotonic() - begin) * self.rate))

    def stop(self):
        super().stop()
        for fd in self.fds:
            os.close(fd)


def asked(agent):
    """What moments are made of."""
    return (agent.agent.process.pid, lambda: metric(agent, "routerate_agent_lines_total"),
            lambda: metric(agent, "routerate_agent_records_delivered_total"))


def bytes_of(logs):
    return sum(log.stat().st_size for log in logs)


def check_delivered(here, agent, logs):
    """Every line of the logs is in the topic, once."""
    wait_until_shipped(agent, bytes_of(logs))
    written = collections.Counter()
    for log in logs:
        written.update(delivered.offsets(log))
    found = collections.Counter(delivered.names_in_topic(here.brokers, agent.topic, delivered.OFFSET))
    lost, more = (written - found).total(), (found - written).total()
    if lost or more:
        raise Failed(f"{agent.topic}: of {written.total()} lines {lost} were lost, {more} came twice")


def start(here, name, logs, files):
    topic = f"bench-{name}"  # there before the agent is: a new one keeps it waiting
    wait_for(f"topic {topic}", lambda: partitions(here.brokers, topic))
    return here.agent(name, [{"path": str(logs), "format": "nginx"}], max_open_files=max(1000, 2 * files))


def finish(here, agent, logs):
    check_delivered(here, agent, logs)
    agent.agent.kill()
    delete_topic(here.brokers, agent.topic)
    for log in logs:
        log.unlink()


def steady(here, name, files, rate, seconds):
    """Of an agent that has read all there was, and gets `rate` lines a second."""
    folder = here.folder / f"logs-{name}"
    folder.mkdir()
    logs = [folder / f"{number}.log" for number in range(files)]
    writer = Writer(logs, rate)
    agent = start(here, name, folder / "*.log", files)
    wait_until_shipped(agent, bytes_of(logs))
    writer.start()
    try:
        wait_seconds(SETTLE_SECONDS)
        begin = Moment.begin(*asked(agent))
        wait_seconds(seconds)
        row = cost(agent.agent.process.pid, begin, Moment.end(*asked(agent)), "line")
    finally:
        writer.stop()
    finish(here, agent, logs)
    return row


def as_fast_as_it_goes(here, seconds):
    """From the agent's start to the last acknowledgement."""
    log = here.folder / "there-already.log"
    agent_throughput.write_log(log, int(seconds * THERE_ALREADY))
    begin = Moment(0, 0, 0.0, time.monotonic())
    agent = start(here, "maximum", log, 1)
    wait_until_shipped(agent, bytes_of([log]))
    row = cost(agent.agent.process.pid, begin, Moment.end(*asked(agent)), "line")
    finish(here, agent, [log])
    return row


def by_lines(here, seconds):
    for rate in RATES:
        yield {"offered lines/s": rate} | steady(here, f"rate-{rate}", 1, rate, seconds)
    yield {"offered lines/s": "maximum"} | as_fast_as_it_goes(here, seconds)


def by_files(here, seconds):
    for files in FILES:
        yield {"files": files} | steady(here, f"files-{files}", files, RATE_OF_FILES, seconds)


SUBJECTS = (
    Subject("lines", "One agent by lines a second", by_lines, "lines/s",
            ("CPU µs a line", "CPU % of a core", "peak RSS MiB")),
    Subject("files", f"One agent by files, {RATE_OF_FILES:,} lines/s in all", by_files, "files",
            ("CPU µs a line", "peak RSS MiB")))
