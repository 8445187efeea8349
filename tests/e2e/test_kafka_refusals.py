"""A real Kafka that refuses: a topic that is gone, a limit that is lowered, a permission that is
taken away. Each passes without a restart of the agent, and every line is counted once."""

import re
import unittest

from end_to_end import (EndToEnd, Record, count_lines, distinct_events, kafka_down, kafka_up,
                        read_topic)
import kafka_admin
from pipeline import fetch
from processes import wait_for
from traffic import TomcatLines

LINES_PER_SECOND = 500
BURST = 5000  # lines written at once: they make full batches
LIMIT = 4000  # bytes; far below a full batch, compressed
# The authorizer lets everybody do what nothing is said about.
SETTINGS = ("auto.create.topics.enable=false", "allow.everyone.if.no.acl.found=true",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer")


class KafkaRefusals(EndToEnd):
    def setUp(self):
        super().setUp()
        broker = self.folder / "kafka"
        self.addCleanup(kafka_down, broker)
        self.line = self.pipeline(kafka_up(broker, *SETTINGS))
        self.log = self.logs / "localhost_access_log.txt"
        self.create()

    def create(self):
        kafka_admin.create_topic(self.line.brokers, self.line.topic)

    def start_agent(self):
        self.line.start_agent([{"path": str(self.log), "format": "tomcat"}])

    def writer(self):
        return TomcatLines(self.log, base=LINES_PER_SECOND, seed=self.random.random())

    def write_burst(self, *more):
        """Whole lines at once, which the agent finds as full batches."""
        writer = self.writer()
        lines = [writer.line(writer.shop.next_request()) for _ in range(BURST)]
        lines[BURST // 2:BURST // 2] = more
        writer.file.write("\n".join(lines) + "\n")
        writer.file.close()

    def oversize_line(self):
        """One that no compression makes small."""
        writer = self.writer()
        line = writer.line(writer.shop.next_request())
        writer.file.close()
        return re.sub(r'("method":"\w+ )', rf"\1/{self.random.getrandbits(40_000 * 4):x}", line)

    def metric(self, name):
        """The sum of the agent's series whose name and labels match."""
        page = fetch(self.line.agent_port, "/metrics")[1]
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", page, re.M))

    def paused(self):
        self.assertEqual(fetch(self.line.agent_port, "/readyz")[0], 200)
        return self.metric("routerate_agent_kafka_paused") == 1

    def wait_until_all_is_sent(self):
        """The watermark covers the file's last line, and nothing is on its way."""
        written = self.log.stat().st_mtime
        wait_for("everything sent",
                 lambda: self.metric("routerate_agent_watermark_timestamp_seconds") > written
                 and self.metric("routerate_agent_in_flight_records") == 0, seconds=60)

    def test_topic_recreated(self):
        self.start_agent()
        self.write_burst()
        self.wait_until_all_is_sent()
        before = distinct_events(read_topic(self.line))
        self.assertEqual(len(before), BURST)

        kafka_admin.delete_topic(self.line.brokers, self.line.topic)
        writer = self.writer()
        writer.start()
        wait_for("a pause", self.paused, seconds=60)
        paused_with = count_lines(self.log)
        wait_for("lines written meanwhile",
                 lambda: count_lines(self.log) > paused_with + LINES_PER_SECOND)
        self.create()
        wait_for("the end of the pause", lambda: not self.paused(), seconds=60)
        self.recreate_at_once()
        writer.stop()
        self.assertEqual(self.line.agent.terminate(), 0)
        self.check_no_gap(distinct_events(read_topic(self.line)))

    def recreate_at_once(self):
        """Under load, while records are on their way. What the old topic had is gone with it."""
        reader = self.programs.start(
            "reader", ["kcat", "-C", "-q", "-u", "-J", "-o", "beginning", "-b", self.line.brokers,
                       "-t", self.line.topic])
        wait_for("records read", lambda: reader.log.read_bytes().count(b"\n") > 100)
        kafka_admin.delete_topic(self.line.brokers, self.line.topic)
        reader.kill()
        self.programs.started.remove(reader)  # Its records are not for people.
        self.create()
        whole = [line for line in reader.log.read_text().split("\n")[:-1] if line.startswith("{")]
        self.first_topic = distinct_events(map(Record, whole))
        enough = count_lines(self.log) + 3 * LINES_PER_SECOND
        wait_for("lines behind it", lambda: count_lines(self.log) > enough)

    def check_no_gap(self, second_topic):
        """Each topic has a run of lines without a gap, the second all to the end; what is missing
        between them the first took last, and nobody had read it when it was deleted."""
        starts, at = [], 0
        for line in self.log.read_bytes().splitlines(keepends=True):
            starts.append(at)
            at += len(line)
        first = sorted(offset for _, _, offset in self.first_topic)
        second = sorted(offset for _, _, offset in second_topic)
        self.assertEqual(first, starts[BURST:BURST + len(first)])
        self.assertEqual(second, starts[-len(second):])
        print(f"{len(starts)} lines: {BURST} + {len(first)} + {len(second)}, "
              f"{len(starts) - BURST - len(first) - len(second)} gone with a topic")

    def test_limit_lowered(self):
        self.line.start_aggregator()
        self.start_agent()
        self.write_burst()
        self.line.wait_for_total(BURST)
        kafka_admin.set_topic_config(self.line.brokers, self.line.topic, "max.message.bytes", LIMIT)
        oversize = self.oversize_line()
        self.assertGreater(len(oversize), 10 * LIMIT)
        self.write_burst(oversize)
        self.line.wait_for_total(2 * BURST)
        self.write_burst()
        self.line.wait_for_total(3 * BURST)
        self.assertGreater(self.metric("routerate_agent_records_split_total"), 0)
        self.assertGreater(self.metric("routerate_agent_oversize_lines_total"), 0)
        self.assertGreater(self.metric("routerate_agent_lost_bytes_total"), 10 * LIMIT)
        print("refusals:", self.metric('routerate_agent_kafka_errors_total'))
        self.assertEqual(self.line.agent.terminate(), 0)
        self.assertEqual(len(distinct_events(read_topic(self.line))), 3 * BURST)

    def test_permission_lost_and_regained(self):
        self.line.start_aggregator()
        self.start_agent()
        writer = self.writer()
        writer.start()
        wait_for("requests counted", lambda: self.line.total() > LINES_PER_SECOND)
        kafka_admin.forbid_writing(self.line.brokers, self.line.topic)
        wait_for("a pause", self.paused, seconds=60)
        kafka_admin.allow_everything(self.line.brokers, self.line.topic)
        wait_for("the end of the pause", lambda: not self.paused(), seconds=60)
        writer.stop()
        self.assertEqual(self.line.agent.terminate(), 0)
        written = count_lines(self.log)
        self.line.wait_for_total(written)
        self.assertEqual(len(distinct_events(read_topic(self.line))), written)


if __name__ == "__main__":
    unittest.main()
