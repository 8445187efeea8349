"""Everybody who gets the log: what is started, when it is done, and whether what came of it is right."""

import collections
import dataclasses
import json
import re

import delivered
import peers
from bench_world import BUILD, Pipeline, fetch, metric, partitions, wait_for
from cost import Arrived, Measured
from kafka_admin import delete_topic



def checked(cost, right, what):
    return dataclasses.replace(cost, outcome="right" if right else what)


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

    def _agent(self, name, **changes):
        """Its cost and its topic."""
        run = self._fresh(name)
        topic = self._topic(run)
        measured = Measured()
        agent = self.here.agent(run, [{"path": str(self.log.path), "format": self.log.form}], **changes)
        size = self.log.path.stat().st_size
        cost = measured.cost(agent.agent, lambda: metric(
            agent, "routerate_agent_read_bytes_total") >= size and not metric(
                agent, "routerate_agent_in_flight_bytes"))
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
        """An aggregator tells whether the summaries are right; its own cost is not looked at."""
        cost, topic = self._agent(name, ship="summaries")
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
            rows = pipeline.stats()
            counts.clear()
            for row in rows:
                for code_class in ("2xx", "3xx", "4xx", "5xx"):
                    counts[row["route"], code_class] += row[code_class]
            return sum(row["total"] for row in rows) >= self.log.lines

        pipeline.start_aggregator()
        wait_for("the aggregator's page", lambda: fetch(pipeline.aggregator_port, "/stats")[0] == 200)
        cost = measured.cost(pipeline.aggregator, counted)
        return checked(cost, +counts == self.log.counts, f"{sum(counts.values())} counted otherwise")

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
    return checked(cost, counts == log.counts, f"{sum(counts.values())} counted otherwise")


def outcome_of_goaccess(log, cost, _, folder):
    general = json.loads((folder / "report.json").read_text())["general"]
    valid = general["valid_requests"]
    return checked(cost, valid == log.lines, f"{valid} lines understood")


OUTCOMES = {"mtail": outcome_of_mtail, "goaccess": outcome_of_goaccess}
