#!/usr/bin/env python3
"""What an installation needs: agents, Kafka and replicas, from unit costs that were measured.

    bench/capacity/capacity.py [--pods 10000] [--requests 1000000] [--aggregators 10] [--partitions 64]
                               [--services 50] [--routes 40] [--units FILE]
    bench/capacity/capacity.py --measure 12      # a quarter of an hour; writes the units, and compares

Without --measure it takes the unit costs of bench/capacity/units.json, and takes no time.
"""

import json
import os
import pathlib
import sys

import paths
from bench_world import arguments, world
from log_lines import weights
from model import (BUSY, PACE_SLOWEST, Plan, REPLICATION, Variant, agent, broker, clients, interval_of, memory,
                   records, replicas_needed, series, thread, traffic)

VARIANTS = (Variant("events, linger 5ms"), Variant("events, linger 1s", 1.0),
            Variant("events, linger 1s, fields: metrics", 1.0, "metrics"),
            Variant("summaries", summaries=True))
MAX_SERIES = 100_000  # the default


def markdown(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


def rounded(value, digits=3):
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def column(units, plan, variant):
    """What one variant needs, by the name of the row."""
    cores, _ = agent(units, plan, variant)
    brought, work = traffic(units, plan, variant), thread(units, plan, variant)
    least = thread(units, plan, variant, PACE_SLOWEST)
    needed = replicas_needed(units, plan, variant)
    return {
        "agent, ms of a core a second": rounded(1000 * cores),
        "all agents, cores": rounded(cores * plan.pods),
        "lines a record": rounded(plan.rate() / records(plan, variant)),
        "records a second": rounded(brought.records),
        "... of a partition": rounded(brought.records / plan.partitions),
        "events' batches as sent, MB/s": rounded(brought.events / 1e6),
        "routerate-counts as sent, its snapshots too, MB/s": rounded(brought.counts / 1e6),
        f"into all brokers, MB/s (replication {REPLICATION})": rounded(brought.into() / 1e6),
        "out of all brokers, MB/s": rounded(brought.out(plan.aggregators) / 1e6),
        "disk for an hour of events, GB": rounded(brought.events * 3600 * REPLICATION / 1e9),
        "brokers, cores, replication aside": rounded(broker(units, plan, variant)),
        "counting thread of a replica, cores' work": rounded(work.work()),
        "... with a delta a second, the least": rounded(least.work()),
        "... its share of the records": rounded(work.count + work.tell),
        "... ... of one partition": rounded((work.count + work.tell) * plan.aggregators / plan.partitions),
        "... everybody's counts": rounded(work.read),
        "... ... with a delta a second": rounded(least.read),
        "... the snapshot that is shown": rounded(work.publish),
        "Kafka client's threads of a replica, cores": rounded(clients(units, plan, variant)),
        f"replicas that stay below {BUSY} core": needed or "none",
        "memory of a replica, GB": rounded(memory(plan) / 1e9, 2),
        f"series of all partitions (max_series {MAX_SERIES:,})": f"{series(plan):,}",
    }


def show(units, plan):
    columns = [column(units, plan, variant) for variant in VARIANTS]
    markdown(["", *(variant.name for variant in VARIANTS)],
             [(name, *(each[name] for each in columns)) for name in columns[0]])


def show_agents(costs):
    markdown(("ship", "fields", "lines/s", "linger", "CPU ms/s", "records/s", "requests/s", "bytes/s",
              "delay ms, p50", "p99"),
             [(setting.ship, setting.fields, f"{setting.rate:g}", setting.linger, f"{cost.ms:.1f}",
               f"{cost.records:.1f}", f"{cost.requests:.1f}", f"{cost.bytes:.0f}",
               *(cost.delay_ms or ("-", "-"))) for setting, cost in costs.items()])


def show_runs(runs):
    markdown(("run", "events/s", "records/s", "kB/s", "deltas/s", "counts kB/s", "cores: counting",
              "client", "reading", "wakes/s", "broker", "series", "lag", "MiB"),
             [(one.load.name, f"{sum(each.events for each in one.replicas):.0f}", f"{one.records:.0f}",
               f"{one.bytes / 1000:.0f}", f"{one.deltas:.1f}", f"{one.counts_bytes / 1000:.0f}",
               f"{one.replicas[0].counting:.4f}", f"{one.replicas[0].others:.4f}",
               f"{one.replicas[-1].counting:.4f}", f"{one.replicas[0].wakes:.0f}", f"{one.broker:.3f}", one.series,
               f"{sum(each.lag for each in one.replicas):.0f}", f"{one.replicas[0].mib:.0f}")
              for one in runs])


def compare(units, runs, partitions, plan_of, variant_of):
    """Predicted beside measured."""
    rows = []
    for one in runs:
        plan, variant = plan_of(one.load, partitions, len(one.replicas)), variant_of(one.load)
        brought = traffic(units, plan, variant)
        pairs = {"counting thread of a replica, cores":
                     (thread(units, plan, variant).cores(),
                      sum(each.counting for each in one.replicas) / len(one.replicas)),
                 "Kafka client's threads of a replica, cores":
                     (clients(units, plan, variant),
                      sum(each.others for each in one.replicas) / len(one.replicas)),
                 "broker, cores": (broker(units, plan, variant), one.broker),
                 "a delta of a partition each, s":
                     (interval_of(units, plan, variant), partitions / one.deltas),
                 "deltas, MB/s": (brought.deltas / 1e6, one.delta_bytes / 1e6)}
        rows += [(f"{one.load.name}: {plan.pods} pods, {plan.requests:.0f} requests/s, "
                  f"{one.records:.0f} records/s" if not at else "", what, rounded(said), rounded(seen),
                  f"{said / seen - 1:+.0%}") for at, (what, (said, seen)) in enumerate(pairs.items())]
    markdown(("run", "", "predicted", "measured", "error"), rows)


def measure_units(path, seconds):
    import measure  # pylint: disable=import-outside-toplevel - needs a Kafka's client

    def tell(what, found, broker_cores=None):
        print(f"\n{what}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" +
              (f"; broker {broker_cores:.2f} cores" if broker_cores else "") + "\n")
        show_agents(found) if isinstance(found, dict) else show_runs(found)

    with world() as here:
        units, checked = measure.measure(here, seconds, tell)
    path.write_text(json.dumps({name: float(f"{value:.4g}") for name, value in units.items()}, indent=1) + "\n")
    compare(units, checked, measure.CHECKED_PARTITIONS, measure.plan_of, measure.variant_of)


def main():
    options = arguments(__doc__.splitlines()[0], pods=10_000, requests=1_000_000.0, aggregators=10,
                        partitions=64, services=50, routes=40, measure=0.0,
                        units=str(paths.HERE / "units.json"))
    path = pathlib.Path(options.units)
    if options.measure:
        measure_units(path, options.measure)
    elif not path.exists():
        sys.exit(f"no unit costs in {path}: --measure 12 makes them")
    plan = Plan(options.pods, options.requests, options.aggregators, options.partitions,
                options.services, tuple(weights(options.routes)))
    show(json.loads(path.read_text()), plan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
