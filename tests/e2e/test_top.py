#!/usr/bin/env python3
"""routerate-aggregator top in a terminal: it draws, follows the size, and leaves nothing behind."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from end_to_end import BUILD, EndToEnd
from processes import wait_for

PROGRAM = BUILD / "aggregator" / "routerate-aggregator"
LINES = 500
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"


class Terminal:
    """A pseudo-terminal with a program on it, and all that it wrote."""

    def __init__(self, argv, columns, rows):
        self.master, slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.resize(columns, rows)
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True)
        self.output = ""

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        try:
            self.output += os.read(self.master, 1 << 20).decode()
        except BlockingIOError:
            pass
        return self.output

    def screen(self):
        """The lines of the newest whole screen, without escapes."""
        screens = self.read().split("\x1b[H")[1:]
        whole = [screen for screen in screens if "\x1b[J" in screen]
        return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", whole[-1]).split("\r\n") if whole else []

    def press(self, key):
        os.write(self.master, key)

    def ended(self):
        """The exit code once it has ended, what it wrote read; else None."""
        self.read()
        return self.process.poll()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class Top(EndToEnd):
    def setUp(self):
        super().setUp()
        self.view = self.counted_pipeline(LINES)
        self.url = f"http://127.0.0.1:{self.view.aggregator_port}"

    def top(self, *words, columns=100, rows=12):
        terminal = Terminal([PROGRAM, "top", "--url", self.url, *words],
                            columns, rows)
        self.addCleanup(terminal.close)
        return terminal

    def run_once(self, *words):
        run = subprocess.run([PROGRAM, "top", "--url", self.url, *words], text=True,
                             capture_output=True)
        return run.returncode, run.stdout, run.stderr

    def test_terminal(self):
        terminal = self.top("--interval=100ms")
        wait_for("a screen", lambda: "routerate" in (terminal.screen() or [""])[0])
        self.assertEqual(len(terminal.screen()), 12)  # the last one is empty
        self.assertLessEqual(max(map(len, terminal.screen())), 100)
        terminal.resize(60, 6)
        wait_for("the new size", lambda: len(terminal.screen()) == 6
                 and max(map(len, terminal.screen())) <= 60)
        self.view.aggregator.kill()
        wait_for("no number", lambda: "no numbers:" in terminal.screen()[0]
                 and len(terminal.screen()) == 2)
        terminal.press(b"q")
        wait_for("the end", lambda: terminal.ended() is not None)
        self.assertEqual(terminal.ended(), 0)
        self.assertTrue(terminal.read().startswith(ENTER) and terminal.read().endswith(LEAVE))
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)

    def test_interrupt(self):
        """Also where there is no pause between two screens."""
        for interval in "1s", "0s":
            terminal = self.top(f"--interval={interval}")
            wait_for("a screen", terminal.screen)
            terminal.process.send_signal(2)
            wait_for("the end", lambda: terminal.ended() is not None)
            self.assertEqual(terminal.ended(), 0)
            self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)

    def test_once(self):
        """Where there is no terminal it is plain text, once, made for grep."""
        code, text, errors = self.run_once("--grep", "/orders ", "--sort=total")
        self.assertEqual((code, errors), (0, ""))
        self.assertNotIn("\x1b", text)
        self.assertEqual({tuple(line.split()[-2:]) for line in text.splitlines()[4:]},
                         {("GET", "/orders"), ("POST", "/orders")})
        code, text, errors = self.run_once("--grep", "(")
        self.assertEqual((code, text), (1, ""))
        self.assertIn("400 grep '('", errors)
        self.url = "http://127.0.0.1:1"
        code, text, errors = self.run_once()
        self.assertEqual((code, text), (1, ""))
        self.assertIn("Connection refused", errors)


if __name__ == "__main__":
    unittest.main()
