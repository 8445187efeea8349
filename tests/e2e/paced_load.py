"""Requests to a real nginx at a steady rate, which may change while it runs."""

import contextlib
import http.client
import time

from background import Background

PAUSE = 0.05  # until a rate of 0 is looked at again


class PacedLoad(Background):
    """GETs of `path` at `rate` a second until stop(). Another thread may set the rate."""

    def __init__(self, port, path, rate):
        super().__init__()
        self.port = port
        self.path = path
        self.rate = rate
        self.start()

    def work(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as server:
            due = time.monotonic()
            while not self.stopping.wait(max(0.0, due - time.monotonic())):
                rate = self.rate
                if rate == 0:
                    due = time.monotonic() + PAUSE
                    continue
                server.request("GET", self.path, headers={"Host": "shop.example.com"})
                server.getresponse().read()
                due += 1 / rate
