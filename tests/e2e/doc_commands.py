"""The commands in the documents, run as they stand: fenced blocks whose language is sh.

    ```sh            needs the programs and this machine
    ```sh cluster    needs Kubernetes

All that is changed are the ports 9464 and 9465, which somebody else may have. Other code is shown, not
run: it is indented, or has another language.
"""

import dataclasses
import os
import re
import shlex
import signal
import subprocess

from end_to_end import REPOSITORY
from processes import Failed

_BLOCK = re.compile(r"^```(\w+)([ \w]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Blocks that no test can run as they stand: a part of the text, why not, and what is run instead.
NOT_RUN = (
    ("kubectl -n routerate port-forward",
     "it needs a kubelet; test_chart.py asks a replica of the chart's"),
    ("kubectl -n shop describe hpa shop | grep",
     "it needs an aggregator that the API server reaches; test_hpa.py has one"),
)


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block; `flags` are the words behind its language."""

    document: str
    line: int
    language: str
    flags: tuple
    text: str

    def why_not(self):
        """Why it is not run; None: it is."""
        return next((why for part, why in NOT_RUN if part in self.text), None)

    def place(self):
        return f"{self.document}:{self.line}"


def blocks(document, language="sh", flags=()):
    """Those of `document`, a path from the root, in this language and with these flags."""
    text = (REPOSITORY / document).read_text()
    for found in _BLOCK.finditer(text):
        block = Block(document, text.count("\n", 0, found.start()) + 1, found[1],
                      tuple(found[2].split()), found[3])
        if (block.language, block.flags) == (language, flags):
            yield block


def one_liners(document):
    """Each line of each block that is no comment."""
    return [line for block in blocks(document) for line in block.text.splitlines()
            if line and not line.startswith("#")]


def with_ports(text, ports):
    """`text` with each port of the documents in place of it."""
    return re.sub(r"(?:localhost|127\.0\.0\.1):(946[45])\b",
                  lambda found: f"127.0.0.1:{ports[int(found[1])]}", text)


def run(text, seconds, directory=REPOSITORY, environment=None):
    """What bash says of the text, which ends at the first command that fails, within `seconds`."""
    process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", text], cwd=directory, text=True,
                               env=os.environ | (environment or {}), start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"not within {seconds} s: {text}") from None
    finally:
        end_all(process.pid)
    return subprocess.CompletedProcess(text, process.returncode, out, err)


def end_all(group):
    """Ends what a text left running in the background."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing was left


def run_document(document, seconds, flags=(), ports=None, environment=None):
    """A document's blocks as one session, from the root; returns what they print.

    A place is printed before each, so that a failure tells which it was.
    """
    told = []
    for block in blocks(document, flags=flags):
        why_not = block.why_not()
        place = shlex.quote(f"=== {block.place()}" + (f" is not run: {why_not}" if why_not else ""))
        told += [f"echo {place} >&2", "" if why_not else block.text]
    done = run(with_ports("\n".join(told), ports or {}), seconds, environment=environment)
    print(done.stderr, done.stdout)
    if done.returncode != 0:
        raise Failed(f"{document}: exit status {done.returncode}; the last block is {done.stderr}")
    return done.stdout
