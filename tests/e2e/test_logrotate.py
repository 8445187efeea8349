"""A real logrotate rotates a loaded nginx's log: no line is lost, none is counted twice.

nginx writes each line twice: into the log that is rotated, and into one that nobody touches, the
truth. By rename, create, USR1 and delayed compression, every line of the truth is delivered once.

With copytruncate nginx loses what it writes between logrotate's copy and its truncation: such a line
is in the truth, in no file, and the agent has it only if it was quick. So, as multisets of lines:
files and copies <= delivered <= truth. The left side says that nothing that stayed is lost, the right
side that nothing is delivered twice.
"""

import collections
import gzip
import pathlib
import re
import subprocess
import unittest

from end_to_end import EndToEnd, distinct_events, read_topic
from nginx_server import NginxServer
from processes import wait_for

ROTATIONS = 4
BYTES_BETWEEN = 3_000_000
LOAD_SECONDS = 120  # at most; the load is ended when the rotations are over
PATHS = pathlib.Path(__file__).with_name("wrk_paths.lua")
LINE = re.compile(rb'"msec":"([0-9.]+)".*?"request_uri":"([^"?]*)[^"]*".*?"status":"(\d+)"')
SHOWN = 3

RENAMED = """\
{log} {{
  rotate 20
  create
  compress
  delaycompress
  postrotate
    kill -USR1 $(cat {pid})
  endscript
}}
"""
COPIED = """\
{log} {{
  rotate 20
  copytruncate
  compress
  delaycompress
}}
"""


def lines_of(*paths):
    """(ms, path, status) → how often the files, some compressed, have it."""
    found = collections.Counter()
    for path in paths:
        data = path.read_bytes()
        text = gzip.decompress(data) if path.suffix == ".gz" else data
        found.update((round(1000 * float(msec)), target.decode(), int(status))
                     for msec, target, status in LINE.findall(text))
    return found


def delivered(pipeline):
    return collections.Counter((event["ts"], event["path"], event["status"])
                               for event in distinct_events(read_topic(pipeline)).values())


class Logrotate(EndToEnd):
    def rotate(self, config):
        subprocess.run(["logrotate", "--force", "--state", self.folder / "state", config], check=True)

    def rotate_under_load(self, nginx, rules):
        config = self.folder / "logrotate.conf"
        config.write_text(rules.format(log=nginx.log, pid=nginx.folder / "nginx.pid"))
        config.chmod(0o644)
        load = self.programs.start("wrk", ["wrk", "-t", "1", "-c", "8", "-d", f"{LOAD_SECONDS}s",
                                           "-s", PATHS, f"http://127.0.0.1:{nginx.port}"])
        for rotation in range(1, ROTATIONS + 2):
            wait_for("more log", lambda: self.truth.stat().st_size > BYTES_BETWEEN * rotation,
                     seconds=60)
            if rotation <= ROTATIONS:
                self.rotate(config)
        load.kill()
        nginx.stop()

    def run_pipeline(self, rules, pattern):
        """What nginx wrote, what the files have, what was delivered."""
        pipeline = self.pipeline(self.real_kafka())
        pipeline.start_aggregator()
        self.truth = self.folder / "truth"
        nginx = NginxServer(self.programs, self.folder / "nginx", self.logs / "access.log",
                            second_log=self.truth)
        pipeline.start_agent([{"path": str(self.logs / pattern), "format": "nginx"}])
        self.rotate_under_load(nginx, rules)
        self.assertEqual(pipeline.agent.terminate(), 0)
        files = sorted(self.logs.iterdir())
        self.assertEqual(len(files), ROTATIONS + 1, files)
        came = delivered(pipeline)
        pipeline.wait_for_total(came.total())
        return lines_of(self.truth), lines_of(*files), came

    def assert_within(self, part, whole, what):
        missing = part - whole
        self.assertEqual(missing.total(), 0, f"{what}: of {part.total()} lines: "
                                             f"{list(missing.items())[:SHOWN]}")

    def test_renamed(self):
        truth, files, came = self.run_pipeline(RENAMED, "*.log")
        self.assert_within(truth, files, "lost by the rotation itself")
        self.assert_within(truth, came, "not delivered")
        self.assert_within(came, truth, "delivered twice")
        print(f"{came.total()} lines delivered")

    def check_copied(self, pattern):
        truth, files, came = self.run_pipeline(COPIED, pattern)
        print(f"{truth.total()} lines written, {(truth - files).total()} of them lost by the "
              f"rotation, {came.total()} delivered")
        self.assert_within(came, truth, "delivered twice")
        self.assert_within(files, came, "not delivered")

    def test_copied(self):
        """The pattern names the log only."""
        self.check_copied("*.log")

    def test_copied_inside(self):
        """The pattern names the copies, too, also the compressed ones."""
        self.check_copied("*.log*")


if __name__ == "__main__":
    unittest.main()
