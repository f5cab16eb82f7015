# SPDX-License-Identifier: GPL-2.0
"""
The figures of a run: reading them, finding them.

A figure is what a line of the raw file says, with "value" for what was measured;
of a packet's cost that is the best of the repetitions. If a figure is there more
than once, the median counts.
"""

import json
import statistics

# What belongs to what was measured, and not to the result.
RESULTS = {"value", "best", "median", "accepted", "dropped"}

# What a packet goes through, apart from any policy.
NOT_MAIL = ("tcp443", "udp")
MAIL = ("mail_relay", "mail_blocked", "mail_exempt")

# What a figure that doesn't say is about.
DEFAULTS = {"family": "ipv4", "lengths": 1, "machine": "uml", "n": 0}


class Figures:
    """All figures of a run, each a dictionary."""

    def __init__(self, rows):
        self.rows = rows

    def get(self, work, contender, **wanted):
        """The value of the one figure that fits, None if there is none."""
        fitting = self.all(work, contender, **wanted)
        return fitting[0]["value"] if fitting else None

    def all(self, work, contender=None, **wanted):
        wanted["work"] = work
        if contender:
            wanted["contender"] = contender
        return [row for row in self.rows
                if all(row.get(key) == value for key, value in wanted.items())]

    def all_of(self, unit, contender, **wanted):
        """Whatever was measured in that unit."""
        wanted.update(unit=unit, contender=contender)
        return [row for row in self.rows
                if all(row.get(key) == value for key, value in wanted.items())]

    def values(self, key, **wanted):
        """The different values of a key, in order, where all else fits."""
        return sorted({row[key] for row in self.rows if key in row and
                       all(row.get(name) == value
                           for name, value in wanted.items())})

    def floor_of(self, row):
        """What no filter can be cheaper than: the figure it is compared with."""
        if row["work"] in NOT_MAIL:
            name = "ports"
        elif row["work"] in MAIL:
            name = "floor"
        else:
            return None
        same = {key: row.get(key) for key in
                ("family", "n", "lengths", "hot", "machine")}
        floors = self.all(row["work"], name, **same)
        if not floors:
            return None
        return {key: floors[0].get(key) for key in
                ("contender", "bytes", "value", "unit")}

    def as_results(self):
        return [{**row, "floor": floor} if (floor := self.floor_of(row)) else row
                for row in self.rows]


def _merge(rows):
    """One row of several that are about the same."""
    merged = dict(rows[0])
    for key in RESULTS & set(merged):
        merged[key] = statistics.median(row[key] for row in rows)
    if len(rows) > 1:
        merged["measured"] = len(rows)
    return merged


def read(path):
    groups = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = {**DEFAULTS, **json.loads(line)}
            if "best" in row:
                row["value"] = row["best"]
            about = tuple(sorted((key, value) for key, value in row.items()
                                 if key not in RESULTS))
            groups.setdefault(about, []).append(row)
    return Figures([_merge(rows) for rows in groups.values()])
