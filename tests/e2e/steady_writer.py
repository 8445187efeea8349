"""Writes a steady rate of lines into logs, as a program: its own time is nobody else's.

    steady_writer.py [--paths N] RATE LOG...     RATE lines a second into each, until SIGTERM

The lines ask for /orders/7, or in turn for /orders-0/7 up to N of them. Each line is stamped when it is written. Prints the truth: "SECOND LINES" of each second that is over, of all
logs together; the rest at the end.
"""

import argparse
import collections
import itertools
import os
import signal
import sys
import threading
import time

TICK = 0.05
LINE = '{"@timestamp":"%s+00:00","status":200,"request_uri":"%s","http_user_agent":"steady"}\n'


class SteadyWriter:
    def __init__(self, rate, logs, paths=("/orders/7",)):
        self.rate = rate
        self.paths = itertools.cycle(paths)
        self.logs = [os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for log in logs]
        self.truth = collections.Counter()
        self.stopped = threading.Event()

    def run(self):
        begin, written = time.monotonic(), 0  # lines of each log
        while not self.stopped.wait(TICK):
            due = int((time.monotonic() - begin) * self.rate) - written
            written += due
            self.write(due, int(time.time()))
        self.tell(before=None)

    def write(self, lines, second):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        self.tell(before=second)
        block = "".join(LINE % (stamp, path) for path in itertools.islice(self.paths, lines)).encode()
        for log in self.logs:
            os.write(log, block)
        self.truth[second] += lines * len(self.logs)

    def tell(self, before):
        for second in sorted(self.truth):
            if before is None or second < before:
                print(second, self.truth.pop(second), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--paths", type=int, default=0)
    parser.add_argument("rate", type=float)
    parser.add_argument("logs", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    options = parse_arguments()
    paths = [f"/orders-{number}/7" for number in range(options.paths)] or ["/orders/7"]
    writer = SteadyWriter(options.rate, options.logs, paths)
    signal.signal(signal.SIGTERM, lambda *_: writer.stopped.set())
    writer.run()
