"""One scenario: an agent of its own, logs of its own, and what must have become of every line.

A scenario is a function of a Scenario that writes, rotates, kills; afterwards Finish compares: each
line written was delivered from one place of the log, requests are counted once, the loss ledger
holds exactly what could not be had, and SIGTERM ends the agent with 0.
"""

import collections
import contextlib
import re
import signal
import time

from end_to_end import BUILD
from log_writer import LogLines, LogWriter
from pipeline import Pipeline, fetch
from processes import Failed, Programs, wait_for
from topic_reader import TopicReader

SHOWN = 4
SCAN_SECONDS = 1.0
LOST = re.compile(r'^routerate_agent_lost_bytes_total\{reason="(\w+)"\} (\S+)$', re.MULTILINE)


class Broker:
    """A broker with an aggregator that counts and a reader that lists; it can be paused."""

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.embedded = not pipeline.brokers
        pipeline.start_aggregator()
        self.reader = TopicReader(pipeline.brokers, pipeline.topic)
        self.pausable = pipeline.aggregator  # the broker's process, or what holds it

    def pause(self):
        self.pausable.signal(signal.SIGSTOP)

    def resume(self):
        self.pausable.signal(signal.SIGCONT)

    def total(self, service):
        return sum(row["total"] for row in self.pipeline.stats(f"&service={service}&limit=1000000"))

    def stop(self):
        self.resume()
        self.reader.stop()


