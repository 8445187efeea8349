"""What has arrived in a topic, read along by kcat: events by who sent them."""

import collections
import json
import re
import subprocess
import threading

from processes import wait_for

EVENT = re.compile(rb'"offset":(\d+),[^\n]*?"path":"([^"]*)"')


FORMAT = ("-f", "%S %h\n%s\n")


def records(output):
    """(headers, value) of each record that `kcat -C` with FORMAT writes."""
    while head := output.readline():
        size, headers = head.split(b" ", 1)
        value = output.read(max(int(size), 0))
        output.readline()
        pairs = (pair.split("=", 1) for pair in headers.decode().strip().split(","))
        yield dict(pairs), value


class Delivered:
    """What one source sent, as a consumer that drops repeats sees it."""

    def __init__(self):
        self.paths = {}  # (file, offset) → path
        self.goodbyes = 0

    def counts(self):
        """path → in how many places of the log it was said to stand."""
        return collections.Counter(self.paths.copy().values())


def partitions(brokers, topic):
    """How many the topic has; asking makes a broker create it."""
    run = subprocess.run(["kcat", "-L", "-J", "-b", brokers, "-t", topic], capture_output=True)
    topics = json.loads(run.stdout)["topics"] if run.returncode == 0 else []
    return sum(len(each["partitions"]) for each in topics)


class TopicReader(threading.Thread):
    """Reads until Stop. A source's records stand in one partition, so a goodbye comes last."""

    def __init__(self, brokers, topic):
        super().__init__(daemon=True)
        self.sources = collections.defaultdict(Delivered)
        wait_for(f"topic {topic}", lambda: partitions(brokers, topic))
        self.kcat = subprocess.Popen(
            ["kcat", "-C", "-E", "-q", "-u", "-b", brokers, "-t", topic, "-o", "beginning",
             "-X", "fetch.wait.max.ms=50", *FORMAT],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.start()

    def run(self):
        for headers, value in records(self.kcat.stdout):
            self._take(headers, value)

    def _take(self, headers, value):
        delivered = self.sources[headers["rr-source"]]
        if headers["rr-kind"] == "goodbye":
            delivered.goodbyes += 1
        elif headers["rr-kind"] == "events":
            file = headers["rr-file"]
            for offset, path in EVENT.findall(value):
                delivered.paths[file, int(offset)] = path.decode()

    def wait_for_goodbye(self, source, seen=0):
        """Returns when everything that the source sent is known; `seen`: goodbyes before."""
        wait_for(f"goodbye of {source}", lambda: self.sources[source].goodbyes > seen)

    def stop(self):
        self.kcat.kill()
        self.kcat.wait()
        self.join()
        self.kcat.stdout.close()
