"""RESULTS.md: one run, with all that is needed to repeat it."""

import statistics

import peers
from bench_world import BUILD
from chart import svg
from goals import Goals
from provenance import facts, output_of, table

COUNTING = ("routerate-agent, ship: summaries", "routerate-aggregator", "mtail", "goaccess")


def versions():
    own = output_of(BUILD / "agent" / "routerate-agent", "--version").splitlines()[0]
    rows = [("routerate", own)]
    for peer in (*peers.SHIPPERS, *peers.COUNTERS):
        rows.append((peer.name, peer.version() if peer.installed() else "not installed"))
    return rows


def head(command):
    """When, where, with what."""
    return ["# Results", "",
            "One run of `bench/compare/compare.py`, which writes this page; [README.md](README.md) says how it "
            "measures.", "Figures of different runs cannot be compared, ratios inside one can.", "",
            *table(("", ""), [*facts(command), *versions()])]


def cost_row(name, costs, lines):
    million = [cost.cpu * 1e6 / lines for cost in costs]
    outcomes = sorted({cost.outcome for cost in costs})
    return (name, f"{min(million):.2f}", f"{statistics.median(million):.2f}",
            f"{statistics.median(cost.wall for cost in costs):.1f}",
            f"{max(cost.mib for cost in costs):.0f}", len(costs), "; ".join(outcomes))


def missing(kind):
    return [(peer.name, "not installed", *[""] * 5) for peer in kind if not peer.installed()]


def costs_of(results, form):
    """Two tables: who ships the lines, who counts them."""
    lines = results.lines[form]
    rows = [cost_row(name, costs, lines) for (of, name), costs in results.costs.items() if of == form]
    columns = ("CPU s per million, least", "median", "wall s", "peak MiB", "rounds")
    return [f"## {lines} lines of {form}", "",
            *table(("into Kafka, acks=all, lz4", *columns, "lines in the topic"),
                   [row for row in rows if row[0] not in COUNTING] + missing(peers.SHIPPERS)),
            *table(("counting by route and status", *columns, "counts"),
                   [row for row in rows if row[0] in COUNTING] + missing(peers.COUNTERS))]


def waiting(results):
    idle = [(name, files, f"{row.ms:.2f}", f"{row.mib:.1f}") for (name, files), row in results.idle.items()]
    late = [(name, f"{rate:g}", *((f"{row.p50:.1f}", f"{row.p99:.1f}", row.missing) if row
                                  else ("-", "-", "all")))
            for (name, rate), row in results.latency.items()]
    return ["## Idle", "", *table(("", "files", "CPU, ms a second", "RSS MiB"), idle),
            "## From the append to a consumer of Kafka", "",
            *table(("", "lines/s", "p50 ms", "p99 ms", "missing"), late)]


def goals(results):
    rows = [(goal.what, "-" if goal.value is None else f"{goal.value:.3g}", goal.bound(), goal.met())
            for goal in Goals(results).all()]
    return ["## Goals", "", "From medians, memory from the most.", "",
            *table(("", "measured", "goal", "met"), rows)]


def write(folder, results, command):
    """RESULTS.md and results.svg."""
    form = next(iter(results.lines))
    title = f"CPU seconds for a million lines of {form}, median"
    bars = [(name, statistics.median(cost.cpu for cost in costs) * 1e6 / results.lines[form])
            for (of, name), costs in results.costs.items() if of == form]
    (folder / "results.svg").write_text(svg(title, bars))
    page = [*head(command), *goals(results), f"![{title}](results.svg)", ""]
    for each in results.lines:
        page += costs_of(results, each)
    page += waiting(results)
    (folder / "RESULTS.md").write_text("\n".join(page).rstrip() + "\n")
