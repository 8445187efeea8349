"""Scenarios and tests whose promise the agent does not keep yet: they run and may fail."""

import functools

from processes import Failed

NOT_YET = frozenset((
    "copied_inside",
    "copied_inside_behind",
    "copied_inside_dead",
    "copied_inside_killed",
    "copied_outside_behind",
    "copied_outside_dead",
    "few_descriptors",
    "hole_of_gigabytes",
    "large_sparse_file",
    "new_configuration",
    "regrown",
    "regrown_equal",
    "renamed_at_once",
    "replaced_same",
    "replaced_same_dead",
    "rotated_dead_often",
    "wrong_configuration",
    "test_copied_inside",
    "test_storm",
))


def may_fail_yet(test):
    """A test of that name in NOT_YET that fails is skipped, with what was found."""
    @functools.wraps(test)
    def run(self):
        try:
            test(self)
        except (AssertionError, Failed) as failure:
            if test.__name__ not in NOT_YET:
                raise
            print(failure, flush=True)
            self.skipTest("the agent does not keep this promise yet")
    return run
