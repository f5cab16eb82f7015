#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Entries with an action of their own: what mail gets by them, by what is set and by
what "check" says, all of which must agree; and that it is the deciding entry's
action, whatever others have.
"""

import itertools

from lib.packet import ACK, ICMP, ICMPV6, NAMES, Lab, is_reset, mail

FAMILIES = (4, 6)
ACTIONS = ("drop", "reject", "prohibit", "monitor")
VERDICTS = {"drop": "drop", "reject": "reject", "prohibit": "prohibit",
            "monitor": "accept"}


def is_error(frame):
    """An ICMP error?"""
    if frame[12:14] == b"\x08\x00":
        return frame[23] == ICMP and frame[34] == 3
    return frame[12:14] == b"\x86\xdd" and frame[20] == ICMPV6 and \
        frame[54] == 1


def fate(lab, packet, sender="subscriber"):
    """What becomes of a packet, in the words of actions."""
    arrived, back = lab.cross([packet], sender)
    if packet.number in arrived:
        return "monitor"
    if any(is_reset(frame) for frame in back):
        return "reject"
    return "prohibit" if any(map(is_error, back)) else "drop"


def problems_of(lab, family, src, want, kind, would="drop"):
    """Mail and its way back, the counters, and what "check" says of it."""
    problems = []
    lab.moved()
    if (got := fate(lab, mail(family, src, "foreign"))) != want:
        problems.append(f"mail: {got}, not {want}")
    moved = lab.moved()
    if moved.pop(f"{want}_{kind}", 0) != 1 or \
       set(moved) - {"reset_sent", "unreachable_sent"}:
        problems.append(f"counters: {moved}")
    back = "monitor" if want == "monitor" else "drop"
    answer = mail(family, "foreign", src, 40000, 25, ACK)
    if (got := fate(lab, answer, "server")) != back:
        problems.append(f"the way back: {got}, not {back}")
    if (moved := lab.moved()) != {f"inbound_{back}_{kind}": 1}:
        problems.append(f"counters of the way back: {moved}")
    names = NAMES[family]
    said = lab.json("check", names[src], names["foreign"])
    if said["verdict"] != VERDICTS[want] or \
       said.get("would") != (would if want == "monitor" else None):
        problems.append(f"check: {said}")
    return problems


def by_itself(lab):
    """Each action that is set, and each that an entry has."""
    for action in ACTIONS:
        lab.policy(f"action {action}\n pool {{wide}}")
        for own in ACTIONS:
            for family in FAMILIES:
                lab.p25ctl("block", "add", NAMES[family]["in_wide"],
                           "action", own)
            would = "drop" if action == "monitor" else action
            for family in FAMILIES:
                lab.result(f"IPv{family}: {action} is set, an entry has {own}",
                           problems_of(lab, family, "in_wide", own, "block",
                                       would))
        for family in FAMILIES:
            lab.result(f"IPv{family}: {action} is set, entries have none",
                       problems_of(lab, family, "wide_last", action, "pool"))


def which_decides(lab):
    """It is the longest prefix's, and of several kinds on it the block's."""
    lab.policy("""
        pool {wide} action monitor
        static {middle}
        pool {narrow} action reject
        pool {in_narrow} action monitor
        block {in_narrow} action prohibit
        pool {host}
        relay {relay}
    """)
    for family in FAMILIES:
        for src, want, kind in (("in_wide", "monitor", "pool"),
                                ("narrow_first", "reject", "pool"),
                                ("in_narrow", "prohibit", "block"),
                                ("host", "drop", "pool")):
            lab.result(f"IPv{family}: nested: {src}",
                       problems_of(lab, family, src, want, kind))
        lab.result(f"IPv{family}: nested: static is exempt, relays are open",
                   lab.try_rows([
                       ("static", mail(family, "in_middle", "foreign"), True),
                       ("relay", mail(family, "in_narrow", "relay"), True)]))


def owners(lab):
    """Of two owners' entries of a kind on a prefix, the stricter one decides."""
    strict = ("drop", "prohibit", "reject", "monitor")
    for one, other in itertools.permutations((*strict, None), 2):
        lab.policy("\n".join(["action reject"] + [
            f"pool {{in_wide}} owner {owner}" +
            (f" action {action}" if action else "")
            for owner, action in (("noc", one), ("crm", other))]))
        want = min(one or "reject", other or "reject", key=strict.index)
        for family in FAMILIES:
            lab.result(f"IPv{family}: owners: {one} and {other}: {want}",
                       problems_of(lab, family, "in_wide", want, "pool",
                                   "reject"))


def changes(lab):
    """An action comes, is another one, and goes; the entry stays what it is."""
    lab.policy("pool {wide}")
    for what, words, want in (
            ("it gets one", ("action", "monitor"), "monitor"),
            ("it gets another one", ("action", "reject"), "reject"),
            ("the same one again", ("action", "reject", "comment", "x"),
             "reject"),
            ("with a timeout", ("action", "prohibit", "timeout", "30"),
             "prohibit"),
            ("with a date",
             ("action", "monitor", "expires", "2080-01-01T00:00:00Z"),
             "monitor"),
            ("it has none any more", (), "drop")):
        # A change of two entries has a generation of its own, one of one hasn't.
        lab.p25ctl("pool", "add", NAMES[4]["wide"], NAMES[6]["wide"], *words)
        both = [problems_of(lab, family, "in_wide", want, "pool")
                for family in FAMILIES]
        for family in FAMILIES:
            lab.p25ctl("pool", "add", NAMES[family]["wide"], *words)
        for family in FAMILIES:
            lab.result(f"IPv{family}: {what}",
                       both[family == 6] +
                       problems_of(lab, family, "in_wide", want, "pool"))


def comes_and_goes(lab):
    """When a block with an action of its own is gone, the pool's is in force."""
    lab.policy("pool {wide} action monitor")
    hosts = [NAMES[family]["in_wide"] for family in FAMILIES]
    lab.p25ctl("block", "add", *hosts, "action", "prohibit", "timeout", "1h")
    before = [problems_of(lab, family, "in_wide", "prohibit", "block")
              for family in FAMILIES]
    lab.p25ctl("block", "del", *hosts)
    for family in FAMILIES:
        lab.result(f"IPv{family}: a block comes and goes",
                   before[family == 6] +
                   problems_of(lab, family, "in_wide", "monitor", "pool"))


def main():
    per_family = len(ACTIONS) * (len(ACTIONS) + 1) + 5 + 20 + 6 + 1
    lab = Lab(len(FAMILIES) * per_family)
    lab.run("ip", "addr", "add", "2001:db8:100::1/128", "dev", "sub", "nodad")
    lab.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0",
            "net.ipv6.icmp.ratelimit=0")
    by_itself(lab)
    which_decides(lab)
    owners(lab)
    changes(lab)
    comes_and_goes(lab)
    lab.finish()


if __name__ == "__main__":
    main()
