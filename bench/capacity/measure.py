"""Runs, and the unit costs that they give."""

import dataclasses

import agents
import model
from fit import least_squares
from log_lines import weights
from replicas import Load, Replicas

SERIES = 40  # of a service
PODS, SERVICES = 156, 50  # of one partition of the large installation
ONE = (Load("beats", PODS, SERVICES, 0),
       Load("lines-1", PODS, SERVICES, 19.2, 1),
       Load("lines-1-together", PODS, SERVICES, 96, 1, alone=False),
       Load("lines-5", PODS, SERVICES, 10, 5),
       Load("lines-50", PODS, SERVICES, 2, 50),
       Load("lines-200", PODS, SERVICES, 0.5, 200),
       Load("one-service", PODS, 1, 2, 50),
       Load("summaries", PODS, SERVICES, 1, 100, True),
       Load("quiet", PODS, SERVICES, 0),
       Load("many-beats", 2000, SERVICES, 0),
       Load("beats-together", 10_000, SERVICES, 0, alone=False))
WIDE_PARTITIONS = 64
WIDE = Load("wide", 1000, 5, 1, 50, settle=75, prefixes=10)
CHECKED = (Load("events", 600, SERVICES, 1, 50, settle=75), Load("small", 600, SERVICES, 4, 2),
           Load("summaries", 600, SERVICES, 1, 100, True, settle=20))
CHECKED_PARTITIONS, CHECKED_REPLICAS = 24, 2


def plan_of(load, partitions, replicas):
    rate = load.records * load.lines
    return model.Plan(load.pods, load.pods * max(rate, 1e-9), replicas, partitions, load.services,
                      tuple(weight / load.prefixes for weight in weights(SERIES)) * load.prefixes)


def variant_of(load):
    return model.Variant(load.name, 1 / max(load.records, 1e-9), summaries=load.summaries)


def told_of(one, partitions):
    """What its deltas had, by their number."""
    if not one.load.records:
        return model.Told(one.deltas / partitions, 0, 0, one.load.pods / partitions)
    return model.told(plan_of(one.load, partitions, 1), variant_of(one.load), partitions / one.deltas)


def agent_units(costs):
    events = [(setting, cost) for setting, cost in costs.items() if setting.ship == "events"]
    found = least_squares(
        [(1, cost.records, cost.lines * (setting.fields == "all"), cost.lines * (setting.fields != "all"))
         for setting, cost in events], [cost.ms for _, cost in events])
    units = dict(zip(("agent_second_ms", "agent_record_ms", "agent_line_all_ms", "agent_line_metrics_ms"),
                     found))
    for fields in "all", "metrics":
        of = [cost for setting, cost in events if setting.fields == fields]
        beat, *found = least_squares([(1, cost.records, cost.lines) for cost in of], [cost.bytes for cost in of])
        units |= {f"record_{fields}_bytes": found[0], f"line_{fields}_bytes": found[1]}
        units.setdefault("beat_bytes", beat)
    of = [cost for setting, cost in costs.items() if setting.ship == "summaries"]
    units |= zip(("summary_second_ms", "summary_line_ms"),
                 least_squares([(1, cost.lines) for cost in of], [cost.ms for cost in of]))
    units |= zip(("summary_record_bytes", "row_bytes"), least_squares(
        [(cost.records, cost.rows) for cost in of], [cost.bytes - units["beat_bytes"] for cost in of]))
    return units


def replica_units(runs):
    """Of the replica that counts what it does beside the one that only reads; of that all it does."""
    rows = [told_of(one, 1) for one in runs]
    readers = [one.replicas[1].counting for one in runs]
    found = least_squares(
        [(1, each.series, each.pods, each.beats, (one.series + one.load.pods) / model.PACE_FASTEST)
         for one, each in zip(runs, rows)], readers)
    _, _, pod, beat, _ = found  # series as few as these are cheaper than many: wide_units has theirs
    units = {"read_pod_us": 1e6 * pod, "read_beat_us": 1e6 * beat}
    extra = [one.replicas[0].counting - one.replicas[1].counting for one in runs]
    found = least_squares(
        [(one.load.pods * one.load.records, one.replicas[0].events * (not one.load.summaries),
          one.load.pods, each.series, one.load.summaries * one.load.pods * rows_a_summary(one),
          one.replicas[0].wakes - one.replicas[1].wakes)
         for one, each in zip(runs, rows)], extra)
    names = "record_us", "event_us", "count_beat_us", "tell_us", "row_us", "wake_us"
    return units | {name: 1e6 * value for name, value in zip(names, found)}


