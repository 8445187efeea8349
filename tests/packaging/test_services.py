"""Both packages on a machine with a real systemd: installed, at work as the units confine them, upgraded, purged."""

import pathlib
import unittest

from packages import BUILT, PROGRAMS, counted, package

from end_to_end import EndToEnd, count_lines
from machine import Machine, why_not
from processes import LISTENING, wait_for
from traffic import NginxLines

AGENT, AGGREGATOR = PROGRAMS
LINES = 2000
EMBEDDED = f"""\
[Service]
ExecStart=
ExecStart=/usr/bin/{AGGREGATOR} --config /etc/routerate/aggregator.yaml --embedded-broker
"""


@unittest.skipIf(why_not(), f"no systemd: {why_not()}")
class Services(EndToEnd):
    def setUp(self):
        super().setUp()
        self.machine = self.enterContext(Machine(self.programs, self.folder / "machine", BUILT))
        self.machine.run("dpkg", "--install", *map(package, PROGRAMS))
        self.addCleanup(self.show_output)

    def show_output(self):
        for service in PROGRAMS:
            log = self.machine.path(f"/run/{service}.log")
            print(f"--- {service}\n{log.read_text() if log.exists() else ''}")

    def state(self, question, service=AGENT):
        return self.machine.ask("systemctl", question, service).stdout.strip()

    def property(self, name, service=AGENT):
        return self.machine.run("systemctl", "show", "--value", f"--property={name}", service).strip()

    def edit(self, path, old, new):
        text = self.machine.path(path).read_text()
        self.assertIn(old, text)
        self.machine.path(path).write_text(text.replace(old, new))

    def start_aggregator(self):
        """With a broker inside; returns its address."""
        override = self.machine.path(f"/etc/systemd/system/{AGGREGATOR}.service.d/broker.conf")
        override.parent.mkdir()
        override.write_text(EMBEDDED)
        self.edit("/etc/routerate/aggregator.yaml", "# listen: 0.0.0.0:9465", "listen: 127.0.0.1:0")
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "start", AGGREGATOR)
        return self.machine.wait_for_output(AGGREGATOR, r"embedded broker: (\S+)")[1]

    def start_agent(self, brokers, drain_timeout="1ms"):
        """As docs/packages.md has it; where no broker is, nothing is waited for at the end."""
        self.edit("/etc/routerate/agent.yaml", "/logs/nginx/*.log", "/var/log/nginx/*access.log")
        self.edit("/etc/routerate/agent.yaml", "0.0.0.0:9464", "127.0.0.1:0")
        self.edit("/etc/routerate/agent.yaml", "drain_timeout: 25s", f"drain_timeout: {drain_timeout}")
        self.machine.path(f"/etc/default/{AGENT}").write_text(f"KAFKA_BROKERS={brokers}\n")
        self.machine.run("systemctl", "start", AGENT)
        self.machine.wait_for_output(AGENT, LISTENING)

    def nginx_log(self):
        """With the owner and the mode that Debian's nginx and its logrotate give it."""
        folder = self.machine.path("/var/log/nginx")
        folder.mkdir(exist_ok=True)
        log = folder / "shop.access.log"
        log.touch()
        self.machine.run("chown", "www-data:adm", "/var/log/nginx/shop.access.log")
        log.chmod(0o640)
        return log

    def test_confined(self):
        """Confined as they are, they follow a log that is not for everybody, and count."""
        log = self.nginx_log()
        self.start_agent(self.start_aggregator(), drain_timeout="25s")
        writer = NginxLines(log, base=2000, seed=self.random.random())
        writer.start()
        wait_for(f"{LINES} lines", lambda: count_lines(log) >= LINES)
        writer.stop()
        port = int(self.machine.wait_for_output(AGGREGATOR, LISTENING)[1])
        for service in PROGRAMS:
            self.check_confined(service)
        self.machine.run("systemctl", "stop", AGENT)
        self.assertEqual((self.property("Result"), self.property("ExecMainStatus")), ("success", "0"), "drained")
        wait_for("all lines counted", lambda: counted(port) == count_lines(log))

    def check_confined(self, service):
        pid = self.property("MainPID", service)
        told = dict(line.split(":\t", 1) for line in
                    self.machine.path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
        self.assertNotIn("0", told["Uid"].split())
        self.assertEqual((told["NoNewPrivs"], told["Seccomp"]), ("1", "2"))
        for key in "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
            self.assertEqual(int(told[key], 16), 0, key)

    def test_wrong_configuration(self):
        """start and reload fail and say why; what runs goes on."""
        self.start_agent("127.0.0.1:9")
        pid = self.property("MainPID")
        self.edit("/etc/routerate/agent.yaml", "\nwatch: ", "\nwatches: ")
        self.assertNotEqual(self.machine.ask("systemctl", "reload", AGENT).returncode, 0)
        self.machine.wait_for_output(AGENT, r"agent\.yaml:\d+: watches: unknown key")
        self.assertEqual((self.state("is-active"), self.property("MainPID")), ("active", pid))
        self.edit("/etc/routerate/agent.yaml", "\nwatches: auto", "\nwatch: poll")
        self.machine.run("systemctl", "reload", AGENT)
        self.machine.wait_for_output(AGENT, r"agent\.yaml is in force")
        self.assertEqual(self.property("MainPID"), pid)

    def test_lives(self):
        """Installed, nothing runs; upgraded, what ran runs anew with the user's configuration; purged, nothing is left."""
        for service in PROGRAMS:
            self.assertEqual((self.state("is-enabled", service), self.state("is-active", service)),
                             ("disabled", "inactive"))
        self.machine.run("systemd-analyze", "verify", *(f"{service}.service" for service in PROGRAMS))
        self.start_agent("127.0.0.1:9")
        self.machine.run("systemctl", "enable", AGENT)
        pid = self.property("MainPID")
        self.machine.run("dpkg", "--install", package(AGENT))
        self.assertIn("/var/log/nginx/", self.machine.path("/etc/routerate/agent.yaml").read_text())
        self.assertEqual(self.state("is-active"), "active")
        self.assertNotEqual(self.property("MainPID"), pid)
        self.assertTrue(self.machine.path("/var/lib/private/routerate/agent.checkpoint").exists())
        self.machine.run("dpkg", "--purge", *PROGRAMS)
        self.assertEqual(self.property("MainPID"), "0")
        left = self.machine.run("find", "/etc", "/usr", "/var", "-xdev", "-name", "*routerate*").split()
        self.assertEqual([path for path in left if pathlib.PurePath("/etc/default") not in
                          pathlib.PurePath(path).parents], [])


if __name__ == "__main__":
    unittest.main()
