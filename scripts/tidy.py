"""clang-tidy over every source of ours; what passed before and is unchanged is not checked again.

    python3 scripts/tidy.py build/dev     # a build folder with compile_commands.json
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

CLANG_TIDY = "clang-tidy-19"  # 14, Debian's default, cannot read g++ 12's <expected>
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def fingerprint(entry):
    """Of all that decides the outcome: checks, command, the source as the compiler sees it."""
    words = shlex.split(entry["command"])
    if words[0].endswith("ccache"):
        words = words[1:]
    del words[words.index("-o"):words.index("-o") + 2]
    seen = subprocess.run(words + ["-E", "-C"], cwd=entry["directory"], check=True,
                          capture_output=True).stdout
    checks = [path.read_bytes() for path in (REPOSITORY / ".clang-tidy",
                                             REPOSITORY / "tests" / ".clang-tidy")]
    return hashlib.sha256(b"\0".join([*checks, entry["command"].encode(), seen])).hexdigest()


def check(entry, build, passed):
    source = pathlib.Path(entry["file"])
    mark = passed / fingerprint(entry)
    if mark.exists():
        return source, 0, ""
    run = subprocess.run([CLANG_TIDY, "--quiet", "-p", build, source], cwd=REPOSITORY,
                         capture_output=True, text=True)
    if run.returncode == 0:
        mark.touch()
    return source, run.returncode, run.stdout + run.stderr


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    passed = REPOSITORY / "build" / "tidy"
    passed.mkdir(exist_ok=True)
    commands = json.loads((build / "compile_commands.json").read_text())
    # One command a source: tests/main.cc is in several programs.
    entries = list({entry["file"]: entry for entry in commands
                    if not pathlib.Path(entry["file"]).is_relative_to(build)}.values())
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, code, output in pool.map(lambda entry: check(entry, build, passed), entries):
            print(f"{'ok  ' if code == 0 else 'FAIL'} {source.relative_to(REPOSITORY)}", flush=True)
            if code != 0:
                failures += 1
                print(output)
    print(f"{len(entries)} sources, {failures} with findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
