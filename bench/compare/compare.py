#!/usr/bin/env python3
"""routerate beside the programs that ship and count logs: processor, memory, latency, and what arrives.

    bench/compare/install.sh
    bench/compare/compare.py [--lines 1000000] [--tomcat-lines 200000] [--rounds 3]
    bench/compare/compare.py --log FILE [--form nginx|tomcat]

Writes bench/RESULTS.md and bench/results.svg, or into --output. Who is not installed is told there.
"""

import collections
import dataclasses
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import report  # noqa: E402
import waiting  # noqa: E402
from agent_idle import allow_descriptors  # noqa: E402
from bench_world import arguments, print_table, world  # noqa: E402
from contestants import Contest  # noqa: E402
from logs import FORMS, given_log, write_log  # noqa: E402

IDLE_FILES = (1, 1000)


@dataclasses.dataclass
class Results:
    rates: tuple
    lines: dict  # form → lines
    costs: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))
    idle: dict = dataclasses.field(default_factory=dict)
    latency: dict = dataclasses.field(default_factory=dict)


def race(here, results, log, rounds):
    """Everybody once a round, so that what slows the machine for a while slows all."""
    contestants = Contest(here, log).contestants()
    for number in range(rounds):
        for name, most, run in contestants:
            if most is None or number < most:
                cost = run()
                results.costs[log.form, name].append(cost)
                print_table((f"{cost.cpu:7.2f} s CPU", f"{cost.wall:6.1f} s", f"{cost.mib:4.0f} MiB", name,
                             cost.outcome), [])


def races(here, results, options):
    """The log that was given, or the generated ones."""
    if options.log:
        log = given_log(options.log, options.form)
        results.lines = {log.form: log.lines}
        return race(here, results, log, options.rounds)
    for form, lines in results.lines.items():
        if lines:
            log = write_log(here.folder / f"{form}.log", form, lines)
            race(here, results, log, options.rounds)
            log.path.unlink()


def main():
    options = arguments(__doc__.splitlines()[0], lines=1_000_000, tomcat_lines=200_000, rounds=3,
                        idle_seconds=20.0, latency_seconds=30.0, rates="20,100",
                        output=str(HERE.parent), log="", form="nginx")
    if options.form not in FORMS or (options.log and not pathlib.Path(options.log).is_file()):
        sys.exit(f"--log {options.log}: no such file, or --form is none of {', '.join(FORMS)}")
    allow_descriptors(max(IDLE_FILES) + 1000)
    rates = tuple(float(rate) for rate in options.rates.split(","))
    results = Results(rates, {"nginx": options.lines, "tomcat": options.tomcat_lines})
    with world() as here:
        results.latency = waiting.latency(here, rates, options.latency_seconds)
        for files in IDLE_FILES:
            for name, row in waiting.idle(here, files, options.idle_seconds).items():
                results.idle[name, files] = row
        races(here, results, options)
    report.write(pathlib.Path(options.output), results,
                 ["bench/compare/compare.py", *sys.argv[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
