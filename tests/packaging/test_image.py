"""The image's root file system: what it holds, and both programs at work inside, read-only and not as root."""

import gzip
import json
import os
import pathlib
import shutil
import ssl
import stat
import subprocess
import tarfile
import unittest

from packages import BUILT, PACKAGING, PROGRAMS, VERSION, counted, output

from container_run import first_process, terminate
from end_to_end import EndToEnd, count_lines
from pki import Pki
from processes import wait_for
from tls_listener import TlsListener
from traffic import NginxLines

USER = 65532
TAR = BUILT / "rootfs.tar"
MAX_BYTES = 30_000_000  # docs/packages.md says how many it has
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
LINES = 2000
SASL = {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "u",
        "sasl.password": "p"}


class Contents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tarfile.open(TAR) as tar:
            cls.members = {member.name.removeprefix("."): member for member in tar.getmembers()}

    def files(self):
        return {path: member for path, member in self.members.items() if member.isfile()}

    def test_nothing_to_run_but_the_programs(self):
        """No shell, no package manager, no tool: but for libraries and their loader nothing can be executed."""
        run = {path for path, member in self.files().items()
               if member.mode & 0o111 and not pathlib.PurePath(path).name.startswith(("ld-", "lib"))}
        self.assertEqual(run, {f"/usr/bin/{program}" for program in PROGRAMS})

    def test_rights(self):
        """Everything is root's but for the place of state; only /tmp is for all; no setuid."""
        for path, member in self.members.items():
            owner = USER if path == "/var/lib/routerate" else 0
            self.assertEqual((member.uid, member.gid), (owner, owner), path)
            self.assertFalse(member.mode & (stat.S_ISUID | stat.S_ISGID), path)
            if not member.issym():
                self.assertEqual(bool(member.mode & stat.S_IWOTH), path == "/tmp", path)

    def test_user(self):
        """A user of that number has a name, so that tools can show one."""
        with tarfile.open(TAR) as tar:
            passwd = tar.extractfile("./etc/passwd").read().decode()
        self.assertIn(f"\nrouterate:x:{USER}:{USER}:", passwd)

    def test_folders(self):
        for path in "/etc/routerate", "/logs", "/tmp", "/var/lib/routerate":
            self.assertTrue(self.members[path].isdir(), path)

    def test_known_to_scanners(self):
        """Each package that is inside is told, with its version, and its licence is there."""
        told = {path.rpartition("/")[2] for path in self.files() if "/status.d/" in path}
        self.assertLessEqual({"libc6", "libssl3", *PROGRAMS}, told)
        self.assertIn("/etc/os-release", self.files())
        for name in told:
            self.assertTrue(any(path.startswith(f"/usr/share/doc/{name}") for path in self.members), name)

    def test_size(self):
        size, compressed = TAR.stat().st_size, len(gzip.compress(TAR.read_bytes(), 6))
        print(f"image: {size / 1e6:.1f} MB, compressed {compressed / 1e6:.1f} MB", flush=True)
        for program in PROGRAMS:
            print(f"{program}: {self.members[f'/usr/bin/{program}'].size / 1e6:.1f} MB", flush=True)
        self.assertLessEqual(size, MAX_BYTES)


