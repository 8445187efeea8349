"""Scenarios of the catalogue whose promise the agent does not keep yet: they run and may fail."""

NOT_YET = frozenset()
