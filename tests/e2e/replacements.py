"""Scenarios: logs that are deleted, made again, linked, moved, replaced."""

import shutil

from catalogue import scenario
from rotations import BACKLOG, FEW, PAD, SMALL, begin


@scenario(pauses=True, kafka=True)
def deleted_unread(case):
    """Deleted with bytes unread, created again later."""
    log = begin(case, **SMALL)
    case.broker.pause()
    log.lines(BACKLOG, **PAD)
    case.let_scan()
    log.delete()
    case.let_scan()
    log.reopen()
    log.lines(FEW)
    case.broker.resume()


@scenario()
def recreated(case):
    """Deleted and created again at once."""
    log = begin(case)
    for _ in range(3):
        log.recreate()
        log.lines(FEW)
        case.settle()


@scenario(kafka=True)
def recreated_dead(case):
    """Deleted and created again while no agent runs, on the same inode, shorter than before."""
    log = begin(case)
    case.stop()
    before = log.inode()
    log.recreate()
    print(f"recreated_dead: inode reused: {log.inode() == before}")
    log.lines(FEW // 2)
    case.launch()


@scenario()
def recreated_dead_longer(case):
    """... and longer than before, with the same first line."""
    log = case.log()
    log.lines(1, path="/same")
    log.lines(FEW)
    case.start()
    case.settle()
    case.stop()
    log.recreate()
    log.lines(1, path="/same")
    log.lines(3 * FEW)
    case.launch()


@scenario(kafka=True)
def link_switched(case):
    """The log is a symbolic link that is switched from file to file."""
    case.pattern = "current.log"
    link = case.logs / "current.log"
    for day in range(3):
        log = case.log(f"day{day}")
        fresh = case.logs / "fresh"
        fresh.symlink_to(log.path)
        fresh.rename(link)
        log.lines(FEW)
        if day == 0:
            case.start()
        else:
            case.writers[day - 1].lines(FEW)  # its server has not been told yet
        case.settle()


@scenario()
def links_chained(case):
    """A link to a link to a file in another folder, rotated behind both."""
    folder = case.folder / "containers"
    folder.mkdir()
    log = case.log("../containers/real")
    (case.logs / "middle").symlink_to(log.path)
    (case.logs / "a.log").symlink_to(case.logs / "middle")
    log.lines(FEW)
    case.start()
    case.settle()
    for generation in range(3):
        log.rename(f"real.{generation}")
        log.lines(FEW)
        case.let_scan(1)
        log.reopen()
        log.lines(FEW)
        case.settle()


@scenario()
def moved_away(case):
    """The log is moved to another folder and written on there."""
    log = begin(case)
    log.lines(FEW)
    elsewhere = case.folder / "elsewhere"
    elsewhere.mkdir()
    log.path.rename(elsewhere / "a.log")
    log.lines(FEW)
    case.let_scan()
    log.lines(FEW)
    log.reopen()
    log.lines(FEW)


def replace(case, log, write):
    """A file with another inode takes the log's name."""
    shutil.copyfile(log.path, case.folder / "copy")
    write(case.folder / "copy")
    (case.folder / "copy").rename(log.path)
    log.reopen()


@scenario()
def replaced_same(case):
    """Replaced by a copy of itself (an editor, rsync): nothing is read twice; it goes on there."""
    log = begin(case)
    replace(case, log, lambda copy: None)
    case.let_scan()
    log.lines(FEW)


@scenario()
def replaced_same_dead(case):
    """Replaced by a copy of itself while no agent runs."""
    log = begin(case)
    case.stop()
    replace(case, log, lambda copy: None)
    log.lines(FEW)
    case.launch()


@scenario()
def replaced_other(case):
    """Replaced by a file with other content of the same size."""
    log = begin(case)
    lines = b"".join(case.lines.make() for _ in range(FEW))
    replace(case, log, lambda copy: copy.write_bytes(lines))
    case.let_scan()
    log.lines(FEW)
