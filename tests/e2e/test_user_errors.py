"""A user's mistakes and the world's: the message that is seen, and the exit code."""

import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

from end_to_end import BUILD, EndToEnd
from pipeline import fetch
from processes import free_port, wait_for

YAML_VARIABLE = "ROUTERATE_AGENT_YAML"
AGENT = """\
source: {namespace: shop, service: web}
inputs:
  - {path: LOGS/*.log, format: nginx}
kafka:
  brokers: BROKERS
checkpoint: FOLDER/checkpoint
listen: 127.0.0.1:0
drain_quiet: 100ms
drain_timeout: 2s
"""
AGGREGATOR = """\
kafka:
  brokers: BROKERS
routes: FOLDER/routes.yaml
listen: 127.0.0.1:0
"""
# what is wrong, text, its replacement, the line told, the message
AGENT_MISTAKES = (
    ("an unknown key", "checkpoint:", "checkpiont:", 6, "checkpiont: unknown key"),
    ("a required key that is missing", "  brokers: BROKERS", "  topic: t", 5,
     "kafka.brokers: is required"),
    ("an unknown format", "format: nginx", "format: ngnix", 3,
     "inputs.*format.*'ngnix'.*nginx.*tomcat.*combined"),
    ("a duration without unit", "drain_timeout: 2s", "drain_timeout: soon", 9,
     "drain_timeout.*'soon'"),
    ("a librdkafka property that does not exist", "  brokers: BROKERS",
     "  brokers: BROKERS\n  properties: {lingerms: 5}", 6,
     "kafka.properties.lingerms: No such configuration property"),
    ("a librdkafka property that the promises rest on", "  brokers: BROKERS",
     "  brokers: BROKERS\n  properties: {acks: 1}", 6, "kafka.properties.acks: is set by routerate"),
    ("an address without a port", "listen: 127.0.0.1:0", "listen: 9464", 7,
     "listen: '9464' is not ADDRESS:PORT"),
    ("broken YAML", "source: {", "source: {{", None, "not valid YAML"),
    ("a variable that is not set", "service: web", "service: '${ROUTERATE_NOT_SET}'", 1,
     "ROUTERATE_NOT_SET"),
)
AGGREGATOR_MISTAKES = (
    ("an unknown key", "listen:", "listne:", 4, "listne: unknown key"),
    ("a librdkafka property that does not exist", "  brokers: BROKERS",
     "  brokers: BROKERS\n  properties: {acls: 1}", 3,
     "kafka.properties.acls: No such configuration property"),
    ("a routes file that is not there", "routes.yaml", "no-such.yaml", None,
     "no-such.yaml.*No such file"),
)
ROUTE_MISTAKES = (
    ("a pattern that is not RE2", 'routes:\n  - {name: a, pattern: "("}\n', 2, "missing"),
    ("a template without its end", "routes:\n  - {path: '/orders/{id'}\n", 2, "orders"),
)


