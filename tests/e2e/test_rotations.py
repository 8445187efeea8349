"""Whatever happens to its files, the agent loses nothing, reads nothing twice, or says what it lost.

Runs the catalogue, a few scenarios at a time, against the embedded broker with inotify and with
polling, and part of it against a real Kafka. SCENARIO is a regular expression of the names to run.
"""

import concurrent.futures
import os
import pathlib
import re
import time
import traceback
import unittest

import end_to_end  # comes first: it says where the others find their modules

import checkpoints  # noqa: F401 - these register their scenarios
import odd_lines  # noqa: F401
import poor_worlds
import reclaims  # noqa: F401
import remote_logs  # noqa: F401
import replacements  # noqa: F401
import rotations  # noqa: F401
import signals  # noqa: F401
import truncations  # noqa: F401
from catalogue import CATALOGUE
from pipeline import Pipeline
from processes import Failed, Programs
from scenario import Broker, Scenario

AT_ONCE = int(os.environ.get("SCENARIOS_AT_ONCE", "8"))
CHOSEN = re.compile(os.environ.get("SCENARIO", ""))
LOG_LINES_SHOWN = 12


class RealBroker:
    """The process of kafka_up.sh, for signals."""

    def __init__(self, folder):
        self.process = int((pathlib.Path(folder) / "pid").read_text())

    def signal(self, number):
        os.kill(self.process, number)


class Rotations(end_to_end.EndToEnd):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.build = poor_worlds.binary_for_all(end_to_end.BUILD, self.folder / "build")
        (self.build / "aggregator").symlink_to(end_to_end.BUILD / "aggregator")

    def broker(self, programs, folder, **where):
        return Broker(Pipeline(programs, self.build, folder, **where))

    def run_one(self, name, entry, watch):
        """None, or what went wrong."""
        folder = self.folder / watch / name
        folder.mkdir(parents=True)
        with Programs(folder) as programs:
            own = None
            if entry.pauses and self.shared.embedded:
                own = self.broker(programs, folder / "broker")
            case = Scenario(name, folder, own or self.shared, watch=watch)
            try:
                entry.run(case)
                case.finish()
                return None
            except (Failed, AssertionError) as failure:
                return f"{failure}\n{case.agent.tail(LOG_LINES_SHOWN)}"
            except Exception:  # pylint: disable=broad-except
                return traceback.format_exc()
            finally:
                case.close()
                if own:
                    own.stop()

    def timed(self, name, entry, watch):
        begin = time.monotonic()
        finding = self.run_one(name, entry, watch)
        return finding, time.monotonic() - begin

    def run_all(self, entries, watch, at_once=AT_ONCE):
        findings = {}
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            running = {pool.submit(self.timed, name, entry, watch): name
                       for name, entry in entries.items()}
            for done in concurrent.futures.as_completed(running):
                name = running[done]
                finding, seconds = done.result()
                verdict = "fails" if finding else "ok"
                print(f"{verdict:5} {watch:7} {name:26} {seconds:5.1f} s  {entries[name].claim}",
                      flush=True)
                if finding:
                    findings[name] = finding
        return findings

    def judge(self, entries, findings):
        for name, finding in sorted(findings.items()):
            print(f"=== {name}: {entries[name].claim}\n{finding}\n")
        self.assertEqual(sorted(findings), [], "promises that are not kept")

    def chosen(self, wanted):
        return {name: entry for name, entry in sorted(CATALOGUE.items())
                if CHOSEN.search(name) and wanted(entry)}

    def check_embedded(self, watch):
        self.shared = self.broker(self.programs, self.folder / "broker")
        self.addCleanup(self.shared.stop)
        chosen = self.chosen(lambda entry: watch in entry.modes)
        self.judge(chosen, self.run_all(chosen, watch))

    def test_inotify(self):
        self.check_embedded("inotify")

    def test_poll(self):
        self.check_embedded("poll")

    def test_kafka(self):
        """Those that pause the broker come one after the other: there is one for all."""
        topic = f"rotations-{self.random.getrandbits(48):012x}"
        where = {"kafka": self.real_kafka(), "topic": topic}
        self.shared = self.broker(self.programs, self.folder / "broker", **where)
        self.shared.pausable = RealBroker(os.environ.get("ROUTERATE_KAFKA", self.folder / "kafka"))
        self.addCleanup(self.shared.stop)
        chosen = self.chosen(lambda entry: entry.kafka)
        findings = {}
        for pauses, at_once in (False, AT_ONCE), (True, 1):
            these = {name: entry for name, entry in chosen.items() if entry.pauses == pauses}
            findings |= self.run_all(these, "inotify", at_once)
        self.judge(chosen, findings)


if __name__ == "__main__":
    unittest.main()
