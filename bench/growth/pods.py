"""What the agents of many pods send, as docs/record.md has it, without the agents."""

import collections
import random
import time

from background import Background
from record_producer import headers

LINGER_SECONDS = 0.005  # an agent's: what came meanwhile is one record of each pod
IDS = 36  # of a route
EVENT = ('{"offset":%d,"ts":%d,"method":"GET","host":"www.example.com","path":"/%s/%d","status":%d,'
         '"bytes":%d,"duration_ms":%.3f,"client":"192.168.7.31","referer":"https://www.example.com/",'
         '"agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"}\n')
STATUSES = (200,) * 94 + (404,) * 4 + (500, 502)


def word(number):
    """Four letters, which no automatic template takes for anything but a name."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (3, 2, 1, 0))


class Pods(Background):
    """Sends until stop(), which closes the producer: `rate` events a second of all pods in turn, each of all routes in turn."""

    def __init__(self, producer, topic, pods, routes, rate):
        super().__init__()
        self.producer = producer
        self.topic = topic.encode()
        self.sources = [f"demo/shop/shop-{number}".encode() for number in range(pods)]
        self.words = [word(number) for number in range(routes)]
        self.rate = rate
        self.chance = random.Random(1)
        self.events = self.records = self.heartbeats = 0

    def work(self):
        begin = time.monotonic()
        while not self.stopping.wait(LINGER_SECONDS):
            elapsed = time.monotonic() - begin
            self.send_heartbeats(int((1 + elapsed) * len(self.sources)))
            self.send_events(int(elapsed * self.rate))
        self.producer.close()

    def send_events(self, until):
        """Those of each pod in one record."""
        now, lines = int(1000 * time.time()), collections.defaultdict(list)
        for number in range(self.events, until):
            lines[number % len(self.sources)].append(self.event(number, now))
        self.events = until
        for pod, events in lines.items():
            self.send(self.sources[pod], b"events", "".join(events).encode(), now, (b"rr-file", b"1-1-1"))
            self.records += 1

    def event(self, number, now):
        route = self.words[number // len(self.sources) % len(self.words)]
        return EVENT % (number, now, route, 1000 + self.chance.randrange(IDS), self.chance.choice(STATUSES),
                        self.chance.randrange(50_000), 1000 * self.chance.lognormvariate(-4, 1))

    def send_heartbeats(self, until):
        now = int(1000 * time.time())
        for number in range(self.heartbeats, until):
            self.send(self.sources[number % len(self.sources)], b"heartbeat", b"", now)
        self.heartbeats = until

    def send(self, source, kind, value, now, *more):
        namespace, _, pod = source.split(b"/")
        self.producer.send(self.topic, namespace + b"/" + pod, value, headers(kind, source, now, *more))
