"""Ways from a line to a topic, each with the moments at both ends: the agent, rsyslog, a producer."""

import os
import pathlib
import re
import shutil
import subprocess
import threading
import time

from bench_world import partitions, wait_for

LINE = '{"@timestamp":"%s","request_uri":"/line/%06d","status":200,"request_time":"0.012"}\n'
NUMBER = re.compile(rb'/line\\?/(\d+)"')  # \/ is the same to JSON
RSYSLOG = """\
global(workDirectory="{folder}")
module(load="imfile" mode="inotify")
module(load="omkafka")
template(name="line" type="string" string="%msg%\\n")
input(type="imfile" File="{log}" Tag="access" ruleset="ship")
ruleset(name="ship") {{
  action(type="omkafka" broker=["{brokers}"] topic="{topic}" template="line")
}}
"""


class Channel:
    """A topic of its own that a consumer waits at."""

    def __init__(self, world, name):
        self.name = name
        self.topic = f"bench-{name}"
        self.sent = {}  # number of a line → when
        self.arrived = {}
        wait_for(f"topic {self.topic}", lambda: partitions(world.brokers, self.topic))
        self.consumer = subprocess.Popen(
            ["kcat", "-C", "-q", "-u", "-b", world.brokers, "-t", self.topic, "-o", "beginning",
             "-X", "socket.nagle.disable=true"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.consumer.stdout:
            now = time.monotonic()
            for number in NUMBER.findall(line):
                self.arrived.setdefault(int(number), now)

    def line(self, number):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        return (LINE % (stamp, number)).encode()

    def send(self, number):
        line = self.line(number)
        self.sent[number] = time.monotonic()
        os.write(self.fd, line)

    def stop(self):
        self.consumer.kill()
        self.consumer.wait()

    def latencies_ms(self, numbers):
        """Sorted; and how many never came."""
        own = [number for number in numbers if number in self.sent]
        came = [number for number in own if number in self.arrived]
        return (sorted(1000 * (self.arrived[number] - self.sent[number]) for number in came),
                len(own) - len(came))


class LogChannel(Channel):
    def __init__(self, world, name):
        super().__init__(world, name)
        self.log = world.folder / f"{name}.log"
        self.fd = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


class AgentChannel(LogChannel):
    def __init__(self, world):
        super().__init__(world, "agent")
        world.agent(self.name, [{"path": str(self.log), "format": "nginx"}])


class RsyslogChannel(LogChannel):
    def __init__(self, world):
        super().__init__(world, "rsyslog")
        folder = world.folder / "rsyslog"
        folder.mkdir()
        config = folder / "rsyslog.conf"
        config.write_text(RSYSLOG.format(folder=folder, log=self.log, brokers=world.brokers,
                                         topic=self.topic))
        world.programs.start("rsyslogd", [self.program(), "-n", "-f", config, "-i", folder / "pid"])

    @staticmethod
    def program():
        """None without the program or its Kafka output."""
        modules = pathlib.Path("/usr/lib").glob("*/rsyslog/omkafka.so")
        return shutil.which("rsyslogd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") if any(
            modules) else None


class DirectChannel(Channel):
    """kcat as the producer, told to send each line at once: the floor of the measurement."""

    BLOCK = 1024  # kcat waits for so many bytes of its input

    def __init__(self, world):
        super().__init__(world, "direct")
        self.producer = subprocess.Popen(
            ["kcat", "-P", "-b", world.brokers, "-t", self.topic, "-X", "linger.ms=0", "-X",
             "socket.nagle.disable=true"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.fd = self.producer.stdin.fileno()

    def line(self, number):
        return super().line(number)[:-1].ljust(self.BLOCK - 1) + b"\n"

    def stop(self):
        self.producer.stdin.close()
        self.producer.wait()
        super().stop()
