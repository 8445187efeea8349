"""Scenarios: logs that are renamed and compressed, while the agent runs, waits or is dead."""

import gzip
import os

from catalogue import scenario

FEW = 100
BACKLOG = 600  # lines of half a KiB: several times max_in_flight
PAD = {"pad": 400}
SMALL = {"max_in_flight": "64KiB", "batch_bytes": "16KiB"}  # so that a paused agent stops reading


def begin(case, name="a.log", **changes):
    """An agent that has delivered some lines of a log."""
    log = case.log(name)
    log.lines(FEW)
    case.start(**changes)
    case.settle()
    return log


@scenario(kafka=True)
def renamed(case):
    """A log is renamed, written on under its new name, and created again."""
    log = begin(case)
    for generation in range(3):
        log.rename(f"a.log.{generation}")
        log.lines(FEW)
        log.reopen()
        log.lines(FEW)
        case.settle()


@scenario()
def renamed_inside(case):
    """A log is renamed to a name that the pattern names, too."""
    case.pattern = "*.log*"
    log = begin(case)
    for _ in range(3):
        log.shift(3)
        log.lines(FEW)
        case.settle()


@scenario()
def renamed_with_gap(case):
    """For a while there is no log at all."""
    log = begin(case)
    log.rename("a.log.1")
    log.lines(FEW)
    case.let_scan()
    log.reopen()
    log.lines(FEW)


@scenario()
def renamed_at_once(case):
    """Three rotations within one look at the folder: the middle ones never had time to be seen."""
    log = begin(case)
    for _ in range(3):
        log.shift(3)
        log.lines(FEW)


@scenario(kafka=True)
def renamed_and_back(case):
    """A log gets its old name back and is not read again."""
    log = begin(case)
    log.rename("a.log.1")
    log.lines(FEW)
    case.let_scan()
    log.beside("a.log.1").rename(log.path)
    log.lines(FEW)


@scenario(pauses=True, kafka=True)
def generations_behind(case):
    """Four rotations while the broker is paused, each with more than may be in flight."""
    log = begin(case, **SMALL)
    case.broker.pause()
    for _ in range(4):
        log.lines(BACKLOG, **PAD)
        case.let_scan()
        log.shift(4)
    log.lines(FEW)
    case.broker.resume()


@scenario(pauses=True)
def generations_behind_killed(case):
    """Two rotations while the broker is paused, then kill -9: known files are found again."""
    log = begin(case, **SMALL)
    case.broker.pause()
    for _ in range(2):
        log.lines(BACKLOG, **PAD)
        case.let_scan()
        log.shift(4)
    case.let_scan()
    case.kill()
    log.lines(FEW)
    case.broker.resume()
    case.launch()


@scenario(kafka=True)
def rotated_dead(case):
    """A rotation while no agent runs."""
    log = begin(case)
    case.stop()
    log.lines(FEW)
    log.rotate("a.log.1")
    log.lines(FEW)
    case.launch()


@scenario()
def rotated_killed(case):
    """A rotation after kill -9."""
    log = begin(case)
    log.lines(FEW)
    case.kill()
    log.lines(FEW)
    log.rotate("a.log.1")
    log.lines(FEW)
    case.launch()


@scenario(kafka=True)
def rotated_dead_often(case):
    """Three rotations while no agent runs, all names but the last out of the pattern."""
    log = begin(case)
    case.stop()
    for _ in range(3):
        log.lines(FEW)
        log.shift(3)
    log.lines(FEW)
    case.launch()


@scenario()
def rotated_dead_often_inside(case):
    """Three rotations while no agent runs, all names within the pattern."""
    case.pattern = "*.log*"
    log = begin(case)
    case.stop()
    for _ in range(3):
        log.lines(FEW)
        log.shift(3)
    log.lines(FEW)
    case.launch()


@scenario(pauses=True)
def compressed(case):
    """Compressed and deleted after the rotation, before it was read."""
    log = begin(case, **SMALL)
    case.broker.pause()
    log.lines(BACKLOG, **PAD)
    log.rotate("a.log.1")
    case.let_scan()
    rotated = log.beside("a.log.1")
    log.beside("a.log.1.gz").write_bytes(gzip.compress(rotated.read_bytes()))
    rotated.unlink()
    log.lines(FEW)
    case.broker.resume()


@scenario()
def compressed_inside(case):
    """The pattern names the compressed file, too: it is no log, and nothing of it is lost."""
    case.pattern = "*.log*"
    log = begin(case)
    log.rotate("a.log.1")
    log.lines(FEW)
    case.settle()
    rotated = log.beside("a.log.1")
    log.beside("a.log.1.gz").write_bytes(gzip.compress(os.urandom(200_000) + rotated.read_bytes()))
    rotated.unlink()
    case.let_scan()
