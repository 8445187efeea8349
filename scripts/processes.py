"""Programs that a script starts and certainly stops, and waiting for conditions with a deadline."""

import ctypes
import random
import re
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
PORTS = range(20_000, 32_768)
LISTENING = re.compile(r"listening on \S*?:(\d+)")


class Failed(Exception):
    """Something that was waited for did not come, with what was seen instead."""


def wait_for(what, condition, seconds=30.0, poll=0.05):
    """Returns condition()'s first true value; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"not within {seconds:g} s: {what} (last seen: {value!r})")
        time.sleep(poll)


def free_port():
    """A port that was free a moment ago, for programs that cannot choose one themselves.

    From below those that the kernel gives to outgoing connections: one of them might take it first.
    """
    return wait_for("a free port", lambda: next(
        filter(port_is_free, random.sample(PORTS, 100)), None), poll=0)


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Program:
    """One running program; stdout and stderr go to a log file."""

    def __init__(self, name, argv, log, death_signal=signal.SIGKILL):
        self.name = name
        self.log = log
        self.log_begin = log.stat().st_size if log.exists() else 0
        self.death_signal = death_signal
        # A session of its own: Ctrl-C is this script's to handle. The kernel ends the program even
        # if this script is killed.
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in argv], stdout=output, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, death_signal))

    def output(self):
        """What it has printed since this start."""
        with open(self.log, "rb") as log:
            log.seek(self.log_begin)
            return log.read().decode("utf-8", "replace")

    def running(self):
        return self.process.poll() is None

    def wait_for_output(self, pattern, seconds=30.0):
        def seen():
            found = re.search(pattern, self.output())
            if not found and not self.running():
                raise Failed(f"{self.name} exited with {self.process.returncode} before it said "
                             f"'{pattern}':\n{self.tail()}")
            return found

        try:
            return wait_for(f"'{pattern}' from {self.name}", seen, seconds)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.tail()}") from None

    def port(self):
        """The port it says that it listens on."""
        return int(self.wait_for_output(LISTENING)[1])

    def tail(self, lines=20):
        return "\n".join(self.output().splitlines()[-lines:])

    def signal(self, number):
        self.process.send_signal(number)

    def exit_code(self, seconds=40.0):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} still runs after {seconds:g} s:\n{self.tail()}") from None

    def terminate(self, seconds=40.0):
        """SIGTERM; returns the exit code once it has ended."""
        if self.running():
            self.signal(signal.SIGTERM)
        return self.exit_code(seconds)

    def kill(self):
        """At once; a program with children (nginx) is asked by its own signal to end them, too."""
        if self.running():
            self.signal(self.death_signal)
        self.exit_code()


class Programs:
    """All programs of a script, stopped in reverse order when its `with` ends."""

    def __init__(self, folder):
        self.folder = folder
        self.started = []

    def start(self, name, argv, **options):
        program = Program(name, argv, self.folder / f"{name}.log", **options)
        self.started.append(program)
        return program

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self.started):
            program.kill()
