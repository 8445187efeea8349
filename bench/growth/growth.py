#!/usr/bin/env python3
"""How cost grows: with lines a second and files of an agent, with routes and sources of an aggregator.

    bench/growth/growth.py [--seconds 20] [--only lines,files,routes,sources] [--output bench]

Writes GROWTH.md and a growth_*.svg of each. Ends with status 1, and writes nothing, when anything that
was offered did not arrive or was not counted: a benchmark of loss says nothing.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "compare")]

import agent_growth  # noqa: E402
import aggregator_growth  # noqa: E402
import growth_page  # noqa: E402
from agent_idle import allow_descriptors  # noqa: E402
from bench_world import Failed, arguments, world  # noqa: E402
from line_chart import figure  # noqa: E402

SUBJECTS = {subject.name: subject for subject in (*agent_growth.SUBJECTS, *aggregator_growth.SUBJECTS)}


def measure(here, subject, seconds):
    """Its rows, each told as soon as it is known."""
    rows = []
    for row in subject.measure(here, seconds):
        rows.append(row)
        print(f"{subject.name}: " + ", ".join(f"{name} {figure(value)}" for name, value in row.items()),
              flush=True)
    return rows


def main():
    options = arguments(__doc__.splitlines()[0], seconds=20.0, only=",".join(SUBJECTS),
                        output=str(HERE.parent))
    names = options.only.split(",")
    if unknown := set(names) - SUBJECTS.keys():
        sys.exit(f"--only: {', '.join(sorted(unknown))} is none of {', '.join(SUBJECTS)}")
    allow_descriptors(2 * max(agent_growth.FILES))
    results = []
    try:
        with world() as here:
            for name in names:
                results.append((SUBJECTS[name], measure(here, SUBJECTS[name], options.seconds)))
    except Failed as failure:
        sys.exit(f"growth.py: {failure}")
    growth_page.write(pathlib.Path(options.output), results, ["bench/growth/growth.py", *sys.argv[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
