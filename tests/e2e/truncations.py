"""Scenarios: copytruncate, truncation, holes; what can be had is had once, the rest is counted."""

import os
import signal

from catalogue import scenario
from rotations import BACKLOG, FEW, PAD, SMALL, begin

GIB = 1 << 30
SECONDS_FOR_HOLE = 25  # the agent waits for somebody to fill it


def copytruncate(case, copy, **changes):
    """Copies and truncates three times, each time after all was read; always shorter than before."""
    log = begin(case, **changes)
    for generation in range(3):
        log.copytruncate(f"{copy}.{generation}")
        log.lines(FEW // 2 >> generation)
        case.settle()


@scenario(kafka=True)
def copied_outside(case):
    """copytruncate with the copy out of the pattern."""
    copytruncate(case, "a.log")


@scenario(kafka=True)
def copied_inside(case):
    """copytruncate with the copy within the pattern: it is not read again."""
    case.pattern = "*.log*"
    copytruncate(case, "a.log")


def copytruncate_dead(case, copy, end):
    log = begin(case)
    end()
    log.lines(FEW)
    log.copytruncate(copy)
    log.lines(FEW // 2)
    case.launch()


@scenario(kafka=True)
def copied_inside_dead(case):
    """copytruncate while no agent runs: what was unread is read from the copy within the pattern."""
    case.pattern = "*.log*"
    copytruncate_dead(case, "a.log.1", case.stop)


@scenario()
def copied_inside_killed(case):
    """... and after kill -9."""
    case.pattern = "*.log*"
    copytruncate_dead(case, "a.log.1", case.kill)


@scenario()
def copied_outside_dead(case):
    """copytruncate while no agent runs, the copy beside the log but out of the pattern: what was
    unread is in the copy, and read from there."""
    copytruncate_dead(case, "a.log.1", case.stop)


@scenario()
def copied_away_dead(case):
    """... the copy in another folder: nobody can know what it held."""
    log = begin(case)
    case.stop()
    log.lines(FEW)
    case.forget(FEW)
    log.copytruncate("../away/a.log.1")
    log.lines(FEW // 2)
    case.launch()


def copytruncate_behind(case, copy):
    log = begin(case, **SMALL)
    case.broker.pause()
    log.lines(BACKLOG, **PAD)
    case.wait_until_seen()
    log.copytruncate(copy)
    log.lines(FEW)
    case.let_scan()
    case.broker.resume()


@scenario(pauses=True, kafka=True)
def copied_inside_behind(case):
    """copytruncate with much unread, the copy within the pattern: its rest is read there."""
    case.pattern = "*.log*"
    copytruncate_behind(case, "a.log.1")


@scenario(pauses=True)
def copied_outside_behind(case):
    """copytruncate with much unread, the copy beside the log but out of the pattern."""
    copytruncate_behind(case, "a.log.1")


@scenario(pauses=True, kafka=True)
def truncated_behind(case):
    """Truncated with much unread and no copy: what is not delivered is in the ledger, to the byte."""
    log = begin(case, **SMALL)
    case.broker.pause()
    log.lines(BACKLOG, **PAD)
    case.doubt(BACKLOG, "truncated")
    case.wait_until_seen()
    log.truncate()
    log.lines(FEW)
    case.let_scan()
    case.broker.resume()


@scenario(kafka=True)
def regrown(case):
    """Truncated and grown past the old offset before the agent could look."""
    log = begin(case)
    case.agent.signal(signal.SIGSTOP)
    log.truncate()
    log.lines(3 * FEW)
    case.agent.signal(signal.SIGCONT)
    case.settle()
    log.lines(FEW)


@scenario()
def regrown_equal(case):
    """Truncated and grown to the very size it had, lines of the same lengths."""
    log = begin(case)
    case.agent.signal(signal.SIGSTOP)
    log.truncate()
    log.lines(FEW)
    case.agent.signal(signal.SIGCONT)
    case.let_scan()


@scenario()
def regrown_dead(case):
    """Truncated and grown past the old offset while no agent runs."""
    log = begin(case)
    case.stop()
    log.truncate()
    log.lines(3 * FEW)
    case.launch()


@scenario()
def truncated_dead(case):
    """Truncated while no agent runs, and shorter than before."""
    log = begin(case)
    case.stop()
    log.truncate()
    log.lines(FEW // 2)
    case.launch()


@scenario()
def truncated_often(case):
    """Truncated again and again, each time shorter than before."""
    log = begin(case)
    for lines in range(10, 0, -1):
        log.truncate()
        log.lines(lines)
        case.settle()


def leave_hole(case, log, size):
    """What a writer without O_APPEND leaves behind when its log is truncated. An agent that had
    read up to there has no need to see the hole."""
    log.truncate()
    os.lseek(log.fd, size, os.SEEK_SET)
    log.lines(FEW)
    case.holes = size
    case.seconds = SECONDS_FOR_HOLE


@scenario()
def hole(case):
    """A hole after the truncation of a log that is written without O_APPEND."""
    log = case.log(append=False)
    log.lines(FEW)
    case.start()
    case.settle()
    leave_hole(case, log, log.path.stat().st_size)
    case.settle()
    log.lines(FEW)


@scenario()
def hole_of_gigabytes(case):
    """The same after many gigabytes: the agent goes on within seconds, and says it in few lines."""
    log = case.log(append=False)
    log.lines(FEW)
    case.start()
    case.settle()
    leave_hole(case, log, 6 * GIB)
    case.settle()
    told = case.agent.output().count("nul_bytes")
    if told > 10:
        raise AssertionError(f"one hole is told in {told} lines")


@scenario()
def large_sparse_file(case):
    """Lines at the beginning and behind 4 GiB of a file that was written while no agent ran."""
    log = case.log(append=False)
    log.lines(FEW)
    begin_of_hole = log.path.stat().st_size
    os.lseek(log.fd, 5 * GIB, os.SEEK_SET)
    log.lines(FEW)
    case.lost["nul_bytes"] += 5 * GIB - begin_of_hole
    case.seconds = SECONDS_FOR_HOLE
    case.start()
