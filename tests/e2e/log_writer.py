"""A server's log as the tests write and rotate it: each line has an identity, its path."""

import os
import shutil
import time


class LogLines:
    """Lines that count up; remembers what must be delivered and what may be lost."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.made = 0
        self.lines = []  # (path, bytes of the line) of all that count as written

    def make(self, pad=0, end="\n", path=None):
        path = path or f"/{self.prefix}/{self.made:06d}"
        self.made += 1
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        line = (f'{{"@timestamp":"{stamp}","status":200,"request_uri":"{path}",'
                f'"http_user_agent":"{"x" * pad}"}}{end}').encode()
        self.lines.append((path, len(line)))
        return line

    def take_back(self, count=1):
        """The last lines do not count as written after all; returns their bytes."""
        taken = sum(size for _, size in self.lines[-count:])
        del self.lines[-count:]
        return taken


class LogWriter:
    def __init__(self, path, lines, append=True):
        self.path = path
        self.made = lines
        self.flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else 0)
        self.fd = None
        self.reopen()

    def reopen(self):
        """What a server does when it is told that its log was rotated."""
        self.close()
        self.fd = os.open(self.path, self.flags, 0o644)

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
        self.fd = None

    def write(self, data):
        os.write(self.fd, data)

    def lines(self, count, **how):
        """Whole lines, in one write."""
        self.write(b"".join(self.made.make(**how) for _ in range(count)))

    def beside(self, name):
        """A path from the log's own folder."""
        return self.path.parent / name

    def rename(self, name):
        """The server goes on writing into the renamed file until Reopen."""
        self.path.rename(self.beside(name))

    def rotate(self, name):
        self.rename(name)
        self.reopen()

    def shift(self, generations):
        """As logrotate: .2 becomes .3, .1 becomes .2, the log becomes .1 and begins again."""
        for number in range(generations, 0, -1):
            older = self.beside(f"{self.path.name}.{number}")
            if older.exists():
                older.rename(self.beside(f"{self.path.name}.{number + 1}"))
        self.rotate(f"{self.path.name}.1")

    def copy(self, name):
        self.beside(name).parent.mkdir(exist_ok=True)
        shutil.copyfile(self.path, self.beside(name))

    def copytruncate(self, name):
        self.copy(name)
        self.truncate()

    def truncate(self):
        """A writer with O_APPEND goes on at 0, one without where it was: it leaves a hole."""
        os.truncate(self.path, 0)

    def delete(self):
        self.path.unlink()
        self.close()

    def recreate(self):
        """Deleted and there again at once: ext4 gives it the same inode if nobody holds it."""
        self.delete()
        self.reopen()

    def inode(self):
        return self.path.stat().st_ino
