"""Writers of the storm: each fills a log of its own and rotates it every second, in every style."""

import collections
import os
import shutil
import threading
import time

BLOCK = 100  # lines of one write
LINE = ('{"@timestamp":"%s","status":200,"request_uri":"/%s/%07d","http_user_agent":"storm"}\n')


class StormWriter(threading.Thread):
    """Rotates between its writes only, so that no rotation loses a line by itself."""

    def __init__(self, folder, name, lines, seconds, random, styles):
        super().__init__(daemon=True)
        self.folder = folder
        self.name = name
        self.path = folder / f"{name}.log"
        self.wanted = lines
        self.seconds = seconds
        self.random = random
        self.styles = styles
        self.written = 0
        self.rotations = collections.Counter()
        self.failure = None
        self.waiting = threading.Event()  # never set: waits for time
        self.fd = None

    def run(self):
        try:
            self.start_log()
            begin = time.monotonic()
            rotate_at = begin + self.random.random()
            while self.written < self.wanted:
                due = begin + self.written * self.seconds / self.wanted
                self.waiting.wait(max(0.0, due - time.monotonic()))
                self.write_block()
                if time.monotonic() >= rotate_at:
                    rotate_at += 1
                    self.rotate()
            os.close(self.fd)
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure  # the test looks at it

    def write_block(self):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        end = min(self.written + BLOCK, self.wanted)
        os.write(self.fd, "".join(LINE % (stamp, self.name, number)
                                  for number in range(self.written, end)).encode())
        self.written = end

    def start_log(self):
        self.open(self.path)

    def open(self, path):
        if self.fd is not None:
            os.close(self.fd)
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def rotate(self):
        style = self.random.choice(self.styles)
        self.rotations[style] += 1
        number = self.rotations.total()
        getattr(self, style)(self.folder / f"{self.name}.{number}.log",
                             self.folder / f"{self.name}.log.{number}")

    # --- styles: the name that the pattern names, and the one that it does not name

    def renamed_inside(self, inside, _):
        self.path.rename(inside)
        self.write_block()
        self.open(self.path)

    def renamed_outside(self, _, outside):
        self.path.rename(outside)
        self.write_block()
        self.open(self.path)

    def renamed_with_gap(self, _, outside):
        self.path.rename(outside)
        self.write_block()
        self.waiting.wait(0.2)
        self.open(self.path)

    def copied_inside(self, inside, _):
        shutil.copyfile(self.path, inside)
        os.truncate(self.path, 0)

    def copied_outside(self, _, outside):
        """Not lossless: lines unread then are in the copy only."""
        shutil.copyfile(self.path, outside)
        os.truncate(self.path, 0)


class LinkWriter(StormWriter):
    """Its log is a symbolic link, switched from file to file."""

    def start_log(self):
        self.linked(None, self.folder / f"{self.name}.log.0")

    def rotate(self):
        self.rotations["linked"] += 1
        self.linked(None, self.folder / f"{self.name}.log.{self.rotations.total()}")

    def linked(self, _, target):
        old = self.fd
        self.fd = None
        self.open(target)
        fresh = self.folder / f"{self.name}.fresh"
        fresh.symlink_to(target)
        fresh.rename(self.path)
        if old is not None:
            os.close(old)