def busy(one):
    """Of a replica, on average."""
    return sum(each.counting for each in one.replicas) / len(one.replicas)


def wide_units(units, runs, quiet):
    """Far from the processor's caches, for there are as many series as there may be: what is read and
    what is shown."""
    def known(one):
        """Records, heartbeats, wakes and telling, in cores."""
        each, wakes = told_of(one, WIDE_PARTITIONS), sum(replica.wakes for replica in one.replicas)
        own = (one.load.pods * (one.load.records * units["record_us"] + units["count_beat_us"]) +
               sum(replica.events for replica in one.replicas) * units["event_us"] +
               wakes * units["wake_us"] + WIDE_PARTITIONS * each.series * units["tell_us"])
        read = WIDE_PARTITIONS * (each.pods * units["read_pod_us"] + each.beats * units["read_beat_us"])
        return (own / len(one.replicas) + read) / 1e6

    share = busy(quiet) - known(quiet)
    once = share * (model.PACE_SLOWEST if share > 1 / model.PACE_SHARE else model.PACE_FASTEST)
    found = least_squares([(WIDE_PARTITIONS * told_of(one, WIDE_PARTITIONS).series,) for one in runs],
                          [busy(one) - known(one) - share for one in runs])
    return units | {"publish_us": 1e6 * once / (quiet.series + quiet.load.pods),
                    "read_series_us": 1e6 * found[0]}


def rows_a_summary(one):
    return model.rows_of(one.load.lines, weights(SERIES))


def kafka_units(runs):
    units = {}
    rows = [told_of(one, 1) for one in runs]
    units |= zip(("delta_bytes", "told_series_bytes", "told_pod_bytes", "told_beat_bytes"), least_squares(
        [(each.deltas, each.series, each.pods, each.beats) for each in rows],
        [one.delta_bytes for one in runs]))
    owners = [one.replicas[0].others for one in runs]
    features = [(1, one.requests, (one.bytes + one.delta_bytes) / 1e6) for one in runs]
    names = "client_base_us", "client_request_us", "client_megabyte_us"
    units |= {name: 1e6 * value for name, value in zip(names, least_squares(features, owners))}
    features = [(1, one.requests, one.bytes / 1e6) for one in runs]
    names = "broker_base_us", "broker_request_us", "broker_megabyte_us"
    found = least_squares(features, [one.broker for one in runs])
    return units | {name: 1e6 * value for name, value in zip(names, found)}


def run_loads(here, name, loads, partitions, replicas, templates, seconds):
    world = Replicas(here, name, partitions, replicas, templates)
    runs = [world.measure(load, seconds) for load in loads]
    world.stop()
    return runs


def run_wide(here, templates, seconds):
    """One replica, two, and two that show what there was."""
    world = Replicas(here, "wide", WIDE_PARTITIONS, 1, templates)
    alone = world.measure(WIDE, seconds)
    world.add()
    again = dataclasses.replace(WIDE, name="wide-shared", settle=30)
    shared = world.measure(again, seconds)
    quiet = world.measure(dataclasses.replace(WIDE, name="wide-quiet", records=0, settle=10), seconds)
    world.stop()
    return alone, shared, quiet


def measure(here, seconds, tell):
    """(unit costs, runs of a world that they are not made of)."""
    costs, broker, templates = agents.measure(here, SERIES, 2 * seconds)
    tell("agents", costs, broker)
    one = run_loads(here, "one", ONE, 1, 2, templates, seconds)
    tell("one partition, a replica counts and a replica reads", one)
    wide = run_wide(here, templates, seconds)
    tell(f"{WIDE_PARTITIONS} partitions, one replica, then two", wide)
    checked = run_loads(here, "checked", CHECKED, CHECKED_PARTITIONS, CHECKED_REPLICAS, templates, seconds)
    tell(f"{CHECKED_PARTITIONS} partitions, {CHECKED_REPLICAS} replicas", checked)
    units = agent_units(costs) | kafka_units(one)
    return wide_units(units | replica_units(one), wide[:2], wide[2]), checked
