"""For how long watched replicas published no rate after something happened to them."""

import bisect
import collections
import statistics

STEP = 0.05  # seconds: the resolution
LONG = 3  # seconds that are told one by one

# What happened at `begin`, and until when it is looked at. victim: number of the replica that was
# killed; None: of none.
Incident = collections.namedtuple("Incident", "begin end victim")


class Timeline:
    """What a watch had been answered last at any moment."""

    def __init__(self, watch, window="10s"):
        self.moments = [sample.answered for sample in watch.samples]
        self.published = [window in sample.rates for sample in watch.samples]

    def publishes(self, moment):
        at = bisect.bisect_right(self.moments, moment) - 1
        return at >= 0 and self.published[at]


def seconds_without(timelines, incident):
    """In which none of them published."""
    steps = int((incident.end - incident.begin) / STEP)
    return STEP * sum(not any(line.publishes(incident.begin + step * STEP) for line in timelines)
                      for step in range(steps))


def spread(values):
    """As people read it."""
    if not values:
        return "none"
    return f"median {statistics.median(values):.2f} s, most {max(values):.2f} s, of {len(values)}"


def tell_kills(watches, kills):
    """For how long the killed replica was down and withheld, and what the others made of it."""
    lines = [Timeline(watch) for watch in watches]
    itself, each, all_others = [], [], []
    for kill in kills:
        others = [line for number, line in enumerate(lines) if number != kill.victim]
        itself.append(seconds_without([lines[kill.victim]], kill))
        each += [seconds_without([line], kill) for line in others]
        all_others.append(seconds_without(others, kill))
        if itself[-1] > LONG:
            print(f"replica {kill.victim}, killed at {kill.begin:.1f}: {itself[-1]:.2f} s")
    print(f"after a kill, no rates from the replica itself: {spread(itself)}")
    print(f"after a kill, no rates from each other replica: {spread(each)}")
    print(f"after a kill, no rates from any other replica: {spread(all_others)}")


def tell_outage(watches, outage):
    away = [f"{seconds_without([Timeline(watch)], outage):.1f}" for watch in watches]
    print(f"no rates from each replica in {outage.end - outage.begin:.0f} s: {', '.join(away)} s")
