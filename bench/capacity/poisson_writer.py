"""Writes lines into logs at the moments of Poisson processes, as a program, until SIGTERM.

    poisson_writer.py SERIES RATE LOG [RATE LOG]...     RATE lines a second into each, one write a line
"""

import itertools
import os
import random
import signal
import sys
import threading
import time

from log_lines import STAMP, line, pool


class PoissonWriter:
    def __init__(self, series, rates, logs):
        self.rests = itertools.cycle(pool(series))
        self.rates = rates
        self.logs = [os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for log in logs]
        self.stopped = threading.Event()

    def run(self):
        """The sum of the processes is one of the sum of their rates, each line of one by its rate."""
        chance, rate = random.Random(1), sum(self.rates)
        due = time.time()
        while not self.stopped.is_set():
            due += chance.expovariate(rate)
            if (wait := due - time.time()) > 0:
                time.sleep(wait)
            os.write(chance.choices(self.logs, self.rates)[0], self.line())

    def line(self):
        now = time.time()
        return line(time.strftime(STAMP, time.gmtime(now)), int(now * 1000), next(self.rests))


if __name__ == "__main__":
    writer = PoissonWriter(int(sys.argv[1]), [float(rate) for rate in sys.argv[2::2]], sys.argv[3::2])
    signal.signal(signal.SIGTERM, lambda *_: writer.stopped.set())
    writer.run()
