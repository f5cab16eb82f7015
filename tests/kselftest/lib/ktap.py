# SPDX-License-Identifier: GPL-2.0
"""
Results in KTAP (Documentation/dev-tools/ktap.rst of the kernel).
"""

import sys


class Ktap:
    """Results; the plan is the first line, or the last if it isn't known before."""

    def __init__(self, plan=None):
        self.plan = plan
        self.count = self.failed = 0
        sys.stdout.reconfigure(line_buffering=True)
        print("KTAP version 1")
        if plan is not None:
            print(f"1..{plan}")

    def result(self, good, name, *notes):
        self.count += 1
        self.failed += not good
        if not good:
            for note in notes:
                print("#", note)
        print("ok" if good else "not ok", self.count, name)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} {name} # SKIP {reason}")

    def end(self):
        if self.plan is None:
            print(f"1..{self.count}")
        elif self.count != self.plan:
            print(f"# planned {self.plan} results, got {self.count}")
            sys.exit(1)
        sys.exit(1 if self.failed else 0)


def skip_all(why):
    """The test can't be made here."""
    print("1..0 # SKIP", why)
    sys.exit(4)
