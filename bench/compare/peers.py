"""The programs that routerate is compared with: where they are, and how each is started."""

import pathlib
import re
import shutil
import subprocess

from bench_world import REPOSITORY
from processes import free_port

SETTINGS = pathlib.Path(__file__).parent / "peers"
INSTALLED = REPOSITORY / "build" / "peers"
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/syslog-ng")
LZ4_ALL = ("-X", "acks=all", "-X", "compression.codec=lz4", "-X", "linger.ms=5",
           "-X", "queue.buffering.max.messages=500000")


class Peer:
    name = path = ""  # path: of the program, in the peer's folder
    version_word = "--version"
    settings = None
    rounds = None  # None: as many as the others

    def root(self):
        return INSTALLED / self.name

    def program(self):
        return self.root() / self.path

    def installed(self):
        return self.program().exists()

    def command(self, *arguments):
        libraries = ":".join(str(self.root() / folder) for folder in LIBRARIES)
        return ["env", f"LD_LIBRARY_PATH={libraries}", self.program(), *arguments]

    def version(self):
        words = [str(word) for word in self.command(self.version_word)]
        run = subprocess.run(words, capture_output=True, text=True, check=True)
        return re.search(r"\d+\.\d+(?:[.~]\w+)*", run.stdout + run.stderr)[0]

    def start(self, programs, name, logs, topic=None, brokers=None):
        """`logs` is a path or a pattern of paths."""
        folder = programs.folder / name
        folder.mkdir()
        return programs.start(name, self.argv(folder, logs, topic, brokers))

    def config(self, folder, logs, topic, brokers):
        """The settings for these logs, as a file in the folder."""
        values = {"FOLDER": folder, "LOGS": logs, "DIRECTORY": logs.parent, "PATTERN": logs.name,
                  "TOPIC": topic, "BROKERS": brokers}
        text = re.sub("@([A-Z]+)@", lambda match: str(values[match[1]]),
                      (SETTINGS / self.settings).read_text())
        (folder / self.settings).write_text(text)
        return folder / self.settings


class Rsyslog(Peer):
    name, path, version_word, settings = "rsyslog", "usr/sbin/rsyslogd", "-v", "rsyslog.conf"

    def argv(self, folder, *where):
        modules = self.root() / LIBRARIES[0] / "rsyslog"
        return self.command("-n", "-M", modules, "-f", self.config(folder, *where),
                            "-i", folder / "pid")


class SyslogNg(Peer):
    name, path, settings = "syslog-ng", "usr/sbin/syslog-ng", "syslog-ng.conf"

    def argv(self, folder, *where):
        modules = self.root() / "usr/lib/syslog-ng/3.38"
        return self.command("-F", "--no-caps", "--module-path", modules, "-f",
                            self.config(folder, *where), "-R", folder / "persist", "-p",
                            folder / "pid", "-c", folder / "control")


class Collector(Peer):
    name, path, settings = "otelcol", "otelcol", "otelcol.yaml"

    def argv(self, folder, *where):
        return self.command("--config", self.config(folder, *where))


class Kcat(Peer):
    """librdkafka alone: a record a line, nothing is parsed."""

    name, version_word = "kcat", "-V"

    def program(self):
        return pathlib.Path(shutil.which("kcat") or "/nonexistent")

    def argv(self, _, log, topic, brokers):
        return self.command("-P", "-q", "-l", log, "-b", brokers, "-t", topic, *LZ4_ALL)


class Mtail(Peer):
    """Counts by route and status."""

    name, path = "mtail", "usr/bin/mtail"

    def counting(self, folder, log):
        programs = folder / "programs"
        programs.mkdir()
        shutil.copy(SETTINGS / f"{log.form}.mtail", programs)
        return self.command("--one_shot", "--one_shot_format=json", "--progs", programs, "--logs",
                            log.path, "--address", "127.0.0.1", "--port", free_port(), "--log_dir",
                            folder)


class GoAccess(Peer):
    """A whole report, once: it takes a minute."""

    name, path, rounds = "goaccess", "usr/bin/goaccess", 1
    FORMATS = {
        "nginx": ('{"@timestamp":"%dT%t+%^","clientip":"%h","method":"%m","http_host":"%v",'
                  '"request_uri":"%U","protocol":"%H","status":"%s","body_bytes_sent":"%b",'
                  '"request_time":"%T","referer":"%R","http_user_agent":"%u"}', "%Y-%m-%d"),
        "tomcat": ('{"clientip":"%h","authenticated":"%e","AccessTime":"[%d:%t %^]",'
                   '"method":"%r","status":"%s","SendBytes":"%b","duration_ms":"%L",'
                   '"partner":"%R","AgentVersion":"%u"}', "%d/%b/%Y")}

    def counting(self, folder, log):
        line, date = self.FORMATS[log.form]
        return self.command(log.path, "--no-global-config", "--no-progress", "--log-format", line,
                            "--date-format", date, "--time-format", "%H:%M:%S", "-o",
                            folder / "report.json")


SHIPPERS = (Rsyslog(), SyslogNg(), Collector(), Kcat())
COUNTERS = (Mtail(), GoAccess())
FOLLOWERS = SHIPPERS[:3]  # what waits for lines


def present(peers):
    return [peer for peer in peers if peer.installed()]
