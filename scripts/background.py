"""Threads that work until they are stopped; what ended one too early is raised where it is stopped."""

import threading


class Background(threading.Thread):
    """work() runs in it, and returns when `stopping` is set. The subclass's __init__ starts it, or its user."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        self.failure = None

    def work(self):
        raise NotImplementedError

    def run(self):
        try:
            self.work()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure  # for whoever stops it

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure
