"""kill -9 of the agent at random moments loses no line of a loaded nginx and counts none twice."""

import pathlib
import unittest

from end_to_end import EndToEnd, count_lines
from nginx_server import NginxServer
from processes import wait_for

KILLS = 10
ROTATE_WHILE_DEAD, ROTATE_WHILE_ALIVE = 3, 6  # after which kill
BYTES_BETWEEN_KILLS = (50_000, 4_000_000)
LOAD_SECONDS = 120  # at most; the load is ended when the kills are over
PATHS = pathlib.Path(__file__).with_name("wrk_paths.lua")


class Kills(EndToEnd):
    def start_load(self, nginx):
        return self.programs.start("wrk", ["wrk", "-t", "1", "-c", "8", "-d", f"{LOAD_SECONDS}s",
                                           "-s", PATHS, f"http://127.0.0.1:{nginx.port}"])

    def written_bytes(self):
        return sum(log.stat().st_size for log in self.logs.iterdir())

    def kill_and_restart(self, pipeline, nginx):
        for kill in range(1, KILLS + 1):
            moment = self.written_bytes() + self.random.randrange(*BYTES_BETWEEN_KILLS)
            wait_for(f"{moment} bytes of log", lambda: self.written_bytes() >= moment, poll=0.01)
            pipeline.agent.kill()
            print(f"kill {kill} at byte {moment}")
            if kill == ROTATE_WHILE_DEAD:
                nginx.rotate("access.log.2")
            pipeline.launch_agent()
            if kill == ROTATE_WHILE_ALIVE:
                nginx.rotate("access.log.1")

    def test_kills(self):
        pipeline = self.pipeline(self.real_kafka())
        pipeline.start_aggregator()
        nginx = NginxServer(self.programs, self.folder / "nginx", self.logs / "access.log")
        pipeline.start_agent([{"path": str(self.logs / "*.log"), "format": "nginx"}])
        load = self.start_load(nginx)
        self.kill_and_restart(pipeline, nginx)
        load.kill()
        nginx.stop()
        pipeline.agent.port()  # It is up, and so knows what SIGTERM means.
        self.assertEqual(pipeline.agent.terminate(), 0)
        written = count_lines(*self.logs.iterdir())
        self.assertEqual(len(list(self.logs.iterdir())), 3)
        pipeline.wait_for_total(written)
        print(f"{written} lines written and counted")


if __name__ == "__main__":
    unittest.main()
