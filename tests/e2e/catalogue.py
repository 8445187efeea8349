"""The catalogue of scenarios: each is a function with a claim, registered with what it needs."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass
class Entry:
    run: Callable
    claim: str
    pauses: bool = False  # needs a broker of its own, to pause it
    modes: tuple = ("inotify", "poll")  # values of `watch`
    kafka: bool = False  # over a real Kafka, too


CATALOGUE = {}


def scenario(**needs):
    """Registers a function of a Scenario under its name; its docstring is the claim."""
    def register(function):
        claim = function.__doc__.strip().replace("\n   ", "")
        CATALOGUE[function.__name__] = Entry(function, claim, **needs)
        return function
    return register
