"""Scenarios: a checkpoint that cannot be written, or was damaged."""

import os
import pathlib

from catalogue import scenario
from processes import wait_for
from rotations import FEW, begin

ROOT = os.geteuid() == 0


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
