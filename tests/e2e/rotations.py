"""Scenarios: files that are renamed, deleted, moved, replaced; the lines in them stay whole."""

import gzip
import os
import shutil

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
