"""Scenarios: lines that end oddly, begin alike or are too long."""

from catalogue import scenario
from rotations import FEW, begin


@scenario()
def carriage_returns(case):
    """CRLF ends a line, too."""
    log = begin(case)
    log.lines(FEW, end="\r\n")
    log.lines(FEW)


@scenario(kafka=True)
def half_lines(case):
    """Half a line waits for its newline, across SIGTERM, kill -9 and a rotation."""
    log = begin(case)
    ends = (case.stop, case.kill, lambda: (log.rename("a.log.1"), case.kill()))
    for end in ends:
        line = case.lines.make()
        log.write(line[:20])
        case.let_scan(1)
        end()
        log.write(line[20:40])
        case.launch()
        case.agent.port()
        log.write(line[40:])
        log.lines(FEW)
        case.settle()


@scenario()
def half_line_left(case):
    """A file that is given up with half a line at its end: its bytes are in the ledger."""
    log = begin(case, rotated_wait="1s")
    half = case.lines.make()[:50]
    case.lines.take_back()
    log.write(half)
    case.lost["no_newline"] += len(half)
    log.rotate("a.log.1")
    log.lines(FEW)
    case.let_scan(4)


@scenario()
def half_line_truncated(case):
    """Half a line that is truncated away does not become part of the next one."""
    log = begin(case)
    half = case.lines.make()[:50]
    case.lines.take_back()
    log.write(half)
    case.lost["truncated"] += len(half)
    case.let_scan(1)
    log.truncate()
    log.lines(FEW // 4)


@scenario()
def long_lines(case):
    """Lines over max_line are skipped and counted, however they arrive."""
    log = begin(case, max_line="2KiB")
    for size in 2_000, 2_049, 300_000, 600_000:
        line = case.lines.make(pad=size)
        case.lines.take_back()
        log.write(line)
        case.lost["long_line"] += len(line)
        log.lines(FEW)
    line = case.lines.make(pad=10_000)
    case.lines.take_back()
    case.lost["long_line"] += len(line)
    for at in range(0, len(line), 3_000):
        log.write(line[at:at + 3_000])
        case.let_scan(0.3)
    log.lines(FEW)


def same_beginnings(case, **first):
    """Several logs that begin alike, at first of nothing else."""
    logs = [case.log(f"{name}.log") for name in "abcde"]
    case.start()
    for log in logs:
        log.lines(1, path="/same", **first)
    case.settle()
    for log in logs[:3]:
        log.lines(FEW)
    case.settle()
    case.stop()
    for log in logs:
        log.lines(FEW)
    logs[0].rotate("a.log.1")
    logs[0].lines(1, path="/same", **first)
    logs[1].rotate("f.log")
    logs[1].lines(FEW)
    case.launch()


@scenario(kafka=True)
def same_first_lines(case):
    """Logs with the same first line are different logs, also while they have no other line."""
    same_beginnings(case)


@scenario()
def same_first_pages(case):
    """The first 2 KiB are the same."""
    same_beginnings(case, pad=2_200)
