"""What an aggregator publishes, asked again and again, and whether it was the truth."""

import collections
import json
import re
import time

from background import Background
from pipeline import fetch

WINDOWS = {"10s": 10, "1m": 60, "5m": 300}
RATE = re.compile(r'^routerate_http_requests_per_second\{.*window="(\w+)".*\} (\S+)$', re.MULTILINE)
AGE = re.compile(r"^routerate_data_age_seconds\{.*\} (\S+)$", re.MULTILINE)
# Of an answer it is known how old its data was when the snapshot was made, a second ago at most or two
# on a busy machine, and of the lateness that it is a whole number of seconds. Where rates are steady
# it makes no difference.
SNAPSHOT_SECONDS = 2
LATENESS_SECONDS = 4

# kind: "down" | "withheld" | "published"; rates by window, where there are any; age_s of the data.
Sample = collections.namedtuple("Sample", "asked answered kind rates age_s")


class Truth:
    """Lines by second of their stamps, of all writers."""

    def __init__(self, writers):
        self.lines = collections.Counter()
        for writer in writers:
            for line in writer.output().splitlines():
                second, count = map(int, line.split())
                self.lines[second] += count

    def total(self):
        return self.lines.total()

    def bounds(self, sample, window):
        """The least and the greatest true rate of the windows that the sample may be of."""
        seconds = WINDOWS[window]
        last = int(sample.answered - sample.age_s - 1)
        first = int(sample.asked - SNAPSHOT_SECONDS - sample.age_s - LATENESS_SECONDS)
        rates = [sum(self.lines[second] for second in range(end - seconds, end)) / seconds
                 for end in range(first, last + 1)]
        return min(rates), max(rates)

    def shares(self, sample):
        """(window, share of the least, share of the greatest) of what is published; 1: exact."""
        for window, rate in sample.rates.items():
            least, most = self.bounds(sample, window)
            if most > 0:
                yield window, rate / least if least else float("inf"), rate / most
            else:
                yield window, 1 + rate, 1 + rate  # nothing was written: 1 is none

    def extremes(self, samples):
        """The least and the greatest share of the truth."""
        shares = [share for sample in samples for share in self.shares(sample)]
        return min(of_least for _, of_least, _ in shares), max(of_most for _, _, of_most in shares)

    def wrong(self, samples, least, most):
        """A line for each published rate that is not within least..most of the truth."""
        return [f"{sample.answered:.1f}: {window}: {sample.rates[window]:.1f} is {of_most:.3f} to "
                f"{of_least:.3f} of the truth; age {sample.age_s:.1f} s"
                for sample in samples for window, of_least, of_most in self.shares(sample)
                if of_least < least or of_most > most]


def read_stats(body):
    """(rates by window, age) of /stats?format=json, summed over its rows."""
    rows = json.loads(body)
    rates = {}
    for window in WINDOWS:
        known = [row[f"req/s_{window}"] for row in rows]
        if known and None not in known:
            rates[window] = sum(known)
    return rates, rows[0]["age_s"] if rows else None


def read_metrics(body):
    """The same of /metrics."""
    rates = collections.Counter()
    for window, rate in RATE.findall(body):
        rates[window] += float(rate)
    age = AGE.search(body)
    return dict(rates), float(age[1]) if age else None


PAGES = {"/stats?format=json": read_stats, "/metrics": read_metrics}


class RateWatch(Background):
    """Asks a page for its rates until it is stopped; what the program does not answer within `timeout`
    seconds counts as down."""

    def __init__(self, pipeline, page="/stats?format=json", interval=0.1, timeout=2.0):
        super().__init__()
        self.pipeline = pipeline
        self.page = page
        self.interval = interval
        self.timeout = timeout
        self.samples = []
        self.start()

    def work(self):
        while not self.stopping.wait(self.interval):
            self.samples.append(self.look())

    def look(self):
        asked = time.time()
        status, body = fetch(self.pipeline.aggregator_port, self.page, self.timeout)
        answered = time.time()
        if status != 200:
            return Sample(asked, answered, "down", {}, None)
        rates, age_s = PAGES[self.page](body)
        return Sample(asked, answered, "published" if rates else "withheld", rates, age_s)

    def publishes(self, window="10s"):
        return bool(self.samples) and window in self.samples[-1].rates

    def published(self):
        return [sample for sample in self.samples if sample.rates]
