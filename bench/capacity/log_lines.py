"""Lines of one pod's nginx log, as bench/compare makes them, of so many series (a path and a method)."""

import itertools
import random

import paths  # noqa: F401 - for the next ones
from logs import nginx_line, requests, routes

DIFFERENT = 5000
STAMP = "%Y-%m-%dT%H:%M:%S+00:00"
BEHIND_STAMP = '"clientip"'
POST_SHARE = 0.1


def weights(series):
    """Of each series of a service the share of its requests: half of them GET, half POST."""
    of_paths = [1 / (rank + 1) ** 0.8 for rank in range(series // 2)]
    shares = [share * path for path in of_paths for share in (1 - POST_SHARE, POST_SHARE)]
    return [share / sum(shares) for share in shares]


def pool(series, seed=1):
    """What stands behind the stamp in different lines."""
    known = set(routes()[:series // 2])
    every = (request for request in requests(20 * DIFFERENT, 0, random.Random(seed))
             if request.route in known)
    stamp = "2026-01-01T00:00:00+00:00"
    return [nginx_line(request, stamp).split(BEHIND_STAMP, 1)[1] + "\n"
            for request in itertools.islice(every, DIFFERENT)]


def line(stamp, milliseconds, rest):
    return f'{{"@timestamp":"{stamp}","msec":"{milliseconds / 1000:.3f}",{BEHIND_STAMP}{rest}'.encode()
