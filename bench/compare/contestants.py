"""Everybody who gets the log: what is started, when it is done, and whether what came of it is right."""

import collections
import dataclasses
import json
import re

import delivered
import peers
from bench_world import BUILD, Pipeline, append, fetch, metric, partitions, wait_for
from cost import Arrived, Measured
from kafka_admin import delete_topic


def checked(cost, log, counts):
    """Counts by route and class, or by anything where those of the log are not known."""
    total = sum(counts.values())
    if log.counts is None:
        return dataclasses.replace(cost, outcome=f"{total} counted")
    return dataclasses.replace(cost, outcome="right" if +counts == log.counts else
                               f"{total} counted otherwise")


class Contest:
    """One world and one log; the topic of the agent's events stays for the aggregator."""

    def __init__(self, here, log):
        self.here = here
        self.log = log
        self.runs = collections.Counter()
        self.events = None  # the topic

    def _fresh(self, name):
        self.runs[name] += 1
        return f"{self.log.form}-{name.split()[0].rstrip(',')}-{sum(self.runs.values())}"

    def _topic(self, name):
        topic = f"bench-{name}"
        wait_for(f"topic {topic}", lambda: partitions(self.here.brokers, topic))
        return topic

    def _agent(self, name, grows=False, **changes):
        """Its cost and its topic. The log is there, or `grows`: it is written while the agent runs."""
        run = self._fresh(name)
        topic = self._topic(run)
        path = self.here.folder / f"{run}.log"
        path.touch() if grows else path.symlink_to(self.log.path)
        measured = Measured()
        agent = self.here.agent(run, [{"path": str(path), "format": self.log.form}], **changes)
        if grows:
            append(self.log.path, path)
        size = path.stat().st_size
        cost = measured.cost(agent.agent, lambda: metric(
            agent, "routerate_agent_read_bytes_total") >= size and not metric(
                agent, "routerate_agent_in_flight_bytes"))
        path.unlink()
        return cost, topic

    def agent_all(self, name):
        if self.events:
            delete_topic(self.here.brokers, self.events)
        cost, self.events = self._agent(name)
        arrived = delivered.of_agent(self.here.brokers, self.events, self.log)
        return dataclasses.replace(cost, outcome=arrived.words())

    def agent_metrics(self, name):
        cost, topic = self._agent(name, fields="metrics")
        arrived = delivered.of_agent(self.here.brokers, topic, self.log)
        delete_topic(self.here.brokers, topic)
        return dataclasses.replace(cost, outcome=arrived.words())

    def agent_summaries(self, name):
        """What it finds it would ship as events. An aggregator tells whether the summaries are right."""
        cost, topic = self._agent(name, grows=True, ship="summaries")
        outcome = self._aggregate(f"{name} counted", topic).outcome
        delete_topic(self.here.brokers, topic)
        return dataclasses.replace(cost, outcome=outcome)

    def aggregator(self, name):
        return self._aggregate(name, self.events)

    def _aggregate(self, name, topic):
        pipeline = Pipeline(self.here.programs, BUILD, self.here.folder / self._fresh(name),
                            self.here.brokers, topic)
        measured, counts = Measured(), collections.Counter()

        def counted():
            """Asked often, so for the total alone."""
            rows = pipeline.stats("&by=service")
            if sum(row["total"] for row in rows) < self.log.lines:
                return False
            for row in pipeline.stats():
                for code_class in ("2xx", "3xx", "4xx", "5xx"):
                    counts[row["route"], code_class] += row[code_class]
            return True

        pipeline.start_aggregator()
        wait_for("the aggregator's page", lambda: fetch(pipeline.aggregator_port, "/stats")[0] == 200)
        cost = measured.cost(pipeline.aggregator, counted)
        return checked(cost, self.log, counts)

    def ship(self, peer):
        run = self._fresh(peer.name)
        topic = self._topic(run)
        measured = Measured()
        program = peer.start(self.here.programs, run, self.log.path, topic, self.here.brokers)
        arrived = Arrived(self.here.brokers, topic, self.log.lines)
        exits = isinstance(peer, peers.Kcat)
        cost = measured.cost(program, **({} if exits else {"done": arrived}))
        found = delivered.of_peer(self.here.brokers, topic, self.log)
        delete_topic(self.here.brokers, topic)
        return dataclasses.replace(cost, outcome=found.words())

    def count(self, peer):
        run = self._fresh(peer.name)
        folder = self.here.folder / run
        folder.mkdir()
        command = peer.counting(folder, self.log)
        measured = Measured()
        program = self.here.programs.start(run, command)
        return OUTCOMES[peer.name](self.log, measured.cost(program), program, folder)

    def contestants(self):
        """(name, most rounds or None, what runs it) in the order of a round."""
        own = [("routerate-agent", self.agent_all),
               ("routerate-agent, fields: metrics", self.agent_metrics),
               ("routerate-agent, ship: summaries", self.agent_summaries),
               ("routerate-aggregator", self.aggregator)]
        rows = [(name, None, lambda run=run, name=name: run(name)) for name, run in own]
        for all_peers, run in (peers.SHIPPERS, self.ship), (peers.COUNTERS, self.count):
            rows += [(peer.name, peer.rounds, lambda run=run, peer=peer: run(peer))
                     for peer in peers.present(all_peers)]
        return rows


def outcome_of_mtail(log, cost, program, _):
    output = program.output()
    metrics = json.JSONDecoder().raw_decode(output[re.search(r"^[{\[]", output, re.MULTILINE).start():])[0]
    counts = collections.Counter()
    for series in metrics["requests"][0]["LabelValues"]:
        service, noun, rest, status = series["Labels"]
        route = f"/{service}/{noun}/{{id}}{rest}"
        counts[route, f"{status[0]}xx"] += int(series["Value"]["Value"])
    return checked(cost, log, counts)


def outcome_of_goaccess(log, cost, _, folder):
    general = json.loads((folder / "report.json").read_text())["general"]
    valid = general["valid_requests"]
    return dataclasses.replace(cost, outcome="right" if valid == log.lines else
                               f"{valid} lines understood")


OUTCOMES = {"mtail": outcome_of_mtail, "goaccess": outcome_of_goaccess}
