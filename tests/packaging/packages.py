"""What packaging/build.sh has made, for the tests of it."""

import json
import pathlib
import re
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY / "tests" / "e2e")]

from pipeline import fetch  # noqa: E402

PACKAGING = REPOSITORY / "packaging"
BUILT = REPOSITORY / "build" / "packages"
VERSION = re.search(r"project\(routerate VERSION (\S+)", (REPOSITORY / "CMakeLists.txt").read_text())[1]
PROGRAMS = ("routerate-agent", "routerate-aggregator")


def package(name):
    """The path of a package; packaging/build.sh comes first."""
    found = list(BUILT.glob(f"{name}_{VERSION}_*.deb"))
    if len(found) != 1:
        raise FileNotFoundError(f"{name} {VERSION} is not in {BUILT}: run packaging/build.sh")
    return found[0]


def output(*words):
    """What a command prints; its failure is told with what it said."""
    run = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        raise AssertionError(f"{words[0]} exits with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.stdout


def counted(port):
    """The requests that an aggregator on this port has counted; None while it does not say."""
    status, body = fetch(port, "/stats?format=json")
    return sum(row["total"] for row in json.loads(body)) if status == 200 else None
