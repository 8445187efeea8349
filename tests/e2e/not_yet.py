"""Scenarios and tests whose promise the agent does not keep yet: they run and may fail."""

import functools

from processes import Failed

NOT_YET = frozenset(("test_copied_inside", "test_storm"))


def may_fail_yet(test):
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
