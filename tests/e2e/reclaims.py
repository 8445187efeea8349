"""Scenarios: blocks of acknowledged lines are given back, or the agent says why they are not."""

import tempfile
from pathlib import Path

from catalogue import scenario
from poor_worlds import ROOT, as_nobody
from processes import wait_for
from rotations import FEW, begin

MANY = 3000  # lines of half a KiB
PAD = {"pad": 400}
RECLAIM = {"reclaim": "punch", "reclaim_step": "64KiB"}
MOST = 256 << 10  # bytes that stay on disk: the head, a step, a tail


def is_small(path):
    return path.stat().st_blocks * 512 < MOST < path.stat().st_size


def grow(case, log):
    log.lines(MANY, **PAD)
    case.settle()
    wait_for(f"{log.path.name} small on disk", lambda: is_small(log.path))


def grow_through_everything(case):
    """A log that grows, an agent that is killed, a rename."""
    log = begin(case, **RECLAIM)
    for _ in range(3):
        grow(case, log)
    case.kill()
    log.lines(MANY, **PAD)
    case.launch()
    grow(case, log)
    log.rename("a.log.1")
    log.lines(MANY, **PAD)
    log.reopen()
    grow(case, log)
    wait_for("a.log.1 small on disk", lambda: is_small(log.beside("a.log.1")))
    if case.metric("routerate_agent_reclaimed_bytes_total") < MANY * PAD["pad"]:
        raise AssertionError("what was given back is not counted")


@scenario(kafka=True)
def reclaimed(case):
    """With reclaim: punch a log stays small on disk through kill -9 and a rename."""
    grow_through_everything(case)


@scenario()
def reclaimed_in_memory(case):
    """The same on tmpfs, as on an emptyDir with medium: Memory."""
    case.logs = Path(case.until_closed(tempfile.TemporaryDirectory(dir="/dev/shm")))
    case.logs.chmod(0o755)
    grow_through_everything(case)


@scenario()
def reclaimed_copied(case):
    """A copy that begins with a hole, and whose end becomes one in the log, is not read."""
    case.pattern = "*.log*"
    log = begin(case, **RECLAIM)
    grow(case, log)
    log.copy("a.log.bak")
    grow(case, log)
    case.kill()
    case.launch()
    grow(case, log)


@scenario()
def reclaimed_copytruncate(case):
    """copytruncate of a log with holes: what was written last is read once."""
    log = begin(case, **RECLAIM)
    for generation in range(2):
        grow(case, log)
        log.lines(FEW)
        log.copytruncate(f"a.log.{generation}")
        log.lines(FEW)
        case.settle()


@scenario()
def reclaim_refused(case):
    """A log that the agent may not write is followed all the same, and the agent says what to do."""
    as_nobody(case)
    log = case.log()
    log.path.chmod(0o644 if ROOT else 0o444)
    log.lines(FEW)
    case.start(**RECLAIM)
    case.agent.wait_for_output(r"reclaim: open .*a\.log: Permission denied; .*let the agent's user write")
    log.lines(MANY, **PAD)