class Scenario:
    def __init__(self, name, folder, broker, **settings):
        self.name = name
        self.folder = folder
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.broker = broker
        self.settings = settings
        self.pattern = "*.log"
        self.lines = LogLines(name)
        self.source = f"demo/{name}/{name}-0"
        self.programs = Programs(folder)
        self.pipeline = Pipeline(self.programs, BUILD, folder / "run", broker.pipeline.brokers,
                                 broker.pipeline.topic)
        self.prefix = []  # what runs the agent: setpriv, prlimit, nsenter
        self.writers = []
        self.seconds = 20.0  # that delivery may take
        self.lost = collections.Counter()  # reason → bytes that the ledger must hold
        self.holes = 0  # bytes never written: the ledger may name them, or not
        self.doubtful = []  # (path, bytes, reason): delivered, or in the ledger
        self.unknowable = set()  # paths that nobody can know of any more
        self.past_ledger = collections.Counter()  # of agents that were ended
        self.stack = contextlib.ExitStack()

    def log(self, name="a.log", **how):
        writer = LogWriter(self.logs / name, self.lines, **how)
        self.writers.append(writer)
        return writer

    def until_closed(self, context):
        return self.stack.enter_context(context)

    # --- the agent

    def configure(self, **changes):
        inputs = [{"path": str(self.logs / self.pattern), "format": "nginx"}]
        source = {"namespace": "demo", "service": self.name, "pod": f"{self.name}-0"}
        self.settings |= changes
        self.pipeline.write_config("agent.yaml", self.pipeline.agent_config(
            **{"inputs": inputs, "source": source, "drain_quiet": "300ms"} | self.settings))

    def launch(self):
        self.agent = self.programs.start("agent", [
            *self.prefix, self.pipeline.build / "agent" / "routerate-agent", "--config",
            self.pipeline.folder / "agent.yaml"])

    def start(self, **changes):
        self.configure(**changes)
        self.launch()
        self.agent.port()

    def metric(self, name):
        """The sum of the agent's series of that name."""
        return sum(map(float, re.findall(rf"^{name}(?:{{.*}})? (\S+)$", self.metrics(), re.MULTILINE)))

    def metrics(self):
        return fetch(self.agent.port(), "/metrics")[1]

    def ledger(self):
        """What all agents of this scenario have said to be lost."""
        now = self.past_ledger.copy()
        if self.agent.running():
            now.update({reason: int(float(value)) for reason, value in LOST.findall(self.metrics())})
        return +now

    def kill(self):
        self.past_ledger = self.ledger()
        self.agent.kill()

    def stop(self, code=0):
        self.past_ledger = self.ledger()
        seen = self.agent.terminate()
        if seen != code:
            raise Failed(f"SIGTERM: exit code {seen}, not {code}\n{self.agent.tail()}")

    def let_scan(self, times=2.5):
        """Time for so many looks at the folder."""
        begin = time.monotonic()
        wait_for("scans", lambda: time.monotonic() - begin > times * SCAN_SECONDS)

    def wait_until_seen(self):
        """A paused agent has noticed everything written: then it can tell what it loses."""
        begin = time.monotonic()
        size = sum(path.stat().st_size for path in self.logs.rglob("*.log"))
        wait_for("bytes seen", lambda: time.monotonic() - begin > 3 or
                 self.metric("routerate_agent_behind_bytes") +
                 self.metric("routerate_agent_read_bytes_total") >= size)

    # --- lines

    def doubt(self, count, reason):
        """The last lines may be out of reach: delivered, or in the ledger under `reason`."""
        self.doubtful += [(*line, reason) for line in self.lines.lines[-count:]]
        del self.lines.lines[-count:]

    def forget(self, count):
        """The last lines are out of reach, and so is how many they were."""
        self.unknowable |= {path for path, _ in self.lines.lines[-count:]}
        del self.lines.lines[-count:]

    def delivered(self):
        return self.broker.reader.sources[self.source].counts()

    def difference(self):
        """What is missing and what is too much, in words; empty when all is right."""
        must = collections.Counter(path for path, _ in self.lines.lines)
        may = collections.Counter(path for path, *_ in self.doubtful) | collections.Counter(
            self.unknowable)
        seen = self.delivered()
        found = []
        for what, paths in ("missing", must - seen), ("too many", seen - must - may):
            if paths:
                some = ", ".join(sorted(paths)[:SHOWN])
                found.append(f"{what}: {paths.total()} of {must.total()} lines: {some}")
        return "; ".join(found)

    def settle(self):
        """Returns when every line has been delivered that must be."""
        must = collections.Counter(path for path, _ in self.lines.lines)
        try:
            wait_for("delivery", lambda: not must - self.delivered(), self.seconds)
        except Failed:
            raise Failed(f"after {self.seconds:g} s {self.difference()}") from None

    def expected_ledger(self):
        seen = self.delivered()
        expected = self.lost.copy()
        for path, size, reason in self.doubtful:
            expected[reason] += 0 if seen[path] else size
        return +expected

    def ledger_fits(self):
        holes = collections.Counter(nul_bytes=self.holes)
        return self.ledger() in (self.expected_ledger(), self.expected_ledger() + holes)

    def check_ledger(self):
        try:
            wait_for("the ledger", self.ledger_fits, seconds=5)
        except Failed:
            raise Failed(f"lost bytes {dict(self.ledger())}, "
                         f"expected {dict(self.expected_ledger())}") from None

    def finish(self):
        """All checks; every finding is told, not just the first."""
        findings = []
        for check in self.settle, self.check_ledger, self._drain, self._check_delivered:
            try:
                check()
            except Failed as failure:
                findings.append(str(failure))
        if findings:
            raise Failed("\n".join(dict.fromkeys(findings)))

    def _drain(self):
        goodbyes = self.broker.reader.sources[self.source].goodbyes
        running = self.agent.running()
        self.stop()
        if running:
            self.broker.reader.wait_for_goodbye(self.source, goodbyes)

    def _check_delivered(self):
        if difference := self.difference():
            raise Failed(difference)
        count = self.delivered().total()
        wait_for(f"{count} requests of {self.name} counted",
                 lambda: self.broker.total(self.name) == count, seconds=45)

    def close(self):
        for writer in self.writers:
            writer.close()
        self.programs.__exit__()
        self.stack.close()
