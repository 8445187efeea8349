"""clang-tidy over every source of ours; what passed before and is unchanged is not checked again.

    python3 scripts/tidy.py build/dev     # a build folder with compile_commands.json

Most of its time goes into headers, so sources that are compiled alike are read together, up to a
dozen at once, as one source. Where two of them have the same name for different things that does not
compile: one is put off, to be read together with others or alone. The analyzer, which follows paths
from function to function, gets each source alone: together they are more than it gets done with.
"""

import bisect
import collections
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

CLANG = "clang++-19"
CLANG_TIDY = "clang-tidy-19"  # 14, Debian's default, cannot read g++ 12's <expected>
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
TOGETHER = 12
ANALYZER = "clang-analyzer-*"
ALL_BUT_ANALYZER = f"--checks=-{ANALYZER}"
ANALYZER_ALONE = "--checks=-bugprone-*,-cert-*,-concurrency-*,-misc-*,-performance-*"


def flags_of(entry):
    """A command's words without compiler, source and output."""
    words = shlex.split(entry["command"])
    words = words[2 if words[0].endswith("ccache") else 1:]
    for option in ("-o", "-c"):
        del words[words.index(option):words.index(option) + 2]
    return tuple(words)


def configuration_of(source):
    """The nearest .clang-tidy."""
    return next(folder / ".clang-tidy" for folder in source.parents
                if (folder / ".clang-tidy").exists())


class Batch:
    """Sources as one: copied, not included, for some checks look at the main source only."""

    def __init__(self, folder, sources):
        self.sources = sources
        texts = [source.read_text() for source in sources]
        self.path = folder / f"{hashlib.sha256(repr(texts).encode()).hexdigest()[:16]}.cc"
        self.path.write_text("".join(texts))
        self.begins = list(itertools.accumulate((text.count("\n") for text in texts), initial=0))

    def place(self, line):
        """Source and line of a line of the batch."""
        index = bisect.bisect_left(self.begins, line) - 1
        return self.sources[index], line - self.begins[index]

    def placed(self, output):
        """What clang says of the batch, as if it were said of the sources."""
        def of_source(match):
            source, line = self.place(int(match[1]))
            return f"{source}:{line}:"

        return re.sub(rf"{re.escape(str(self.path))}:(\d+):", of_source, output)


class Tidy:
    """Checks batches of sources; `folder` remembers what passed."""

    def __init__(self, folder):
        self.marks = folder / "passed"
        self.batches = folder / "batches"
        self.marks.mkdir(parents=True, exist_ok=True)
        self.batches.mkdir(exist_ok=True)

    def check_together(self, kind, sources):
        """Returns those put off, those checked, and the findings in these as text."""
        put_off = []
        while not self._has_passed(kind, sources) and (stranger := self._stranger(kind, sources)):
            put_off.append(stranger)
            sources = [source for source in sources if source != stranger]
        return put_off, sources, self.check(kind, sources, ALL_BUT_ANALYZER)

    def check(self, kind, sources, checks):
        """The findings as text."""
        configuration, flags = kind
        batch = Batch(self.batches, sources)
        mark = self._mark(kind, batch, checks)
        if mark.exists():
            return ""
        run = subprocess.run(
            [CLANG_TIDY, "--quiet", f"--config-file={configuration}", checks, batch.path, "--",
             *flags], capture_output=True, text=True, cwd=REPOSITORY)
        if run.returncode != 0:
            return batch.placed(run.stdout + run.stderr)
        mark.touch()
        return ""

    def _has_passed(self, kind, sources):
        return self._mark(kind, Batch(self.batches, sources), ALL_BUT_ANALYZER).exists()

    def _mark(self, kind, batch, checks):
        """Of all that decides the outcome: checks, command, the sources as the compiler sees them."""
        configuration, flags = kind
        seen = subprocess.run([CLANG, *flags, "-E", "-C", batch.path], check=True,
                              capture_output=True)
        inherited = [path.read_bytes() for path in (REPOSITORY / ".clang-tidy", configuration)]
        return self.marks / hashlib.sha256(b"\0".join(
            [*inherited, " ".join([checks, *flags]).encode(), seen.stdout])).hexdigest()

    def _stranger(self, kind, sources):
        """The source that does not go with the others, or None."""
        if len(sources) == 1:
            return None
        batch = Batch(self.batches, sources)
        run = subprocess.run([CLANG, *kind[1], "-fsyntax-only", "-Wno-everything", batch.path],
                             capture_output=True, text=True)
        if run.returncode == 0:
            return None
        errors = re.findall(rf"^{re.escape(str(batch.path))}:(\d+):\d+: error: ", run.stderr,
                            re.MULTILINE)
        return batch.place(int(errors[0]))[0] if errors else batch.sources[-1]


def batches_of(kinds):
    """Sources by kind, in batches."""
    for kind, sources in kinds.items():
        for begin in range(0, len(sources), TOGETHER):
            yield kind, sorted(sources)[begin:begin + TOGETHER]


def all_sources(build):
    commands = json.loads((build / "compile_commands.json").read_text())
    kinds = collections.defaultdict(list)
    # One command a source: tests/main.cc is in several programs.
    for path, entry in {entry["file"]: entry for entry in commands}.items():
        source = pathlib.Path(path)
        if not source.is_relative_to(build):
            kinds[configuration_of(source), flags_of(entry)].append(source)
    return kinds


def check_all(tidy, kinds, pool):
    """Yields the names of what was checked, and the findings."""
    alone = [(source, pool.submit(tidy.check, kind, [source], ANALYZER_ALONE))
             for kind, sources in kinds.items() if f"-{ANALYZER}" not in kind[0].read_text()
             for source in sources]
    while kinds:
        rounds = [(kind, pool.submit(tidy.check_together, kind, batch))
                  for kind, batch in batches_of(kinds)]
        kinds = collections.defaultdict(list)
        for kind, future in rounds:
            put_off, sources, findings = future.result()
            if put_off:
                kinds[kind] += put_off
            yield sources, findings
    for source, future in alone:
        yield [source], future.result()


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    tidy = Tidy(REPOSITORY / "build" / "tidy")
    checked, failures = set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for sources, findings in check_all(tidy, all_sources(build), pool):
            names = " ".join(str(source.relative_to(REPOSITORY)) for source in sources)
            print(f"{'FAIL' if findings else 'ok  '} {names}\n{findings}", end="", flush=True)
            checked.update(sources)
            failures += bool(findings)
    print(f"{len(checked)} sources, {failures} times with findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
