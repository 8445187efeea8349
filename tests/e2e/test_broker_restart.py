"""Ten seconds without Kafka: nothing is lost, nothing counted twice, the agent stays ready."""

import unittest

from end_to_end import EndToEnd, count_lines, distinct_events, kafka_down, kafka_up, read_topic
from pipeline import fetch
from processes import wait_for
from traffic import TomcatLines

LINES_PER_SECOND = 500
OUTAGE_SECONDS = 10


class BrokerRestart(EndToEnd):
    def test_broker_restart(self):
        broker = self.folder / "kafka"
        self.addCleanup(kafka_down, broker)
        pipeline = self.pipeline(kafka_up(broker))
        pipeline.start_aggregator()
        log = self.logs / "localhost_access_log.txt"
        writer = TomcatLines(log, base=LINES_PER_SECOND, seed=self.random.random())
        pipeline.start_agent([{"path": str(log), "format": "tomcat"}])
        writer.start()
        wait_for("requests counted", lambda: pipeline.total() > 1000, seconds=60)

        kafka_down(broker)
        self.write_through_outage(pipeline, log)
        kafka_up(broker)
        wait_for("requests of the outage counted",
                 lambda: pipeline.total() > count_lines(log) - LINES_PER_SECOND, seconds=60)
        writer.stop()
        self.assertEqual(pipeline.agent.terminate(), 0)
        written = count_lines(log)
        pipeline.wait_for_total(written)
        self.assertEqual(len(distinct_events(read_topic(pipeline))), written)

    def write_through_outage(self, pipeline, log):
        """The agent must answer "ready" all the time: its readiness is the pod's."""
        enough = count_lines(log) + LINES_PER_SECOND * OUTAGE_SECONDS

        def written():
            self.assertEqual(fetch(pipeline.agent_port, "/readyz")[0], 200)
            return count_lines(log) >= enough

        wait_for("lines written without a broker", written, poll=0.2)


if __name__ == "__main__":
    unittest.main()
