"""Scenarios: logs that another client of a network file system writes.

Its mount here is a stand-in (remote_mount.py): what is written shows up to two seconds late, inotify
tells of nothing, and the handle of a deleted file is stale at once. Without FUSE, or the rights to
it, the scenarios run on the folder itself.
"""

import os
import pathlib
import subprocess

from catalogue import scenario
from rotations import FEW

PROGRAM = pathlib.Path(__file__).with_name("remote_mount.py")
BELIEVED_SECONDS = 2  # names and attributes, by the agent's kernel


def can_mount():
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return False
    modules = subprocess.run(["/usr/bin/python3", "-c", "import pyfuse3, trio"], check=False,
                             stderr=subprocess.DEVNULL)
    return modules.returncode == 0


def seen_by_agent(case):
    """The folder of the logs as the agent has it."""
    if not can_mount():
        print(f"{case.name}: no FUSE here, so the folder itself")
        return case.logs
    mount = case.folder / "mount"
    mount.mkdir()
    program = case.programs.start("mount", [PROGRAM, case.logs, mount, BELIEVED_SECONDS])
    case.stack.callback(subprocess.run, ["fusermount3", "-u", "-z", mount], check=False)
    program.wait_for_output("mounted")
    return mount


def begin(case):
    """An agent that has delivered some lines, and finds out for itself that nothing will be told."""
    log = case.log()
    log.lines(FEW)
    folder = seen_by_agent(case)
    case.start(watch="auto", inputs=[{"path": str(folder / "*.log"), "format": "nginx"}])
    case.settle()
    return log


@scenario(modes=("poll",))
def remote_rotated(case):
    """Renamed, several generations within the time that names are believed for."""
    log = begin(case)
    for _ in range(4):
        log.lines(FEW)
        log.shift(5)
        log.lines(FEW)
    case.settle()
    log.shift(5)
    log.lines(FEW)


@scenario(modes=("poll",))
def remote_copied(case):
    """Copied and truncated, and grown past the old size before that shows."""
    log = begin(case)
    for generation in range(3):
        log.lines(FEW)
        log.copytruncate(f"a.log.{generation}")
        log.lines(3 * FEW)
        case.settle()


@scenario(modes=("poll",))
def remote_deleted(case):
    """Deleted and made again: the old handle is stale, which holds up nobody."""
    log = begin(case)
    for _ in range(3):
        log.recreate()
        log.lines(FEW)
        case.settle()


@scenario(modes=("poll",))
def remote_restarted(case):
    """Rotated while no agent runs, on inodes that the server gives out again."""
    log = begin(case)
    case.kill()
    log.lines(FEW)
    log.shift(5)
    log.lines(FEW)
    case.launch()
    case.settle()
    case.stop()
    log.recreate()
    log.lines(FEW)
    case.launch()
