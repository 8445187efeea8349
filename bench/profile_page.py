"""PROFILE.md: what each stage takes, beside its parts alone."""

import statistics
import sys

from provenance import facts, table
from stage_rules import stages

FLOORS = {"all": ("read", "newlines", "on_demand", "send"),
          "metrics": ("read", "newlines", "on_demand", "send_metrics")}


class Profile:
    """Medians over rounds, per million lines: whole seconds, and a stage's."""

    def __init__(self, rules):
        self.rules, self.seconds, self.parts = rules, [], []

    def add(self, seconds, samples):
        self.seconds.append(seconds)
        self.parts.append(stages(self.rules, samples))

    def whole(self):
        return statistics.median(self.seconds)

    def of(self, stage):
        return self.whole() * statistics.median(parts.get(stage, 0) for parts in self.parts)


def stage_table(what, profiles):
    """A row a stage, a column a profile: milliseconds and the share."""
    names = list(profiles)
    order = dict.fromkeys(stage for *_, stage in profiles[names[0]].rules)
    rows = [(stage, *(f"{profiles[name].of(stage) * 1e3:.0f} ({share:.0%})" for name in names
                      for share in [profiles[name].of(stage) / profiles[name].whole()]))
            for stage in order if any(profiles[name].of(stage) >= 0.0005 for name in names)]
    return table((what, *names), [*rows, ("all", *(f"**{profiles[name].whole() * 1e3:.0f}**" for name in names))])


def floor_table(parts, profiles):
    rows = [(part, *(f"{parts[part] * 1e3:.0f}" if part in FLOORS[name] else "" for name in FLOORS))
            for part in parts]
    sums = {name: sum(parts[part] for part in FLOORS[name]) for name in FLOORS}
    return table(("the parts alone, ms", *FLOORS), [
        *rows, ("their sum: the limit", *(f"**{sums[name] * 1e3:.0f}**" for name in FLOORS)),
        ("the agent, of the limit", *(f"{profiles[name].whole() / sums[name]:.2f}" for name in FLOORS))])


def page(agent, aggregator, parts):
    return "\n".join([
        "# Profile", "",
        "One run of `bench/profile_stages.py`, which writes this page; [README.md](README.md) says how it measures.",
        "Milliseconds of CPU for a million nginx lines of 484 bytes, medians of the rounds, and the share.", "",
        *table(("", ""), facts(["bench/profile_stages.py", *sys.argv[1:]])),
        "## The agent", "", *stage_table("stage", agent), *floor_table(parts, agent),
        "## The aggregator", "", *stage_table("stage", {"events": aggregator})]).rstrip() + "\n"
