"""Scenarios of the catalogue whose promise the agent does not keep yet: they run and may fail."""

NOT_YET = frozenset((
    "copied_inside",
    "copied_inside_behind",
    "copied_inside_dead",
    "copied_inside_killed",
    "copied_outside_behind",
    "copied_outside_dead",
    "few_descriptors",
    "hole_of_gigabytes",
    "new_configuration",
    "regrown",
    "regrown_equal",
    "renamed_at_once",
    "replaced_same",
    "replaced_same_dead",
    "rotated_dead_often",
    "wrong_configuration",
))
