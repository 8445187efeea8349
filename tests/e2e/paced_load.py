"""Requests to a real nginx at a steady rate, which may change while it runs."""

import contextlib
import http.client
import threading
import time

PAUSE = 0.05  # until a rate of 0 is looked at again


class PacedLoad(threading.Thread):
    """GETs of `path` at `rate` a second until stop(). Another thread may set the rate."""

    def __init__(self, port, path, rate):
        super().__init__(daemon=True)
        self.port = port
        self.path = path
        self.rate = rate
        self.stopping = threading.Event()
        self.failure = None
        self.start()

    def run(self):
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as server:
                self.send(server)
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure  # for whoever stops it

    def send(self, server):
        due = time.monotonic()
        while not self.stopping.wait(max(0.0, due - time.monotonic())):
            rate = self.rate
            if rate == 0:
                due = time.monotonic() + PAUSE
                continue
            server.request("GET", self.path, headers={"Host": "shop.example.com"})
            server.getresponse().read()
            due += 1 / rate

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure
