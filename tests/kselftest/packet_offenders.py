#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Which offenders are remembered doesn't depend on the clock: not on how it is
set, nor on how many packets come in one of its seconds. What is shown are times
of day.
"""

import datetime
import struct
import time

from lib.packet import Lab, mail

PLAN = 6
YEAR_2099 = 4070908800
SLOTS = 4096			# offenders that are remembered
SINGLES = 2 * SLOTS		# sources that send once
LOUD, ROUNDS = 8, 256		# sources that send once in each round


class Clock:
    """Sets the clock, and sets it right at the end."""

    def __init__(self):
        self.offset = time.time() - time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.right()

    def set(self, seconds):
        time.clock_settime(time.CLOCK_REALTIME, seconds)

    def right(self):
        self.set(self.offset + time.monotonic())


class Sources:
    """Mail from many sources; making each packet anew would take too long."""

    def __init__(self, lab):
        self.lab = lab
        self.host = lab.hosts["subscriber"]
        self.frame = self.host.frame(mail(6, "in_wide", "foreign"))

    @staticmethod
    def name(group, number):
        return f"2001:db8:100::{group:x}:{number:x}"

    def send(self, group, numbers):
        for number in numbers:
            source = struct.pack("!HHHHHHHH", 0x2001, 0xdb8, 0x100, 0, 0, 0,
                                 group, number)
            self.host.socket.send(self.frame[:22] + source + self.frame[38:])

    def known(self, group):
        """What is remembered of that group, by its sources, after all sent."""
        self.lab.cross([])
        head = f"2001:db8:100::{group:x}:"
        return {one["src"]: one for one in self.lab.json("offenders")
                if one["src"].startswith(head)}


def seconds(stamp):
    moment = datetime.datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()


def loud(lab, clock, sources):
    """
    In a second that lasts, twice as many come as are remembered. Of a bucket
    that has a loud one, four others would have to come within a round.
    """
    each = SINGLES // ROUNDS
    now = int(time.time())
    for turn in range(ROUNDS):
        clock.set(now)
        sources.send(1, range(1, LOUD + 1))
        sources.send(2, range(1 + turn * each, 1 + (turn + 1) * each))
    clock.right()
    counts = [one["packets"] for one in sources.known(1).values()]
    lab.result("those who send all the time keep their count",
               [] if counts.count(ROUNDS) >= LOUD - 2 else
               [f"{LOUD} have sent {ROUNDS}; counted are {counts}"])
    others = len(sources.known(2))
    lab.result("the rest of the list has others",
               [] if SLOTS * 3 // 4 < others < SLOTS else [f"{others}"])


def stale(lab, clock, sources):
    """The list has plenty of those who came while the clock was ahead."""
    clock.set(YEAR_2099)
    sources.send(3, range(1, SLOTS + 1))
    clock.right()
    sources.send(4, range(1, SLOTS // 8 + 1))
    found = len(sources.known(4))
    lab.result("a clock that was ahead keeps no offender out",
               [] if found >= SLOTS // 8 - 8 else
               [f"{found} of {SLOTS // 8} are remembered"])


def times(lab, clock, sources):
    clock.set(YEAR_2099)
    sources.send(5, [1])
    clock.right()
    before = int(time.time())
    sources.send(5, [1, 2])
    both = sources.known(5)
    after = int(time.time())
    late = [one for one in both.values()
            if seconds(one["first"]) > seconds(one["last"])]
    lab.result("the first is no later than the last", late)
    last = seconds(both[sources.name(5, 1)]["last"])
    lab.result("the last is a time of day",
               [] if before - 1 <= last <= after else
               [f"{last}, between {before} and {after}"])
    clock.set(YEAR_2099)
    last = seconds(sources.known(5)[sources.name(5, 2)]["last"])
    clock.right()
    lab.result("by the clock as it is now",
               [] if 0 <= YEAR_2099 - last <= after - before + 2 else
               [f"{YEAR_2099 - last} seconds before"])


def main():
    lab = Lab(PLAN)
    lab.policy("pool 2001:db8:100::/48")
    sources = Sources(lab)
    with Clock() as clock:
        loud(lab, clock, sources)
        stale(lab, clock, sources)
        times(lab, clock, sources)
    lab.finish()


main()