class UserErrors(EndToEnd):
    def setUp(self):
        super().setUp()
        self.broker = f"127.0.0.1:{free_port()}"  # Nobody listens there.
        (self.folder / "routes.yaml").write_text("routes: []\n")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text.replace("BROKERS", self.broker).replace("LOGS", str(self.logs))
                        .replace("FOLDER", str(self.folder)))
        return path

    def expect_mistake(self, program, config, line, message, named=None):
        """Both the program and its `check` exit 1 before anything else, naming file and line."""
        for command in ([program], [program, "check"]):
            run = subprocess.run([*command, "--config", config], capture_output=True, text=True,
                                 timeout=20)
            print(run.stderr, end="")
            self.assertEqual(run.returncode, 1)
            where = f"{named or config}:{line}: " if line else ""
            self.assertIn(where, run.stderr)
            self.assertRegex(run.stderr, message)
            self.assertLessEqual(len(run.stderr.splitlines()), 2)

    def check_configs(self, program, right, mistakes):
        for what, text, replacement, line, message in mistakes:
            with self.subTest(what):
                self.assertIn(text, right)
                config = self.write("wrong.yaml", right.replace(text, replacement, 1))
                self.expect_mistake(program, config, line, message)

    def test_agent_config(self):
        self.check_configs(BUILD / "agent" / "routerate-agent", AGENT, AGENT_MISTAKES)

    def in_environment(self, text, *words):
        """The agent's exit code and message, with `text` in the place of a file."""
        run = subprocess.run([BUILD / "agent" / "routerate-agent", *words], capture_output=True,
                             text=True, timeout=20, env=os.environ | {YAML_VARIABLE: text})
        print(run.stderr, end="")
        return run.returncode, run.stderr

    def test_agent_config_in_environment(self):
        """Told as a file's mistakes are; a file comes first; what is empty is not there."""
        wrong = AGENT.replace("format: nginx", "format: ngnix")
        right = self.write("agent.yaml", AGENT)
        for words in ([], ["check"]):
            with self.subTest(words):
                code, message = self.in_environment(wrong, *words)
                self.assertEqual(code, 1)
                self.assertRegex(message, f"{YAML_VARIABLE}:3: inputs.0..format: 'ngnix'")
                code, message = self.in_environment("", *words)
                self.assertEqual(code, 1)
                self.assertIn(f"give --config FILE, or its text in {YAML_VARIABLE}", message)
        self.assertEqual(self.in_environment(wrong, "check", "--config", right), (0, ""))
        self.assertEqual(self.in_environment(right.read_text(), "check"), (0, ""))

    def test_agent_runs_by_environment(self):
        """The text in the environment is in force, and SIGHUP takes it again."""
        text = self.write("agent.yaml", AGENT).read_text()
        agent = self.programs.start("agent", ["env", "--default-signal=HUP",
                                              f"{YAML_VARIABLE}={text}", self.binary()])
        agent.port()
        agent.signal(signal.SIGHUP)
        agent.wait_for_output(f"{YAML_VARIABLE} is in force")
        (self.logs / "a.log").write_text("{}\n")
        agent.wait_for_output("a.log: following from byte 0")

    def test_aggregator_config(self):
        program = BUILD / "aggregator" / "routerate-aggregator"
        self.check_configs(program, AGGREGATOR, AGGREGATOR_MISTAKES)
        config = self.write("aggregator.yaml", AGGREGATOR)
        for what, routes, line, message in ROUTE_MISTAKES:
            with self.subTest(what):
                named = self.write("routes.yaml", routes)
                self.expect_mistake(program, config, line, message, named)

    def test_wrong_command_line(self):
        """Exit code 1, as of a wrong file."""
        for name in "agent", "aggregator":
            run = subprocess.run([BUILD / name / f"routerate-{name}", "--confg", "a.yaml"],
                                 capture_output=True, text=True, timeout=20)
            self.assertEqual(run.returncode, 1)
            self.assertIn("--confg", run.stderr)

    def test_taken_port(self):
        """The message says what to do."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            for name, right in ("agent", AGENT), ("aggregator", AGGREGATOR):
                config = self.write("taken.yaml", right.replace("127.0.0.1:0", address))
                run = subprocess.run([BUILD / name / f"routerate-{name}", "--config", config],
                                     capture_output=True, text=True, timeout=20)
                self.assertEqual(run.returncode, 1)
                self.assertEqual(run.stderr, f"routerate-{name}: listen {address}: Address already "
                                 "in use; end the program that has it, or say another address\n")

    def start(self, config, prefix=()):
        agent = self.programs.start("agent", [*prefix, self.binary(), "--config", config])
        agent.port()
        return agent

    def binary(self):
        """A copy that any user may run, wherever the build folder is."""
        copy = self.folder / "routerate-agent"
        if not copy.exists():
            shutil.copy(BUILD / "agent" / "routerate-agent", copy)
        return copy

    def test_unreachable_broker(self):
        """The agent says so, stays ready, and at the end says what is left."""
        (self.logs / "a.log").write_text('{"@timestamp":"2026-11-22T10:00:00Z","status":200}\n')
        agent = self.start(self.write("agent.yaml", AGENT))
        agent.wait_for_output(f"kafka, topic .*: trying again: .*{self.broker}.*Nothing is dropped")
        self.assertEqual(fetch(agent.port(), "/readyz")[0], 200)
        self.assertEqual(agent.terminate(), 2)
        agent.wait_for_output("not drained within drain_timeout: .*sent but not acknowledged")

    def test_unreachable_broker_of_aggregator(self):
        """The aggregator says so and is not ready."""
        aggregator = self.programs.start("aggregator", [
            BUILD / "aggregator" / "routerate-aggregator", "--config",
            self.write("aggregator.yaml", AGGREGATOR)])
        aggregator.wait_for_output(f"warning kafka.*{self.broker}.*refused")
        self.assertEqual(fetch(aggregator.port(), "/healthz")[0], 200)
        self.assertEqual(fetch(aggregator.port(), "/readyz")[0], 503)
        aggregator.terminate()

    def test_missing_directory(self):
        """A directory that does not exist is waited for, and the agent says that it waits."""
        text = AGENT.replace("LOGS", "FOLDER/later")
        agent = self.start(self.write("agent.yaml", text))
        agent.wait_for_output(f"{self.folder}/later/.*log: No such file or directory")
        self.assertEqual(fetch(agent.port(), "/readyz")[0], 200)
        (self.folder / "later").mkdir()
        (self.folder / "later" / "a.log").write_text("{}\n")
        agent.wait_for_output("later/a.log: following from byte 0")

    def as_nobody(self):
        """Root reads everything, so root runs the agent as nobody."""
        if os.geteuid() != 0:
            return []
        for path in (self.folder, self.logs):
            path.chmod(0o777)
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    def test_unreadable_log(self):
        """A log without read permission is named, tried again, and followed once it may be read."""
        log = self.logs / "a.log"
        log.write_text("{}\n")
        log.chmod(0)
        prefix = self.as_nobody()
        self.binary().chmod(0o755)
        agent = self.start(self.write("agent.yaml", AGENT), prefix)
        agent.wait_for_output(f"{log}: .*[Pp]ermission denied; trying again")
        begin = time.monotonic()
        wait_for("a second attempt", lambda: time.monotonic() - begin > 2)
        self.assertLess(agent.output().count("ermission denied"), 10, "told over and over")
        log.chmod(0o644)
        agent.wait_for_output("a.log: following from byte 0")


if __name__ == "__main__":
    unittest.main()
