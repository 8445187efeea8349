"""For how long watched replicas published no rate after something happened to them."""

import bisect
import collections
import statistics

STEP = 0.05  # seconds: the resolution
LONG = 3  # seconds that are told one by one

# What happened at `begin`, and until when it is looked at. victim: the replica that was killed, by
# number; None: the broker was away.
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


def tell_withheld(watches, incidents):
    """The report: after kills, then after each time that the broker was away."""
    lines = [Timeline(watch) for watch in watches]
    killed, survivor, nobody = [], [], []
    for incident in incidents:
        if incident.victim is None:
            away = [f"{seconds_without([line], incident):.1f}" for line in lines]
            print(f"withheld after the broker was stopped, by replica: {', '.join(away)} s, within "
                  f"{incident.end - incident.begin:.0f} s")
            continue
        survivors = [line for number, line in enumerate(lines) if number != incident.victim]
        killed.append(seconds_without([lines[incident.victim]], incident))
        if killed[-1] > LONG:
            print(f"replica {incident.victim}, killed at {incident.begin:.1f}: {killed[-1]:.2f} s")
        survivor += [seconds_without([line], incident) for line in survivors]
        nobody.append(seconds_without(survivors, incident))
    print(f"after a kill, the replica itself, down and withheld: {spread(killed)}")
    print(f"after a kill, withheld by each survivor: {spread(survivor)}")
    print(f"after a kill, withheld by all survivors: {spread(nobody)}")
