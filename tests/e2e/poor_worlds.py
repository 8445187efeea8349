"""Scenarios: too many files, too few descriptors, watches, rights, blocks; a damaged checkpoint."""

import os
import pathlib
import shutil

from catalogue import scenario
from pipeline import fetch
from processes import wait_for
from rotations import FEW, begin

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


def small_disk(case):
    """A folder on a disk of 64 KiB that is there for the agent, and as long as its holder runs."""
    (case.folder / "small").mkdir()
    user = [] if ROOT else ["--user", "--map-root-user"]
    holder = case.programs.start("holder", [
        "unshare", *user, "--mount", "sh", "-c", f"mount -t tmpfs -o size=64k none "
        f"{case.folder / 'small'} && echo mounted && exec sleep infinity"])
    holder.wait_for_output("mounted")
    process = holder.process.pid
    case.prefix = ["nsenter", f"--mount=/proc/{process}/ns/mnt",
                   *([] if ROOT else [f"--user=/proc/{process}/ns/user", "--preserve-credentials"])]
    return pathlib.Path(f"/proc/{process}/root{case.folder / 'small'}")


@scenario(modes=("inotify",), kafka=True)
def full_disk(case):
    """No room for the checkpoint: shipping goes on, the agent says so and when it is over; the older
    checkpoint is valid after kill -9."""
    disk = small_disk(case)
    log = begin(case, checkpoint=str(case.folder / "small" / "checkpoint"))
    wait_for("a checkpoint", (disk / "checkpoint").exists)
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            pass
    log.lines(FEW)
    case.settle()
    case.agent.wait_for_output("checkpoint not saved")
    log.rotate("a.log.1")
    log.lines(FEW)
    case.settle()
    case.kill()
    log.lines(FEW)
    case.launch()
    case.settle()
    case.agent.wait_for_output("checkpoint not saved")
    (disk / "filler").unlink()
    log.lines(FEW)
    case.agent.wait_for_output("checkpoint saved again")


def damage(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)


def checkpoints_of(case):
    """An agent was killed; its checkpoint and the one before."""
    log = begin(case)
    checkpoint = case.folder / "run" / "agent.checkpoint"
    previous = checkpoint.with_name("agent.checkpoint.previous")
    log.lines(FEW)
    case.settle()
    log.rotate("a.log.1")
    log.lines(FEW)
    case.settle()
    wait_for("two checkpoints", lambda: checkpoint.exists() and previous.exists())
    case.kill()
    log.lines(FEW)
    return log, checkpoint, previous


@scenario()
def damaged_checkpoint(case):
    """A damaged checkpoint falls back to the previous one, and the agent says so."""
    _, checkpoint, _ = checkpoints_of(case)
    damage(checkpoint)
    case.launch()
    case.agent.wait_for_output("checkpoint .*using .*previous")


@scenario()
def empty_checkpoint(case):
    """So does an empty one, as a power cut may leave it behind."""
    _, checkpoint, _ = checkpoints_of(case)
    checkpoint.write_bytes(b"")
    case.launch()
    case.agent.wait_for_output("checkpoint .*using .*previous")


@scenario()
def damaged_checkpoints(case):
    """Both damaged: what the patterns name is read again, and counted no second time."""
    _, checkpoint, previous = checkpoints_of(case)
    damage(checkpoint)
    damage(previous)
    case.launch()
    case.agent.wait_for_output("read from their beginning")


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
