"""What one program took for one log: processor, time, memory, and what came of it."""

import dataclasses
import os
import signal
import time

from bench_world import Failed, resident_mib
from kafka_admin import end_offsets

POLL_SECONDS = 0.03
STALLED_SECONDS = 15
LONGEST_SECONDS = 300


@dataclasses.dataclass(frozen=True)
class Cost:
    cpu: float  # seconds of user and system, from start to exit
    wall: float  # until all was delivered, or nothing more came
    mib: float  # at most
    outcome: str = ""


class Arrived:
    """Whether a topic has so many records, or gets none any more."""

    def __init__(self, brokers, topic, records):
        self.where = brokers, topic
        self.wanted = records
        self.seen, self.moved = 0, time.monotonic()

    def __call__(self):
        seen = sum(end_offsets(*self.where, range(6)))
        if seen != self.seen:
            self.seen, self.moved = seen, time.monotonic()
        return seen >= self.wanted or time.monotonic() - self.moved > STALLED_SECONDS


class Measured:
    """One program's cost. Made before it starts, because its time counts from here."""

    def __init__(self):
        self.begin = time.monotonic()
        self.peak = 0

    def _ended(self, process):
        """Its status and usage, once it has exited."""
        try:
            self.peak = max(self.peak, resident_mib(process.pid, "VmHWM"))
        except (TypeError, OSError):  # it is just being started, or gone
            pass
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        return (status, usage) if pid else None

    def _until(self, program, condition):
        while time.monotonic() - self.begin < LONGEST_SECONDS:
            ended = self._ended(program.process)
            if ended or condition():
                return ended
            time.sleep(POLL_SECONDS)
        raise Failed(f"{program.name} is not done in {LONGEST_SECONDS} s:\n{program.tail()}")

    def cost(self, program, done=lambda: False):
        """Until `done` and its exit then; without, until it exits by itself."""
        ended = self._until(program, done)
        wall = time.monotonic() - self.begin
        if not ended:
            program.process.send_signal(signal.SIGTERM)
            ended = self._until(program, lambda: False)
        status, usage = ended
        program.process.returncode = os.waitstatus_to_exitcode(status)
        if program.process.returncode:
            raise Failed(f"{program.name} ended with {program.process.returncode}:\n{program.tail()}")
        return Cost(usage.ru_utime + usage.ru_stime, wall, self.peak)
