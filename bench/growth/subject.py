"""One thing that cost may grow with, and the moments between which cost is measured."""

import dataclasses
import time
from collections.abc import Callable

from bench_world import cpu_seconds, resident_mib

ARTICLES = {"line": "a", "event": "an"}


@dataclasses.dataclass(frozen=True)
class Subject:
    name: str
    title: str
    measure: Callable  # (world, seconds) → rows, each heading → value
    x: str  # the heading that is the figure's x axis
    y: tuple  # those of its panels


@dataclasses.dataclass(frozen=True)
class Moment:
    """Of one process: how much it had used, and done, by then."""

    done: int  # lines or events
    records: int
    cpu: float
    at: float

    @classmethod
    def begin(cls, process, done, records):
        return cls(done(), records(), cpu_seconds(process), time.monotonic())

    @classmethod
    def end(cls, process, done, records):
        """The other way round, so that what the questions cost is not measured."""
        at, cpu = time.monotonic(), cpu_seconds(process)
        return cls(done(), records(), cpu, at)


def cost(process, begin, end, one):
    """Columns; `one` is what was done: line or event."""
    seconds, used, done = end.at - begin.at, end.cpu - begin.cpu, end.done - begin.done
    return {f"{one}s/s": done / seconds, "records/s": (end.records - begin.records) / seconds,
            f"CPU µs {ARTICLES[one]} {one}": 1e6 * used / done if done else None,
            "CPU % of a core": 100 * used / seconds, "peak RSS MiB": resident_mib(process, "VmHWM")}
