"""An installation's cost from unit costs: arithmetic alone, nothing is measured here.

Unit costs are named by what they are of and their unit; `fit.py` makes them. Seconds of CPU a second
are cores.
"""

import dataclasses
import math

PACE_FASTEST, PACE_SLOWEST, PACE_SHARE = 0.2, 1.0, 20  # aggregator/pace.h, aggregator/aggregator.h
SUMMARY_SECONDS = 1.0  # lines of a summary
BATCH_BYTES, EVENT_BYTES = 128 * 1024, 400  # a record is closed at these; an event before lz4
BUSY = 0.7  # of a core: what is above does not catch up in time after a pause
REPLICATION = 3
REQUEST_BYTES = 250  # of a produce request and its answer, TCP and IP, beside the batch
SNAPSHOTS = 1.5  # the counts topic has half as much again of snapshots
SECONDS_KEPT, SECOND_BYTES, LATENCY_BYTES, LATENCIES, IDLE_BYTES = 512, 40, 24 << 10, 60, 1700


@dataclasses.dataclass(frozen=True)
class Plan:
    pods: int
    requests: float  # of all pods a second
    aggregators: int
    partitions: int
    services: int
    weights: tuple  # of a service's series the share of its requests

    def rate(self):
        return self.requests / self.pods


@dataclasses.dataclass(frozen=True)
class Variant:
    name: str
    linger: float = 0.005
    fields: str = "all"
    summaries: bool = False


def records_of(rate, linger):
    """Records a second of one file: the next leaves `linger` after the last, or with the first line
    behind that; and one that is full at once."""
    by_time = 1 / (linger + math.exp(-rate * linger) / rate)
    return max(by_time, rate * EVENT_BYTES / BATCH_BYTES)


def active(rates, seconds):
    """How many of these Poisson processes have an event within so long."""
    return sum(1 - math.exp(-rate * seconds) for rate in rates)


def rows_of(rate, weights):
    """Of a summary: a second's lines lie in two seconds of the clock, parted anywhere."""
    cuts = [(step + 0.5) / 10 for step in range(10)]
    return sum(active((rate * weight for weight in weights), cut) +
               active((rate * weight for weight in weights), 1 - cut) for cut in cuts) / len(cuts)


def pace(took):
    """Seconds from one to the next of what takes so long."""
    return min(max(PACE_SHARE * took, PACE_FASTEST), PACE_SLOWEST)


def records(plan, variant):
    """Of one pod a second, heartbeats aside."""
    return 1 / SUMMARY_SECONDS if variant.summaries else records_of(plan.rate(), variant.linger)


def agent(units, plan, variant):
    """(cores, bytes of batches a second) of one pod's agent."""
    rate, made = plan.rate(), records(plan, variant)
    if variant.summaries:
        milliseconds = units["summary_second_ms"] + units["summary_line_ms"] * rate
        size = units["summary_record_bytes"] * made + units["row_bytes"] * made * rows_of(rate, plan.weights)
    else:
        of = variant.fields
        milliseconds = (units["agent_second_ms"] + units["agent_record_ms"] * made +
                        units[f"agent_line_{of}_ms"] * rate)
        size = units[f"record_{of}_bytes"] * made + units[f"line_{of}_bytes"] * rate
    return milliseconds / 1000, size + units["beat_bytes"]


@dataclasses.dataclass(frozen=True)
class Told:
    """A second of deltas of one partition."""
    deltas: float
    series: float  # rows
    pods: float
    beats: float


def pods_together(plan):
    """Of one service in one partition, on average: a pod's key chooses its partition."""
    return plan.pods / plan.partitions / plan.services


def told(plan, variant, interval):
    """By deltas of `interval` seconds: a series is in one if a record that came had a line of it."""
    pods, made = plan.pods / plan.partitions, records(plan, variant)
    came, lines = min(1.0, made * interval), plan.rate() * max(interval, 1 / made)
    rates = [pods_together(plan) * came * (1 - math.exp(-lines * weight)) for weight in plan.weights]
    return Told(1 / interval, plan.services * active(rates, 1) / interval,
                pods * min(made, 1 / interval), pods * min(1.0, 1 / interval))


