"""One aggregator: a steady rate of events of more and more routes, and of more and more pods."""

import json
import statistics
import time

from agent_idle import SETTLE_SECONDS, wait_seconds
from bench_world import BUILD, Failed, Pipeline, fetch, partitions, wait_for
from kafka_admin import delete_topic
from pods import Pods
from record_producer import RecordProducer
from subject import Moment, Subject, cost

ROUTES = (1, 10, 100, 1_000, 10_000, 100_000)
PODS_OF_ROUTES, RATE_OF_ROUTES = 4, 20_000
PODS = (1, 10, 100, 500)
ROUTES_OF_PODS, RATE_OF_PODS = 100, 10_000
# A route of pods in several partitions is a series of each of them.
LIMITS = {"max_routes": max(ROUTES), "max_series": PODS_OF_ROUTES * max(ROUTES)}
SENT_AS = {"enable.idempotence": "true", "linger.ms": 1}  # as agents do
LOOKS, LOOK_SECONDS = 9, 0.3


def overview(pipeline):
    status, body = fetch(pipeline.aggregator_port, "/overview?limit=1", seconds=30)
    if status != 200:
        raise Failed(f"/overview answers {status}: {body}")
    return json.loads(body)


def age(pipeline):
    """Of what a question gets to know now, in seconds."""
    seen = overview(pipeline)
    return time.time() - seen["time_ms"] / 1000 + seen["services"][0]["age_s"]


def ages(pipeline):
    for _ in range(LOOKS):
        wait_seconds(LOOK_SECONDS)
        yield age(pipeline)


def stats(pipeline):
    """Its text, and the seconds that it took."""
    begin = time.monotonic()
    status, body = fetch(pipeline.aggregator_port, "/stats", seconds=60)
    if status != 200:
        raise Failed(f"/stats answers {status}: {body}")
    return body, time.monotonic() - begin


def counts_bytes(here, topic):
    """On the broker's disk: compressed, as the topic grows."""
    return sum(log.stat().st_size for log in (here.kafka / "data").glob(f"{topic}-counts-*/*.log"))


def totals(text):
    """route → requests of each line of /stats."""
    header, *lines = (line.split() for line in text.splitlines())
    return {line[header.index("route")]: int(line[header.index("total")]) for line in lines}


def check_counted(pipeline, routes, events):
    """Every event, and each route as a series of its own."""
    wait_for(f"{events} events counted", lambda: overview(pipeline)["pipeline"]["events"] >= events,
             seconds=60, poll=1)
    wait_seconds(1)  # what is counted twice has come by then
    counted = totals(stats(pipeline)[0])
    if len(counted) != routes or sum(counted.values()) != events:
        raise Failed(f"{pipeline.topic}: {sum(counted.values())} events of {len(counted)} routes were "
                     f"counted, {events} of {routes} sent")


def start(here, topic):
    wait_for(f"topic {topic}", lambda: partitions(here.brokers, topic))
    pipeline = Pipeline(here.programs, BUILD, here.folder / topic, here.brokers, topic)
    pipeline.start_aggregator(**LIMITS)
    return pipeline


def under_load(here, pipeline, load, seconds):
    """Of an aggregator that knows all routes."""
    routes, pods = len(load.words), len(load.sources)
    wait_for(f"{routes} routes", lambda: overview(pipeline)["matching"] >= routes, poll=1,
             seconds=60 + 2 * routes * pods / load.rate)
    wait_seconds(SETTLE_SECONDS)
    asked = (pipeline.aggregator.process.pid, lambda: overview(pipeline)["pipeline"]["events"],
             lambda: load.records)
    grown, begin = counts_bytes(here, pipeline.topic), Moment.begin(*asked)
    wait_seconds(seconds)
    end = Moment.end(*asked)
    grown = counts_bytes(here, pipeline.topic) - grown
    row = cost(asked[0], begin, end, "event") | {
        "counts KiB/s": grown / 1024 / (end.at - begin.at), "age s": statistics.median(ages(pipeline))}
    text, took = stats(pipeline)
    return row | {"/stats MiB": len(text) / 2**20, "/stats s": took}


def step(here, routes, pods, rate, seconds):
    pipeline = start(here, f"growth-{routes}-{pods}")
    load = Pods(RecordProducer(here.brokers, SENT_AS), pipeline.topic, pods, routes, rate)
    load.start()
    try:
        row = under_load(here, pipeline, load, seconds)
    finally:
        load.stop()
    check_counted(pipeline, routes, load.events)
    pipeline.aggregator.kill()
    delete_topic(here.brokers, pipeline.topic)
    delete_topic(here.brokers, f"{pipeline.topic}-counts")
    return row


def by_routes(here, seconds):
    for routes in ROUTES:
        yield {"routes": routes} | step(here, routes, PODS_OF_ROUTES, RATE_OF_ROUTES, seconds)


def by_sources(here, seconds):
    for pods in PODS:
        yield {"sources": pods} | step(here, ROUTES_OF_PODS, pods, RATE_OF_PODS, seconds)


SUBJECTS = (
    Subject("routes", f"One aggregator by routes, {RATE_OF_ROUTES:,} events/s of {PODS_OF_ROUTES} pods",
            by_routes, "routes", ("CPU µs an event", "peak RSS MiB")),
    Subject("sources", f"One aggregator by sources, {RATE_OF_PODS:,} events/s of {ROUTES_OF_PODS} routes",
            by_sources, "sources", ("CPU µs an event", "peak RSS MiB", "counts KiB/s")))
