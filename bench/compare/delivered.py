"""What of a log is in a topic: every line once, or how many not, and how many twice."""

import collections
import dataclasses
import itertools
import re
import subprocess

from logs import NUMBER

OFFSET = re.compile(rb'^\{"offset":(\d+),', re.MULTILINE)  # of an event of the agent
LINE = re.compile(rb"^.+$", re.MULTILINE)
BLOCK = 1 << 22


@dataclasses.dataclass(frozen=True)
class Delivered:
    lines: int  # of the log that are there
    lost: int
    doubled: int  # beyond the first of each
    unknown: int  # that the log does not have

    @classmethod
    def of_number(cls, expected, found):
        """Where nothing tells lines from one another."""
        return cls(min(expected, found), max(expected - found, 0), max(found - expected, 0), 0)

    def words(self):
        wrong = [f"{number} {name}" for name, number in
                 (("lost", self.lost), ("doubled", self.doubled), ("unknown", self.unknown)) if number]
        return ", ".join(wrong) or "each once"


def compare(expected, found):
    """`found` may repeat what it has."""
    times = collections.Counter(found)
    known = times.keys() & expected
    return Delivered(len(known), len(expected) - len(known), sum(times[name] - 1 for name in known),
                     sum(number for name, number in times.items() if name not in known))


def names_in(stream, pattern):
    """All matches in whole lines; a block ends wherever it does."""
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        yield from pattern.findall(whole + newline)
    yield from pattern.findall(rest)


def offsets(path):
    """Of the lines' first bytes, which is how the agent names them."""
    with open(path, "rb") as log:
        lengths = [len(line) for line in log]
    return {b"%d" % offset for offset in itertools.accumulate(lengths[:-1], initial=0)}


def numbers(path):
    with open(path, "rb") as log:
        return set(names_in(log, NUMBER))


def names_in_topic(brokers, topic, pattern):
    with subprocess.Popen(["kcat", "-C", "-e", "-q", "-b", brokers, "-t", topic, "-o", "beginning",
                           "-f", "%s\n"], stdout=subprocess.PIPE) as kcat:
        yield from names_in(kcat.stdout, pattern)
    if kcat.returncode:
        raise RuntimeError(f"kcat cannot read {topic}: exit status {kcat.returncode}")


def of_agent(brokers, topic, log):
    return compare(offsets(log.path), names_in_topic(brokers, topic, OFFSET))


def of_peer(brokers, topic, log):
    if log.counts is None:
        return Delivered.of_number(log.lines, sum(1 for _ in names_in_topic(brokers, topic, LINE)))
    return compare(numbers(log.path), names_in_topic(brokers, topic, NUMBER))
