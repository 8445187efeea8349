"""What routerate is to be better at, by how much: each a ratio, or a figure, of one run."""

import dataclasses
import statistics

AGENT, AGGREGATOR = "routerate-agent", "routerate-aggregator"
METRICS, SUMMARIES = f"{AGENT}, fields: metrics", f"{AGENT}, ship: summaries"


@dataclasses.dataclass(frozen=True)
class Goal:
    what: str
    value: float | None  # None: not measured
    limit: float
    at_least: bool = False

    def met(self):
        if self.value is None:
            return "not measured"
        good = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "yes" if good else "no"

    def bound(self):
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g}"


class Goals:
    def __init__(self, results):
        self.results = results

    def cpu(self, name):
        costs = self.results.costs.get(("nginx", name))
        return statistics.median(cost.cpu for cost in costs) if costs else None

    def peak(self, name):
        costs = self.results.costs.get(("nginx", name))
        return max(cost.mib for cost in costs) if costs else None

    def idle(self, name, files, field):
        return getattr(self.results.idle.get((name, files)), field, None)

    def latency(self, name, rate, field):
        return getattr(self.results.latency.get((name, rate)), field, None)

    def all(self):
        return [*self._shipping(), *self._counting(), *self._waiting()]

    def _shipping(self):
        agent = self.cpu(AGENT)
        for peer, times in ("rsyslog", 12), ("syslog-ng", 20), ("kcat", 1):
            yield Goal(f"CPU a line: {peer} ÷ agent", ratio(self.cpu(peer), agent), times, True)
        yield Goal("CPU a line: agent with fields: metrics ÷ fields: all",
                   ratio(self.cpu(METRICS), agent), 0.6)
        yield Goal("peak RSS of the agent, MiB", self.peak(AGENT), 32)

    def _counting(self):
        yield Goal("CPU a line: mtail ÷ agent with ship: summaries",
                   ratio(self.cpu("mtail"), self.cpu(SUMMARIES)), 30, True)
        yield Goal("CPU for the same counts: mtail ÷ aggregator",
                   ratio(self.cpu("mtail"), self.cpu(AGGREGATOR)), 20, True)

    def _waiting(self):
        for rate in self.results.rates:
            for field in "p50", "p99":
                own, other = (self.latency(name, rate, field) for name in (AGENT, "rsyslog"))
                yield Goal(f"append to Kafka, {rate:g} lines/s, {field}: agent ÷ rsyslog",
                           ratio(own, other), 1)
        yield Goal("idle CPU, 1 file: agent ÷ rsyslog",
                   ratio(self.idle(AGENT, 1, "ms"), self.idle("rsyslog", 1, "ms")), 1)
        yield Goal("idle RSS, 1 file, MiB", self.idle(AGENT, 1, "mib"), 16)
        yield Goal("idle CPU, 1,000 files, ms a second", self.idle(AGENT, 1000, "ms"), 1)


def ratio(one, other):
    return one / other if one is not None and other else None
