"""GROWTH.md and its figures: one run, with all that is needed to repeat it."""

import os

import line_chart
from line_chart import figure
from provenance import facts, table


def head(command):
    return ["# How cost grows", "",
            "One run of `bench/growth/growth.py`, which writes this page; [README.md](README.md) says how it "
            "measures.", "CPU is of the measured process alone, user and system. On a machine that others use, too, "
            "caches are theirs as well, and the process waits; its load is below.", "",
            *table(("", ""), [*facts(command), ("load of the machine at the end, the run's own part included",
                                                ", ".join(f"{load:.1f}" for load in os.getloadavg()))])]


def panels(subject, rows):
    return {name: [(row[subject.x], row[name]) for row in rows if row[subject.x] and row[name] is not None]
            for name in subject.y}


def section(subject, rows):
    return [f"## {subject.title}", "", f"![{subject.title}](growth_{subject.name}.svg)", "",
            *table(list(rows[0]), [[figure(value) for value in row.values()] for row in rows])]


def write(folder, results, command):
    """`results` of (Subject, rows)."""
    lines = head(command)
    for subject, rows in results:
        image = line_chart.svg(subject.title, subject.x, panels(subject, rows))
        (folder / f"growth_{subject.name}.svg").write_text(image)
        lines += section(subject, rows)
    (folder / "GROWTH.md").write_text("\n".join(lines).rstrip() + "\n")
