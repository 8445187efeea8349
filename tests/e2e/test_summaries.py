"""The same traffic as events and as summaries: kill -9 of the agents changes no count of either."""

import pathlib
import re
import unittest

from end_to_end import BUILD, EndToEnd, count_lines, read_topic
from nginx_server import NginxServer
from pipeline import Pipeline, fetch
from processes import wait_for

KILLS = 8
ROTATE_WHILE_DEAD, ROTATE_WHILE_ALIVE = 2, 5  # after which kill
BYTES_BETWEEN_KILLS = (500_000, 4_000_000)
LOAD_SECONDS = 120  # at most; the load is ended when the kills are over
PATHS = pathlib.Path(__file__).with_name("wrk_paths.lua")
ROUTES = {"routes": [{"path": "/orders/{order}", "method": "POST"},
                     {"name": "reviews", "pattern": "/products/[0-9]+/reviews"}]}
COUNTERS = ("requests_total", "response_bytes_total", "request_duration_seconds_bucket",
            "request_duration_seconds_sum", "request_duration_seconds_count")
SHIPS = ("events", "summaries")


class Summaries(EndToEnd):
    def start_agents(self, first):
        """One for each way, over the same topic."""
        self.ways = {}
        for ship in SHIPS:
            way = Pipeline(self.programs, BUILD, self.folder / ship, first.brokers, first.topic,
                           agent=f"agent-{ship}")
            way.write_config("routes.yaml", ROUTES)
            routes = {"routes": "routes.yaml"} if ship == "summaries" else {}
            (self.logs / ship).mkdir()
            way.start_agent([{"path": str(self.logs / ship / "*.log"), "format": "nginx"}],
                            ship=ship, **routes, source={"service": ship, "pod": ship})
            self.ways[ship] = way

    def log(self, ship):
        return self.logs / ship / "access.log"

    def rotate(self, nginx, number):
        """Both at once, by one signal."""
        self.log("summaries").rename(self.logs / "summaries" / f"{number}.log")
        nginx.rotate(f"{number}.log")
        wait_for("nginx has opened both logs", self.log("summaries").exists)

    def written_bytes(self):
        return sum(log.stat().st_size for log in (self.logs / "summaries").iterdir())

    def kill_and_restart(self, nginx):
        for kill in range(1, KILLS + 1):
            moment = self.written_bytes() + self.random.randrange(*BYTES_BETWEEN_KILLS)
            wait_for(f"{moment} bytes of log", lambda: self.written_bytes() >= moment, poll=0.01)
            for way in self.ways.values():
                way.agent.kill()
            print(f"kill {kill} at byte {moment}")
            if kill == ROTATE_WHILE_DEAD:
                self.rotate(nginx, kill)
            for way in self.ways.values():
                way.launch_agent()
            if kill == ROTATE_WHILE_ALIVE:
                self.rotate(nginx, kill)

    def wait_for_lines(self, aggregator, ship):
        """All that are in the logs, and not one more."""
        written = count_lines(*(self.logs / ship).iterdir())

        def counted():
            total = sum(row["total"] for row in aggregator.stats() if row["service"] == ship)
            self.assertLessEqual(total, written)
            return total == written

        wait_for(f"{written} requests counted of {ship}", counted)
        return written

    def counters(self, metrics, service):
        """name and labels without the service → value, of all that only grows."""
        pattern = re.compile(r"^routerate_http_(%s){(.*)} (\S+)$" % "|".join(COUNTERS), re.MULTILINE)
        label = f'service="{service}"'
        return {(name, labels.replace(label, "")): float(value)
                for name, labels, value in pattern.findall(metrics) if label in labels}

    def test_same(self):
        first = self.pipeline(self.real_kafka())
        first.write_config("routes.yaml", ROUTES)
        first.start_aggregator(routes="routes.yaml")
        self.start_agents(first)
        nginx = NginxServer(self.programs, self.folder / "nginx", self.log("events"),
                            second_log=self.log("summaries"))
        load = self.programs.start("wrk", ["wrk", "-t", "1", "-c", "8", "-d", f"{LOAD_SECONDS}s",
                                           "-s", PATHS, f"http://127.0.0.1:{nginx.port}"])
        self.kill_and_restart(nginx)
        load.kill()
        nginx.stop()
        for way in self.ways.values():
            way.agent.port()  # It is up, and so knows what SIGTERM means.
            self.assertEqual(way.agent.terminate(), 0)
        written = {ship: self.wait_for_lines(first, ship) for ship in SHIPS}
        self.assertEqual(written["events"], written["summaries"])

        _, metrics = fetch(first.aggregator_port, "/metrics")
        by_events, by_summaries = (self.counters(metrics, ship) for ship in SHIPS)
        self.assertGreater(len(by_events), 100)
        self.assertEqual(by_events, by_summaries)
        self.assertIn('rejected_records_total{reason="overlapping_summary"} 0\n', metrics)

        bytes_of = dict.fromkeys(SHIPS, 0)
        records = read_topic(first)
        for record in records:
            if record.kind in ("events", "summary"):
                bytes_of[record.headers["rr-source"].split("/")[1]] += len(record.value)
        self.assertTrue(any(record.kind == "summary" for record in records))
        print(f"{written['events']} lines, shipped in {bytes_of} bytes")


if __name__ == "__main__":
    unittest.main()