class Inside(EndToEnd):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)  # The user inside is not ours.
        self.rootfs = self.folder / "rootfs"
        with tarfile.open(TAR) as tar:
            tar.extractall(self.rootfs)

    def command(self, program, *arguments, options=()):
        return [PACKAGING / "run_in_rootfs.sh", self.rootfs, *options, "--", program, *arguments]

    def config(self, name, config):
        """Options that mount a configuration in the place of the image's own."""
        path = self.folder / name
        path.write_text(json.dumps(config))
        return "--ro-bind", path, f"/etc/routerate/{name}"

    def agent_config(self, brokers, **properties):
        return self.config("agent.yaml", {
            "source": {"namespace": "shop", "service": "web", "pod": "web-0"},
            "inputs": [{"path": "/logs/*.log", "format": "nginx"}],
            "kafka": {"brokers": brokers, "properties": properties}, "listen": "127.0.0.1:0"})

    def start_agent(self, brokers, *options, **properties):
        return self.programs.start("agent", self.command(
            "routerate-agent", "--config", "/etc/routerate/agent.yaml",
            options=[*self.agent_config(brokers, **properties), "--ro-bind", self.logs, "/logs", *options]))

    def start_aggregator(self):
        config = self.config("aggregator.yaml", {"listen": "127.0.0.1:0"})
        return self.programs.start("aggregator", self.command(
            "routerate-aggregator", "--config", "/etc/routerate/aggregator.yaml", "--embedded-broker",
            options=config))

    def test_versions(self):
        """All libraries and all that is used of them are there."""
        for program in PROGRAMS:
            told = output(*self.command(program, "--version", options=("--setenv", "LD_BIND_NOW", "1")))
            self.assertEqual(told.strip(), f"{program} {VERSION}")

    def test_shipped_configurations(self):
        for program in "agent", "aggregator":
            output(*self.command(f"routerate-{program}", "check", "--config",
                                 f"/etc/routerate/{program}.yaml"))

    def test_features(self):
        """librdkafka's TLS, SASL and compressions are not left out."""
        for codec in "zstd", "lz4", "gzip", "snappy":
            output(*self.command("routerate-agent", "check", "--config", "/etc/routerate/agent.yaml",
                                 options=self.agent_config("b:1", **SASL, **{"compression.codec": codec})))

    def test_pipeline(self):
        """A log's lines are counted; what runs is no root, has no capabilities and may write its state alone."""
        log = self.logs / "access.log"
        writer = NginxLines(log, base=2000, seed=self.random.random())
        aggregator = self.start_aggregator()
        brokers = aggregator.wait_for_output(r"embedded broker: (\S+)")[1]
        agent = self.start_agent(brokers, **{"compression.codec": "zstd"})
        agent.port()
        writer.start()
        wait_for(f"{LINES} lines", lambda: count_lines(log) >= LINES)
        writer.stop()
        self.check_process(first_process(agent))
        self.assertEqual(terminate(agent), 0, "as process 1 it drains, too")
        wait_for("all lines counted", lambda: counted(aggregator.port()) == count_lines(log))

    @unittest.skipUnless(os.geteuid() == 0, "takes files of two users")
    def test_group_of_a_volume(self):
        """A log that another user writes as tomcat does, 0640, is read where the pod has an fsGroup:
        the volume's group is the agent's, and new files belong to it."""
        os.chown(self.logs, 0, USER)
        self.logs.chmod(0o2777)  # As a kubelet leaves an emptyDir.
        sample = self.folder / "sample"
        writer = NginxLines(sample, base=2000, seed=self.random.random())
        writer.start()
        wait_for("a line", lambda: sample.exists() and count_lines(sample))
        writer.stop()
        text = sample.read_bytes()
        subprocess.run(["setpriv", "--reuid=2020", "--regid=2020", "--clear-groups", "sh", "-c",
                        f"umask 0027; cat >{self.logs / 'access.log'}"], input=text, check=True)
        told = (self.logs / "access.log").stat()
        self.assertEqual((told.st_uid, told.st_gid, told.st_mode & 0o777), (2020, USER, 0o640))
        aggregator = self.start_aggregator()
        self.start_agent(aggregator.wait_for_output(r"embedded broker: (\S+)")[1])
        wait_for("its lines counted", lambda: counted(aggregator.port()) == text.count(b"\n"))

    def check_process(self, pid):
        told = dict(line.split(":\t", 1) for line in
                    pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
        self.assertEqual(told["NSpid"].split()[-1], "1")
        for key in "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
            self.assertEqual(int(told[key], 16), 0, key)
        self.assertEqual(told["NoNewPrivs"], "1")
        if os.geteuid() == 0:
            self.assertEqual(told["Uid"].split(), [str(USER)] * 4)
        mounts = [line.split() for line in pathlib.Path(f"/proc/{pid}/mounts").read_text().splitlines()]
        writable = {mount[1] for mount in mounts if "rw" in mount[3].split(",")}
        self.assertEqual({path for path in writable if not path.startswith(("/dev", "/proc"))},
                         {"/tmp", "/var/lib/routerate"})

    def test_tls(self):
        """Without ssl.ca.location those are believed whom the image's authorities vouch for, and nobody else."""
        pki = Pki(self.folder / "pki")
        authority = pki.authority("test")
        certificate = pki.certificate("broker", authority, "/CN=broker", "serverAuth", ["IP:127.0.0.1"])
        refused, believed = (self.enterContext(TlsListener(certificate)) for _ in range(2))
        stranger = self.start_agent(refused.address, **SASL)
        with self.assertRaisesRegex(ssl.SSLError, "unknown ca"):
            refused.handshake()
        stranger.wait_for_output("certificate verify failed")
        shutil.copy(authority.crt, self.folder / "bundle.crt")
        self.start_agent(believed.address, "--ro-bind", self.folder / "bundle.crt", BUNDLE, **SASL)
        believed.handshake()


if __name__ == "__main__":
    unittest.main()
