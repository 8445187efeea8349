"""Scenarios: SIGTERM drains or says what is left, SIGHUP takes a new configuration."""

import signal
import time

from catalogue import scenario
from processes import wait_for
from rotations import FEW, begin

BACKLOG_LINES, BACKLOG_PAD = 9_000, 450  # 5 MB


@scenario(modes=(), kafka=True)  # the embedded broker does not keep so much
def drained(case):
    """SIGTERM with a backlog of 5 MB: all of it is shipped, exit 0."""
    log = case.log()
    log.lines(BACKLOG_LINES, pad=BACKLOG_PAD)
    case.start()
    case.stop()


@scenario(pauses=True)
def stopped_without_broker(case):
    """SIGTERM without a broker: exit 2 at drain_timeout, what is left is told, nothing is lost."""
    log = begin(case, drain_timeout="2s")
    case.broker.pause()
    log.lines(FEW)
    begin_of_drain = time.monotonic()
    case.stop(code=2)
    case.agent.wait_for_output("not drained within drain_timeout: .*bytes")
    took = time.monotonic() - begin_of_drain
    if not 1.9 < took < 6:
        raise AssertionError(f"drain_timeout is 2 s, it took {took:.1f} s")
    case.broker.resume()
    case.configure(drain_timeout="25s")
    case.launch()


# Whatever this test was started by: a shell may have it ignore SIGHUP.
DEFAULT_SIGNALS = ["env", "--default-signal=HUP"]


def hang_up(case):
    case.agent.signal(signal.SIGHUP)


@scenario()
def new_configuration(case):
    """SIGHUP: a new input is followed, without a restart and without a goodbye."""
    case.prefix = DEFAULT_SIGNALS
    log = begin(case)
    process = case.agent.process.pid
    case.configure(inputs=[{"path": str(case.logs / name), "format": "nginx"}
                           for name in ("*.log", "*.txt")])
    other = case.log("b.txt")
    other.lines(FEW)
    hang_up(case)
    log.lines(FEW)
    case.settle()
    if not case.agent.running() or case.agent.process.pid != process:
        raise AssertionError("another process")
    if case.broker.reader.sources[case.source].goodbyes:
        raise AssertionError("it said goodbye")


@scenario()
def wrong_configuration(case):
    """SIGHUP with a mistake in the file: it is told with its line; the agent goes on as before."""
    case.prefix = DEFAULT_SIGNALS
    log = begin(case)
    config = case.pipeline.folder / "agent.yaml"
    right = config.read_text()
    config.write_text(right.replace('"checkpoint"', '"checkpiont"'))
    hang_up(case)
    case.agent.wait_for_output(r"agent\.yaml:\d+: checkpiont: unknown key")
    log.lines(FEW)
    case.settle()
    config.write_text(right)
    hang_up(case)
    log.lines(FEW)
    wait_for("it runs on", case.agent.running)