@dataclasses.dataclass(frozen=True)
class Thread:
    """What the counting thread of one replica does, in cores."""
    count: float  # its share of the events
    tell: float
    read: float  # everybody's counts
    publish: float
    waking: float  # all records' wakes, had it slept before each

    def work(self):
        """What must fit into a core."""
        return self.count + self.tell + self.read + self.publish

    def cores(self):
        """What is seen: a record wakes it only when it sleeps."""
        return (self.work() + self.waking) / (1 + self.waking)


def interval_of(units, plan, variant):
    """Seconds between two deltas of a partition: telling slows down as it gets long."""
    own, interval = plan.partitions / plan.aggregators, PACE_FASTEST
    for _ in range(20):  # settles in a few
        rows = told(plan, variant, interval).series * interval * own
        interval = pace(rows * units["tell_us"] / 1e6)
    return interval


def thread(units, plan, variant, interval=None):
    """With a delta each `interval` seconds; else as often as it can."""
    made, share = records(plan, variant), plan.pods / plan.aggregators
    counted = share * (made * units["record_us"] + units["count_beat_us"])
    if variant.summaries:
        counted += share * made * rows_of(plan.rate(), plan.weights) * units["row_us"]
    else:
        counted += plan.requests / plan.aggregators * units["event_us"]
    each = told(plan, variant, interval or interval_of(units, plan, variant))
    read = plan.partitions * (each.series * units["read_series_us"] + each.pods * units["read_pod_us"] +
                              each.beats * units["read_beat_us"])
    told_us = plan.partitions / plan.aggregators * each.series * units["tell_us"]
    once = (series(plan) + plan.pods) * units["publish_us"] / 1e6
    waking = share * (made + 1) * units["wake_us"]
    return Thread(counted / 1e6, told_us / 1e6, read / 1e6, once / pace(once), waking / 1e6)


def series(plan):
    """Of all partitions: a replica keeps those of each, and max_series is of these."""
    there = 1 - math.exp(-pods_together(plan))  # a pod of the service is in the partition
    return round(plan.partitions * plan.services * there * len(plan.weights))


def memory(plan):
    """Bytes of one replica."""
    each = plan.requests / plan.partitions / plan.services

    def size(rate):
        return (IDLE_BYTES + SECONDS_KEPT * SECOND_BYTES * (1 - math.exp(-rate)) +
                LATENCY_BYTES * min(1.0, 10 * rate / LATENCIES))
    return (plan.partitions * plan.services * sum(size(each * weight) for weight in plan.weights) +
            plan.pods * size(plan.rate()))


def replicas_needed(units, plan, variant):
    """The fewest that keep up with a delta a second; None: not with as many as partitions."""
    for aggregators in range(1, plan.partitions + 1):
        some = dataclasses.replace(plan, aggregators=aggregators)
        if thread(units, some, variant, PACE_SLOWEST).work() <= BUSY:
            return aggregators
    return None


@dataclasses.dataclass(frozen=True)
class Traffic:
    """Of Kafka, a second, in bytes and requests; events and counts together where not said."""
    events: float  # as producers send them
    deltas: float
    counts: float  # deltas and snapshots
    requests: float  # to produce events
    records: float

    def into(self):
        """From clients and between brokers."""
        return (self.events + self.counts) * REPLICATION + self.requests * REQUEST_BYTES

    def out(self, aggregators):
        """To replicas: a share of the events each, all counts each; and to followers."""
        return self.events + aggregators * self.counts + (self.events + self.counts) * (REPLICATION - 1)


def traffic(units, plan, variant):
    each = told(plan, variant, interval_of(units, plan, variant))
    deltas = plan.partitions * (
        each.deltas * units["delta_bytes"] + each.series * units["told_series_bytes"] +
        each.pods * units["told_pod_bytes"] + each.beats * units["told_beat_bytes"])
    made = plan.pods * (records(plan, variant) + 1)
    return Traffic(plan.pods * agent(units, plan, variant)[1], deltas, SNAPSHOTS * deltas, made, made)


def clients(units, plan, variant):
    """Cores of librdkafka's threads in one replica."""
    brought = traffic(units, plan, variant)
    return (units["client_base_us"] + brought.requests / plan.aggregators * units["client_request_us"] +
            (brought.events / plan.aggregators + brought.counts) / 1e6 * units["client_megabyte_us"]) / 1e6


def broker(units, plan, variant):
    """Cores of one broker that does it all, unreplicated."""
    brought = traffic(units, plan, variant)
    return (units["broker_base_us"] + brought.requests * units["broker_request_us"] +
            brought.events / 1e6 * units["broker_megabyte_us"]) / 1e6
