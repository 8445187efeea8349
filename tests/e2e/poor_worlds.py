"""Scenarios: too many files, too few descriptors and inotify watches, no rights, no folder."""

import os
import shutil

from catalogue import scenario
from pipeline import fetch
from rotations import FEW

NOBODY = 65534
ROOT = os.geteuid() == 0


@scenario()
def many_files(case):
    """2,000 files at once, then two rotations of some."""
    logs = [case.log(f"{number}.log") for number in range(2000)]
    for log in logs:
        log.lines(3)
    case.start()
    case.seconds = 40
    case.settle()
    for log in logs[::10]:
        log.rotate(f"{log.path.name}.1")
    for log in logs:
        log.lines(2)
        log.close()


@scenario()
def few_descriptors(case):
    """500 files with 64 descriptors: every file gets its turn, and the agent says what limits it."""
    logs = [case.log(f"{number}.log") for number in range(500)]
    for log in logs:
        log.lines(3)
    case.prefix = ["prlimit", "--nofile=64:64"]
    case.start()
    case.seconds = 40
    case.settle()
    for log in logs:
        log.lines(2)
        log.close()


def as_nobody(case):
    """Root reads everything, so root runs the agent as nobody."""
    if not ROOT:
        return
    case.prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    (case.folder / "run").chmod(0o777)


@scenario()
def unreadable_at_first(case):
    """A log without permission is followed from its beginning once it may be read."""
    as_nobody(case)
    log = case.log()
    log.path.chmod(0)
    log.lines(FEW)
    case.start()
    case.agent.wait_for_output("[Pp]ermission denied")
    log.path.chmod(0o644)
    case.settle()
    log.rotate("a.log.1")
    log.path.chmod(0o640)
    log.lines(FEW)
    case.let_scan()
    log.path.chmod(0o644)


@scenario()
def folder_unreadable_at_first(case):
    """The same with its folder."""
    as_nobody(case)
    log = case.log()
    log.lines(FEW)
    case.logs.chmod(0)
    case.start()
    case.let_scan(1.5)
    case.logs.chmod(0o755)


@scenario()
def folder_later(case):
    """A folder that appears later, and one that is moved away and replaced."""
    case.pattern = "later/*/*.log"
    case.start()
    (case.logs / "later" / "one").mkdir(parents=True)
    log = case.log("later/one/a.log")
    log.lines(FEW)
    case.settle()
    (case.logs / "later" / "one").rename(case.logs / "later" / "two")
    log.lines(FEW)
    (case.logs / "later" / "one").mkdir()
    log.reopen()
    log.lines(FEW)
    case.settle()
    (case.logs / "later").rename(case.logs / "gone")
    log.lines(FEW)
    (case.logs / "later" / "three").mkdir(parents=True)
    case.log("later/three/a.log").lines(FEW)


def with_limit(case, limit, value):
    """Runs the agent in a user namespace that has a limit of its own."""
    case.prefix = ["unshare", "--user", "--map-root-user", "sh", "-c",
                   f'echo {value} > /proc/sys/user/{limit} || exit 9; exec "$0" "$@"']


def rotated_in_folders(case):
    case.pattern = "*/*.log"
    logs = []
    for number in range(8):
        (case.logs / f"{number}").mkdir()
        logs.append(case.log(f"{number}/a.log"))
        logs[-1].lines(FEW)
    case.start()
    case.settle()
    for _ in range(2):
        for log in logs:
            log.shift(2)
            log.lines(FEW)
        case.settle()


@scenario(modes=("inotify",))
def no_watches_left(case):
    """With fs.inotify.max_user_watches used up the scan alone finds everything."""
    with_limit(case, "max_inotify_watches", 2)
    rotated_in_folders(case)


@scenario(modes=("inotify",))
def no_instances_left(case):
    """With fs.inotify.max_user_instances used up, too."""
    with_limit(case, "max_inotify_instances", 0)
    rotated_in_folders(case)


@scenario()
def readiness(case):
    """Ready and healthy whatever its files are like."""
    case.pattern = "no-such-folder/*.log"
    case.start()
    for page in "/readyz", "/healthz":
        status, _ = fetch(case.agent.port(), page)
        if status != 200:
            raise AssertionError(f"{page}: {status}")


def binary_for_all(build, folder):
    """A build folder with the agent that any user may run."""
    (folder / "agent").mkdir(parents=True)
    shutil.copy(build / "agent" / "routerate-agent", folder / "agent")
    (folder / "agent" / "routerate-agent").chmod(0o755)
    return folder
