"""A backlog of gigabytes or of many files is not read into memory: the log files are the buffer."""

import pathlib
import re
import unittest

from end_to_end import BUILD, EndToEnd
from pipeline import fetch
from processes import free_port, wait_for

AGENT = """\
source: {{namespace: shop, service: web}}
inputs:
  - {{path: {logs}/*.log, format: nginx}}
kafka: {{brokers: 127.0.0.1:{port}}}
checkpoint: {folder}/checkpoint
listen: 127.0.0.1:0
max_in_flight: 1MiB
drain_timeout: 1s
"""
LINE = b'{"@timestamp":"2026-11-22T10:00:00Z","request_uri":"/orders/%d?q=%0100d","status":200}\n'
MOST_MIB = 32  # DESIGN A9; with debugging information in it, too


class Memory(EndToEnd):
    def most_mib(self, agent):
        status = pathlib.Path(f"/proc/{agent.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024

    def check(self, files, lines):
        """Nobody listens at the broker's address, so nothing is ever acknowledged."""
        block = b"".join(LINE % (number, number) for number in range(lines))
        for number in range(files):
            (self.logs / f"{number}.log").write_bytes(block)
        config = self.folder / "agent.yaml"
        config.write_text(AGENT.format(logs=self.logs, folder=self.folder, port=free_port()))
        agent = self.programs.start("agent", [BUILD / "agent" / "routerate-agent", "--config", config])
        port = agent.port()
        wait_for("the agent to stop reading", lambda: re.search(
            r"^routerate_agent_oldest_unacknowledged_seconds ([3-9]|\d\d)",
            fetch(port, "/metrics")[1], re.MULTILINE))
        most = self.most_mib(agent)
        print(f"{files * len(block) >> 20} MiB in {files} files: {most:.1f} MiB")
        self.assertLess(most, MOST_MIB)
        agent.terminate()

    def test_large_file(self):
        self.check(1, 1_500_000)

    def test_many_files(self):
        self.check(500, 500)


if __name__ == "__main__":
    unittest.main()
