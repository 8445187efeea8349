"""What a page of results tells of its run, so that it can be repeated: command, time, commit, machine."""

import os
import pathlib
import platform
import re
import shlex
import subprocess
import time

from bench_world import BUILD, REPOSITORY

SOURCES = ("agent", "aggregator", "base", "parsers")  # what the programs are made of


def output_of(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True,
                          cwd=REPOSITORY).stdout.strip()


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines] + [""]


def machine():
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    kib = int(re.search(r"^MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, "
            f"{kib / (1 << 20):.0f} GiB, Linux {platform.release()}")


def commit():
    """The last of this checkout that changed the programs' sources; they may have been built of others."""
    changed = output_of("git", "status", "--porcelain", "--", *SOURCES)
    return output_of("git", "log", "-1", "--format=%h", "--", *SOURCES) + (" and changes" if changed else "")


def built(program):
    moment = time.gmtime((BUILD / program / f"routerate-{program}").stat().st_mtime)
    return time.strftime("%Y-%m-%d %H:%M UTC", moment)


def facts(command):
    """Rows of the page's first table."""
    return [("command", f"`{shlex.join(command)}`"),
            ("time", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())),
            ("commit of the checkout's sources", commit()),
            ("agent, aggregator built", f"{built('agent')}, {built('aggregator')}"),
            ("machine", machine())]
