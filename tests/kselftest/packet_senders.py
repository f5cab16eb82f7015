#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Senders: what makes one, what is known of it, and who is listed in a flood. Neither
depends on how the clock is set; what is shown are times of day.

The flood is an eighth of 20,000 senders of one attempt each and 10^6 forged ones, in a
list that has an eighth of the default's size: each bucket has as much of it. SHARE=1 in
the environment makes it all of that.
"""

import array
import os
import socket
import time

from lib.flood import send_from
from lib.packet import (ACK, NAMES, PSH, SYN, TCP, Lab, Packet, fragment_header,
                        mail, tcp)
from lib.sender import *

PLAN = 22
FAMILIES = (4, 6)
# Later than any stay, and the last year that 32-bit programs of Debian 12 can set.
YEAR_2037 = 2114380800

SHARE = int(os.environ.get("SHARE", "8"))
SIZE = 65536 // SHARE
SINGLES = 20000 // SHARE	# senders of one attempt
FORGED = 1000000 // SHARE	# and as many that are forged
LOUD = 100			# who sends most


def source(family, name):
    """The sender that an address belongs to: "host" is exempt, and so its own."""
    if family == 4 or name == "host":
        return NAMES[family][name]
    address = socket.inet_pton(socket.AF_INET6, NAMES[6][name])
    return socket.inet_ntop(socket.AF_INET6, address[:8] + bytes(8))


def flush(lab):
    checked(lab.genl.request(P25_CMD_SENDER_FLUSH))


def compare(found, want):
    """Each sender of want has what is wanted of it; and there is no other."""
    problems = [f"{src}: unexpected: {found[src]}" for src in found.keys() - want]
    for src, values in want.items():
        one = found.get(src, {})
        problems += [f"{src}: {name} is {one.get(name)}, not {value}"
                     for name, value in values.items() if one.get(name) != value]
    return problems


def who_is_one(lab, family):
    """Exempt or blocked, with an attempt; or blocked without."""
    def send(src, dst, flags, sender="subscriber", **ports):
        lab.cross([mail(family, src, dst, flags=flags, **ports)], sender)

    flush(lab)
    send("in_wide", "foreign", SYN)			# blocked
    send("in_wide", "foreign", SYN | PSH)
    send("in_wide", "foreign", ACK)
    send("host", "foreign", SYN)			# exempt
    send("host", "foreign", ACK)
    send("host", "foreign", SYN | ACK)
    send("in_narrow", "foreign", ACK)			# exempt, no attempt
    send("in_middle", "foreign", ACK)			# blocked, no attempt
    send("outside", "foreign", SYN)			# nobody decides
    send("after_middle", "relay", SYN)			# to a relay
    send("foreign", "wide_last", ACK, "server", sport=25, dport=40000)
    want = {
        "in_wide": {"attempts": 2, "packets": 3, "kind": "pool"},
        "host": {"attempts": 1, "packets": 1, "kind": "static"},
        "in_middle": {"attempts": 0, "packets": 1, "kind": "pool"},
    }
    problems = compare(senders(lab.genl), {source(family, name): values
                                           for name, values in want.items()})
    lab.result(f"IPv{family}: who is a sender", problems)


def what_is_known(lab, family):
    names = NAMES[family]
    flush(lab)
    lab.cross([mail(family, "host", dst, sport=sport) for dst, sport in
               (("server", 1001), ("foreign", 1002), ("no_relay", 1003))])
    lab.cross([mail(family, "host", "foreign", sport=1004),
               mail(family, "host", "server", sport=1005, flags=ACK)])
    want = {"attempts": 4, "error": 0, "sport": 1004,
            "dst": names["foreign"], "kind": "static",
            "prefix": f"{names['host']}/{32 if family == 4 else 128}"}
    found = senders(lab.genl)
    problems = compare(found, {names["host"]: want})
    # An estimate by a random hash: of three, all may look the same once in 4,096 times.
    many = found[names["host"]]["destinations"]
    problems += [f"{many} destinations"] * (not 1 <= many <= 3)
    lab.result(f"IPv{family}: what is known of a sender", problems)


def ipv6_by_64(lab):
    """An exempt address within it is a sender of its own."""
    flush(lab)
    lab.cross([mail(6, f"2001:db8:100:9::{number:x}", "foreign")
               for number in range(1, 21)])
    lab.cross([mail(6, "2001:db8:100:4011::1", "foreign"),
               mail(6, "host", "foreign")])
    problems = compare(senders(lab.genl), {
        "2001:db8:100:9::": {"attempts": 20, "prefix": "2001:db8:100::/49"},
        "2001:db8:100:4011::": {"attempts": 1},
        NAMES[6]["host"]: {"attempts": 1}})
    lab.result("IPv6: a sender is a /64, or an exempt prefix in it", problems)


def fragments(lab):
    """A first fragment that shows the flags is an attempt, others are not."""
    segment = tcp(4, "in_wide", "foreign", 1001, 25)
    flush(lab)
    lab.cross([Packet(4, "in_wide", "foreign", TCP, segment[:16], more=True)])
    found = senders(lab.genl)
    problems = compare(found, {NAMES[4]["in_wide"]: {"attempts": 1,
                                                     "sport": 1001}})
    flush(lab)
    lab.cross([Packet(4, "in_wide", "foreign", TCP, segment[:8], more=True),
               Packet(4, "in_wide", "foreign", TCP, segment[:2], more=True)])
    problems += compare(senders(lab.genl), {NAMES[4]["in_wide"]:
                                            {"attempts": 0, "packets": 2}})
    lab.result("IPv4: fragments are attempts if they show it", problems)

    segment = tcp(6, "in_wide", "foreign", 1001, 25)
    flush(lab)
    lab.cross([Packet(6, "in_wide", "foreign", TCP, segment[:16],
                      headers=[fragment_header(more=True)])])
    lab.result("IPv6: fragments, too", compare(senders(lab.genl), {
        source(6, "in_wide"): {"attempts": 1, "sport": 1001}}))


def monitored(lab):
    lab.policy("action monitor\npool {wide}")
    flush(lab)
    lab.cross([mail(4, "in_wide", "foreign")])
    lab.result("what is monitored is listed", compare(
        senders(lab.genl), {NAMES[4]["in_wide"]: {"attempts": 1, "kind": "pool"}}))


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


def times(lab):
    name = NAMES[4]["in_wide"]
    flush(lab)
    with Clock() as clock:
        clock.set(YEAR_2037)
        lab.cross([mail(4, "in_wide", "foreign")])
        clock.right()
        before = int(time.time())
        lab.cross([mail(4, "in_wide", "foreign")])
        one = senders(lab.genl)[name]
        after = int(time.time())
        clock.set(YEAR_2037)
        later = senders(lab.genl)[name]
    lab.result("the first packet is no later than the last",
               [] if one["first"] <= one["last"] else [f"{one}"])
    lab.result("the last is a time of day",
               [] if before - 1 <= one["last"] <= after else
               [f"{one['last']}, between {before} and {after}"])
    lab.result("by the clock as it is now",
               [] if 0 <= YEAR_2037 - later["last"] <= after - before + 2 else
               [f"{YEAR_2037 - later['last']} seconds before"])


def estimate(lab):
    """The standard error is 13 %: one in a thousand is off by more than 43 %."""
    wrong = []
    for many in (30, 300, 3000):
        flush(lab)
        # The last four bytes of the destination address.
        send_from(lab, mail(6, "in_wide", "foreign"), 50, range(many))
        got = senders(lab.genl)[source(6, "in_wide")]["destinations"]
        print(f"# {many} destinations: {got}")
        wrong += [f"{got}, of {many}"] * (abs(got - many) > many * 0.43)
    # Keys are random: of three, one may be off by so much once in 300 times.
    lab.result("the number of destinations is about right",
               wrong if len(wrong) > 1 else [])


def flood():
    """
    The /64s that mail comes from, by their second four bytes, and how many
    attempts each loud one makes.
    """
    made = [0] * LOUD
    want = [2000 + 20 * loud for loud in range(LOUD)]
    networks = array.array("I")
    rounds = 100
    for turn in range(1, rounds + 1):
        # In an order that leaps about.
        networks.extend(0x80000000 + at * 2654435761 % (1 << 30) for at in
                        range((turn - 1) * FORGED // rounds,
                              turn * FORGED // rounds))
        networks.extend(0x20000000 + at for at in
                        range((turn - 1) * SINGLES // rounds,
                              turn * SINGLES // rounds))
        for loud in range(LOUD):
            more = want[loud] * turn // rounds - made[loud]
            networks.extend([0x10000000 + loud] * more)
            made[loud] += more
    return networks, made


def flooded(lab):
    lab.policy("static 2001:db8:1000::/48\npool 2001:db8:8000::/34\n"
               "static 2001:db8:2000::/36")
    flush(lab)
    checked(lab.genl.request(P25_CMD_SET, u32(P25_A_SENDERS, SIZE)))
    networks, made = flood()
    send_from(lab, mail(6, "outside", "foreign"), 26, networks)
    found = senders(lab.genl)
    problems = []
    for loud, attempts in enumerate(made):
        one = found.get(f"2001:db8:1000:{loud:x}::".replace(":0::", "::"))
        if not one:
            problems.append(f"number {loud} is not listed")
        elif not attempts <= one["attempts"] <= 1.01 * attempts or \
                one["attempts"] - one["error"] > attempts:
            problems.append(f"number {loud}: {attempts} attempts: {one}")
    lab.result("in a flood, the loudest are listed, with counts within 1 %",
               problems)
    ranking = sorted(found.values(), key=lambda one: -one["attempts"])[:LOUD]
    lab.result("and nobody is said to be louder",
               [f"{one}" for one in ranking
                if not one["src"].startswith("2001:db8:1000:")])
    lab.result("the list has a fixed size",
               [] if 0.99 * SIZE < len(found) <= SIZE else [f"{len(found)}"])


def sizes(lab):
    """A list of another size takes over what there is room for."""
    def set_senders(number):
        return lab.genl.request(P25_CMD_SET, u32(P25_A_SENDERS, number))

    def memory():
        attrs = dict(lab.genl.request(P25_CMD_SHOW).messages[0])
        return number(attrs[P25_A_MEMORY])

    def loud():
        found = senders(lab.genl)
        return len(found), sorted(one["attempts"] for src, one in found.items()
                                  if src.startswith("2001:db8:1000:"))

    before, had = memory(), loud()[1]
    checked(set_senders(2000))
    many, has = loud()
    lab.result("a smaller list keeps the loudest",
               [f"{many} senders, {has}, had {had}"]
               if not 1900 < many <= 2048 or has != had else [])
    small = memory()
    lab.result("and takes less memory",
               [] if 100 < (before - small) / (SIZE - 2048) < 250 else
               [f"{before}, then {small}"])
    checked(set_senders(1 << 18))
    lab.result("a larger one has all of it",
               [] if loud() == (many, has) else [f"{loud()}"])
    answers = [set_senders(wrong).error for wrong in (0, (1 << 20) + 1)]
    lab.result("no size and too large a size are refused",
               [] if answers == [34, 34] else [f"{answers}"])
    lab.genl.request(P25_CMD_BEGIN)
    checked(set_senders(5000))
    lab.genl.request(P25_CMD_ABORT)
    lab.result("what is not committed changes nothing",
               [] if settings(lab.genl)["senders"] == 1 << 18 else ["it did"])
    flush(lab)
    lab.result("a flush empties it", [f"{many}" for many in [loud()[0]] if many])


def main():
    lab = Lab(PLAN)
    lab.result("the default is 65536",
               [] if settings(lab.genl)["senders"] == 65536 else ["it is not"])
    lab.policy("pool {wide}\nstatic {host}\nstatic {narrow}\nrelay {relay}")
    for family in FAMILIES:
        who_is_one(lab, family)
        what_is_known(lab, family)
    ipv6_by_64(lab)
    fragments(lab)
    times(lab)
    estimate(lab)
    monitored(lab)
    flooded(lab)
    sizes(lab)
    lab.finish()


main()
