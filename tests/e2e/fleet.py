"""Pods with steady logs, each with its agent, and replicas of the aggregator, over a real Kafka."""

import re
import sys

from end_to_end import BUILD, REPOSITORY, kafka_down, kafka_up
from pipeline import Pipeline, fetch
from processes import Failed, wait_for
from rate_watch import RateWatch, Truth

WRITER = REPOSITORY / "tests" / "e2e" / "steady_writer.py"


class Fleet:
    """Of an end-to-end test; all is inside its folder and ends with it."""

    def __init__(self, test, pods, lines_per_second, replicas=1, brokers=None, **aggregator):
        """`brokers`: of a Kafka that is not to be stopped; without it, its own."""
        self.test = test
        self.lines_per_second = lines_per_second  # of each pod
        self.aggregator = aggregator  # changes of its configuration
        self.broker = test.folder / "kafka"
        test.addCleanup(kafka_down, self.broker)
        self.brokers = brokers or kafka_up(self.broker)
        self.topic = f"e2e-{test.random.getrandbits(48):012x}"
        self.writers, self.watches = [], []
        self.replicas = [self._pipeline(f"replica-{number}") for number in range(replicas)]
        self.pods = [self._pipeline(f"shop-{number}") for number in range(pods)]
        self.logs = [test.logs / f"{pod.folder.name}.log" for pod in self.pods]
        for number in range(replicas):
            self.start_replica(number)
        for pod, log in zip(self.pods, self.logs):
            log.touch()
            pod.start_agent([{"path": str(log), "format": "nginx"}],
                            source={"namespace": "demo", "service": "shop", "pod": pod.folder.name})

    def _pipeline(self, name):
        return Pipeline(self.test.programs, BUILD, self.test.folder / name, self.brokers, self.topic)

    def start_replica(self, number):
        """Anew, under its own name."""
        self.replicas[number].start_aggregator(
            kafka={"brokers": self.brokers, "topic": self.topic, "instance": f"replica-{number}",
                   "counts_topic": f"{self.topic}-counts", "group": f"{self.topic}-aggregator"},
            **self.aggregator)

    def kill_replica(self, number):
        self.replicas[number].aggregator.kill()

    def stop_broker(self):
        kafka_down(self.broker)

    def start_broker(self):
        kafka_up(self.broker)

    def start_writing(self):
        writer = self.test.programs.start(
            f"writer-{len(self.writers)}", [sys.executable, WRITER, self.lines_per_second, *self.logs])
        self.writers.append(writer)

    def stop_writing(self):
        self.test.assertEqual(self.writers[-1].terminate(), 0)

    def watch(self, pages=("/stats?format=json",), **how):
        """Watches on each replica."""
        self.watches = [RateWatch(replica, page, **how) for replica in self.replicas for page in pages]
        for watch in self.watches:
            self.test.addCleanup(watch.stop)
        return self.watches

    def wait_for_rates(self, window="10s", seconds=60):
        """All replicas publish it."""
        wait_for(f"rates over {window}",
                 lambda: all(watch.publishes(window) for watch in self.watches), seconds)

    def truth(self):
        return Truth(self.writers)

    # A killed replica holds its partitions until its session ends, 45 s after the broker knew it last.
    def check_totals(self, seconds=150):
        """Each replica's total comes to be what was written, and is never more."""
        total = self.truth().total()
        try:
            for replica in self.replicas:
                replica.wait_for_total(total, seconds)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.what_replicas_say()}") from None
        return total

    def what_replicas_say(self):
        """Their own health, and how far each is."""
        said = []
        for replica in self.replicas:
            metrics = fetch(replica.aggregator_port, "/metrics")[1]
            own = [line for line in metrics.splitlines()
                   if re.match("routerate_(aggregator|data|coverage)", line) and not line.endswith(" 0")]
            said += [f"--- {replica.folder.name}: {replica.total()} counted", *own]
        return "\n".join(said)
