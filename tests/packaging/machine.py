"""A machine with a systemd of its own: namespaces over this machine's files, which stay as they are.

What is written there is in memory. It is gone, with all its processes, when its `with` ends.
"""

import contextlib
import os
import pathlib
import re
import subprocess

from processes import Failed, wait_for

BOOT = pathlib.Path(__file__).resolve().with_name("machine_boot.sh")
NAMESPACES = ("--mount", "--pid", "--cgroup", "--ipc", "--uts")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}


def cgroups():
    """Where this machine has its hierarchy of version 2, or None."""
    found = re.search(r"^\S+ (\S+) cgroup2 ", pathlib.Path("/proc/mounts").read_text(), re.MULTILINE)
    return found and pathlib.Path(found[1])


def why_not():
    """What this machine lacks, or None."""
    if os.geteuid() != 0:
        return "a systemd of its own takes root"
    if not cgroups():
        return "there is no cgroup2"
    tried = subprocess.run(["unshare", *NAMESPACES, "--fork", "mount", "-t", "tmpfs", "trial", "/mnt"],
                           capture_output=True, text=True)
    return tried.stderr.strip() or None


class Machine:
    """`shared`: a folder that is seen in the same place there."""

    def __init__(self, programs, folder, shared):
        self.programs = programs
        self.folder = folder
        self.shared = shared
        self.cgroup = cgroups() / f"routerate-{os.getpid()}"

    def __enter__(self):
        self.folder.mkdir()
        self.cgroup.mkdir()
        self.unshare = self.programs.start("machine", [
            "sh", "-c", 'echo $$ >"$0" && exec "$@"', self.cgroup / "cgroup.procs",
            "unshare", *NAMESPACES, "--fork", "--kill-child", BOOT, self.folder, self.shared])
        try:
            wait_for("systemd is up", self._is_up)
        except Failed as failure:
            self.__exit__()
            raise Failed(f"{failure}\n{self.unshare.tail()}") from None
        return self

    def __exit__(self, *_):
        self.unshare.kill()
        for group in sorted(self.cgroup.glob("**/"), reverse=True):
            wait_for(f"{group} is empty", lambda group=group: self._removed(group))

    @staticmethod
    def _removed(group):
        with contextlib.suppress(OSError):
            group.rmdir()
        return not group.exists()

    def _is_up(self):
        if not self.unshare.running():
            raise Failed("it ended")
        return self.process() and self.ask("systemctl", "is-active", "basic.target").stdout == "active\n"

    def process(self):
        """systemd, as this machine sees it."""
        pid = self.unshare.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return children and children[0]

    def path(self, path):
        """A file of the machine, as this machine sees it."""
        return pathlib.Path(f"/proc/{self.process()}/root{path}")

    def ask(self, *command):
        """Runs a command there, whatever comes of it."""
        return subprocess.run(["nsenter", "--target", self.process(), *NAMESPACES, "--root", "--wd",
                               *map(str, command)], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)

    def run(self, *command):
        """What a command there prints."""
        run = self.ask(*command)
        if run.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))} exits with {run.returncode}:\n{run.stdout}{run.stderr}")
        return run.stdout

    def wait_for_output(self, service, pattern):
        """What a service has printed and `pattern` finds."""
        log = self.path(f"/run/{service}.log")
        return wait_for(f"'{pattern}' from {service}",
                        lambda: log.exists() and re.search(pattern, log.read_text()))
