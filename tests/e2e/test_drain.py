"""SIGTERM while lines are still being written: the agent ships them all, says goodbye, exits 0."""

import signal
import unittest

from end_to_end import EndToEnd, count_lines, read_topic
from pipeline import fetch
from processes import wait_for
from traffic import TomcatLines


class Drain(EndToEnd):
    def check(self, kafka=None):
        pipeline = self.pipeline(kafka)
        pipeline.start_aggregator()
        log = self.logs / "localhost_access_log.txt"
        writer = TomcatLines(log, base=1000, seed=self.random.random())
        pipeline.start_agent([{"path": str(log), "format": "tomcat"}])
        writer.start()

        def read_before_sigterm():
            """Pages are read meanwhile: the thread sanitizer watches the threads that make them."""
            for port in pipeline.agent_port, pipeline.aggregator_port:
                status, page = fetch(port, "/metrics")
                self.assertEqual(status, 200, page)
            return count_lines(log) >= 2000

        wait_for("lines before SIGTERM", read_before_sigterm)
        pipeline.agent.signal(signal.SIGTERM)
        at_signal = count_lines(log)
        wait_for("lines after SIGTERM", lambda: count_lines(log) >= at_signal + 2000)
        writer.stop()
        self.assertEqual(pipeline.agent.exit_code(), 0)
        pipeline.wait_for_total(count_lines(log))
        kinds = [record.kind for record in read_topic(pipeline)]
        self.assertEqual(kinds[-1], "goodbye")
        self.assertEqual(kinds.count("goodbye"), 1)

    def test_embedded(self):
        self.check()

    def test_kafka(self):
        self.check(self.real_kafka())


if __name__ == "__main__":
    unittest.main()
