"""clang-tidy over every source of ours; what passed before and is unchanged is not checked again.

    python3 scripts/tidy.py build/dev     # a build folder with compile_commands.json

Most of its time goes into headers, so sources that are compiled alike are read together, up to a
dozen at once, as one source. Where two of them have the same name for different things that does not
compile: one is put off, to be read together with others or alone.
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
    """Sources as one: copied, not included, for the analyzer follows paths in a main source only."""

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

    def check(self, kind, sources):
        """Returns those put off, those checked, and the findings in these as text."""
        put_off = []
        while True:
            batch = Batch(self.batches, sources)
            mark = self.marks / self._fingerprint(kind, batch)
            if mark.exists():
                return put_off, sources, ""
            stranger = self._stranger(kind, batch) if len(sources) > 1 else None
            if not stranger:
                break
            put_off.append(stranger)
            sources = [source for source in sources if source != stranger]
        configuration, flags = kind
        run = subprocess.run(
            [CLANG_TIDY, "--quiet", f"--config-file={configuration}", batch.path, "--", *flags],
            capture_output=True, text=True, cwd=REPOSITORY)
        if run.returncode == 0:
            mark.touch()
            return put_off, sources, ""
        return put_off, sources, batch.placed(run.stdout + run.stderr)

    @staticmethod
    def _fingerprint(kind, batch):
        """Of all that decides the outcome: checks, command, the sources as the compiler sees them."""
        configuration, flags = kind
        seen = subprocess.run([CLANG, *flags, "-E", "-C", batch.path], check=True,
                              capture_output=True)
        inherited = [path.read_bytes() for path in (REPOSITORY / ".clang-tidy", configuration)]
        return hashlib.sha256(b"\0".join(
            [*inherited, " ".join(flags).encode(), seen.stdout])).hexdigest()

    @staticmethod
    def _stranger(kind, batch):
        """The source that does not go with the others, or None."""
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


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    tidy = Tidy(REPOSITORY / "build" / "tidy")
    kinds, count, failures = all_sources(build), 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        while kinds:
            rounds = [(kind, pool.submit(tidy.check, kind, batch))
                      for kind, batch in batches_of(kinds)]
            kinds = collections.defaultdict(list)
            for kind, future in rounds:
                put_off, sources, findings = future.result()
                kinds[kind] += put_off
                count += len(sources)
                names = " ".join(str(source.relative_to(REPOSITORY)) for source in sources)
                print(f"{'FAIL' if findings else 'ok  '} {names}\n{findings}", end="", flush=True)
                failures += bool(findings)
            kinds = {kind: sources for kind, sources in kinds.items() if sources}
    print(f"{count} sources, {failures} batches with findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
