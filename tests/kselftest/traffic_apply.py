#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Policies are replaced under traffic, and no packet is judged by a mix of the old
one and the new one.

Two policies, A and B, of some hundred entries have nothing in common, but give
every packet of the flood the same. What is between them would not: if any of
the changes from A to B, or from B to A, could be seen without the others, some
packet would pass that neither lets through, or be lost that both let through.

    S is a host in prefix W, D is where its mail goes

    A                     B                     both    some mix
    block S, static W     pool W                drop    static W: pass
    pool W                block S, static W     drop    nothing: pass
    static S, pool W      nothing               pass    pool W: drop
    nothing               static S, pool W      pass    pool W: drop
    relay D, pool W       static W              pass    pool W: drop
    static W              relay D, pool W       pass    pool W: drop
    action monitor, pool  action drop, static   pass    action drop, pool: drop
    pool W action monitor pool W, static S      pass    pool W: drop

Each line stands in both orders, so that it doesn't matter whether additions or
deletions come first. To prove that a mix is noticed, the same is done before in
several changes, where a mix is there for a while.

Before and after each change, all packets of the flood are judged at least once;
and there are changes until enough packets were sent while one was under way.
"""

import socket
from ipaddress import ip_network

from lib.flood import start_flood
from lib.netlink import (P25_A_ENTRY, P25_A_ENTRY_ADDR, P25_A_ENTRY_KIND,
                         P25_A_ENTRY_PREFIXLEN, P25_CMD_BEGIN, P25_CMD_COMMIT,
                         P25_CMD_ENTRY_ADD, P25_CMD_ENTRY_DEL, ENUMS, attr,
                         nest, u8)
from lib.packet import ACK, SYN, TCP, Lab, Packet, Reading, mail, tcp

INSTANCES = 10			# of each line, in each family
CHANGES = 10			# by p25ctl
COMMITS = 100			# by netlink

# Entries of A, entries of B, fate.
LINES = [
    (("block S", "static W"), ("pool W",), "drop"),
    (("pool W",), ("block S", "static W"), "drop"),
    (("static S", "pool W"), (), "pass"),
    ((), ("static S", "pool W"), "pass"),
    (("relay D", "pool W"), ("static W",), "pass"),
    (("static W",), ("relay D", "pool W"), "pass"),
]


def addresses(family, number):
    """S, W and D of one instance."""
    if family == 4:
        return {"S": f"198.51.100.{4 * number + 1}",
                "W": f"198.51.100.{4 * number}/30",
                "D": f"192.0.2.{number + 1}"}
    return {"S": f"2001:db8:100:{number:x}::1",
            "W": f"2001:db8:100:{number:x}::/64",
            "D": f"2001:db8:25::{number + 1:x}"}


class Policies:
    """A and B, as lists of "KIND PREFIX", and the packets of the flood."""

    def __init__(self, lines):
        self.a, self.b, self.rows = [], [], []
        for instance in range(INSTANCES):
            for number, line in enumerate(lines, 1 + instance * len(lines)):
                for family in (4, 6):
                    self.add(family, addresses(family, number), *line)

    def add(self, family, names, in_a, in_b, fate):
        for policy, entries in ((self.a, in_a), (self.b, in_b)):
            for entry in entries:
                kind, name = entry.split()
                policy.append(f"{kind} {names[name]}")
        self.rows.append((mail(family, names["S"], names["D"]), fate))


# ---- changes: each is a list of what p25ctl is called with, and its input ----

def batch(verb, entries):
    return "".join(f"{kind} {verb} {prefix}\n"
                   for kind, prefix in map(str.split, entries))


def change_at_once(old, new):
    return [("-b", "-", batch("del", old) + batch("add", new))]


def delete_then_add(old, new):
    return [("-b", "-", batch("del", old)), ("-b", "-", batch("add", new))]


def kind_after_kind(old, new):
    steps = []
    for kind in ("pool", "block", "static", "relay"):
        steps += change_at_once(*[[entry for entry in entries
                                   if entry.startswith(kind)]
                                  for entries in (old, new)])
    return steps


def apply(_, new):
    return [("apply", "--force", "-", "\n".join(new) + "\n")]


def under_flood(lab, policies, change, times):
    """
    Changes from A to B and back, at least so many times, and until the flood has
    sent as many rounds while p25ctl was making one of them. Returns what the
    flood has counted.
    """
    lab.run("p25ctl", "apply", "--force", "-",
            text="\n".join(policies.a) + "\n")
    flood = start_flood(lab, policies.rows)
    old, new = policies.a, policies.b
    done = meanwhile = 0
    while done < times or meanwhile < times * len(policies.rows):
        for *words, text in change(old, new):
            p25ctl = Reading(*words, text=text)
            flood.goes_round()		# what waits counts for no packet
            before = flood.counts["packets"]
            status, said = p25ctl.end()
            meanwhile += flood.counts["packets"] - before
            if status:
                raise RuntimeError(f"p25ctl: {said}")
            flood.goes_round()
        done += 1
        old, new = new, old
    print(f"# {done} changes, {meanwhile} packets meanwhile; {flood.end()}")
    return flood.counts


# ---- changes by netlink: many more in the same time ----

def message(entries):
    def encode(entry):
        kind, prefix = entry.split()
        network = ip_network(prefix)
        return nest(P25_A_ENTRY,
                    u8(P25_A_ENTRY_KIND,
                       ENUMS["p25_kind"][f"P25_KIND_{kind.upper()}"]),
                    attr(P25_A_ENTRY_ADDR, network.network_address.packed),
                    u8(P25_A_ENTRY_PREFIXLEN, network.prefixlen))
    return b"".join(map(encode, entries))


def must(answer):
    if answer.error:
        raise RuntimeError(answer)


def commits_under_flood(lab, policies):
    """The same; only what is sent while the kernel commits counts here."""
    lab.run("p25ctl", "apply", "--force", "-",
            text="\n".join(policies.a) + "\n")
    flood = start_flood(lab, policies.rows)
    old, new = message(policies.a), message(policies.b)
    done = meanwhile = 0
    while done < COMMITS or meanwhile < COMMITS * len(policies.rows):
        must(lab.genl.request(P25_CMD_BEGIN))
        must(lab.genl.request(P25_CMD_ENTRY_DEL, old))
        must(lab.genl.request(P25_CMD_ENTRY_ADD, new))
        before = flood.counts["packets"]
        must(lab.genl.request(P25_CMD_COMMIT))
        meanwhile += flood.counts["packets"] - before
        done += 1
        old, new = new, old
    print(f"# {done} commits, {meanwhile} packets meanwhile; {flood.end()}")
    return flood.counts


def unnoticed(seen):
    return [f"{seen}"] if seen["lost"] or seen["leaked"] else []


def controls(lab, policies):
    """With all deletions first, everything passes for a while."""
    for change, words, signs in (
            (delete_then_add, "deletions, then additions", ["leaked"]),
            (kind_after_kind, "one kind after another", ["lost", "leaked"])):
        seen = under_flood(lab, policies, change, 2)
        lab.result(f"control: {words}: the mix is noticed",
                   [f"none {sign}: {seen}" for sign in signs if not seen[sign]])


def entries(lab, policies):
    controls(lab, policies)
    lab.moved()
    for change, words in ((apply, "apply"), (change_at_once, "-b")):
        seen = under_flood(lab, policies, change, CHANGES)
        lab.result(f"{words}: no packet is judged by a mix", unnoticed(seen))
    lab.result("commits: no packet is judged by a mix",
               unnoticed(commits_under_flood(lab, policies)))
    moved = lab.moved()
    lab.result("both policies have judged packets", [
        f"{name}: none" for name in ("drop_pool", "drop_block", "accept_none",
                                     "accept_static", "accept_relay")
        if name not in moved])


def settings(lab):
    """Entries that change together with the action."""
    policies = Policies([(("pool W",), ("static W",), "pass")])
    policies.a.append("action monitor")
    policies.b.append("action drop")

    def settings_first(old, new):
        return [("-b", "-", f"set {new[-1]}\n"), *apply(old, new[:-1])]

    seen = under_flood(lab, policies, settings_first, 2)
    lab.result("control: the action, then the entries: the mix is noticed",
               [] if seen["lost"] else [f"{seen}"])
    lab.result("apply: no packet is judged by new settings and old entries",
               unnoticed(under_flood(lab, policies, apply, CHANGES)))
    lab.p25ctl("set", "action", "drop")


def own_actions(lab):
    """Entries' own actions change together with what exempts their senders."""
    policies = Policies([(("pool W",), ("pool W", "static S"), "pass")])
    policies.a = [f"{entry} action monitor" for entry in policies.a]

    def actions_first(old, new):
        pools = [entry.split(" ", 1)[1] for entry in new
                 if entry.startswith("pool")]
        return [("-b", "-", "".join(f"pool add {one}\n" for one in pools)),
                *apply(old, new)]

    seen = under_flood(lab, policies, actions_first, 2)
    lab.result("control: entries' own actions first: the mix is noticed",
               [] if seen["lost"] else [f"{seen}"])
    lab.result("apply: no packet is judged by a mix of entries' own actions",
               unnoticed(under_flood(lab, policies, apply, CHANGES)))


# A source route has room for nine addresses.
BETWEEN = ["203.0.113.9"] * 7


def by_source_route(first, last):
    """The way back of mail, that will pass by these two."""
    route = [first, *BETWEEN, last]
    option = bytes([131, 3 + 4 * len(route), 4]) + \
        b"".join(map(socket.inet_aton, route)) + b"\0"
    return Packet(4, "outside", "foreign", TCP,
                  tcp(4, "outside", "foreign", 25, 40000, SYN | ACK),
                  options=option)


def hops(lab):
    """Each hop of a source route is looked up: all in the same policy."""
    with open("/proc/sys/net/ipv4/conf/all/accept_source_route", "w",
              encoding="ascii") as file:
        file.write("1")
    policies = Policies([])
    for number in range(60):
        one, other = (f"198.51.100.{2 * number + end}" for end in (1, 2))
        policies.a.append(f"pool {one}")
        policies.b.append(f"pool {other}")
        policies.rows.append((by_source_route(other, one), "drop"))
    seen = under_flood(lab, policies, delete_then_add, 2)
    lab.result("control: hops of source routes: the time between is noticed",
               [] if seen["leaked"] else [f"{seen}"])
    lab.result("commits: no packet's hops are judged by two policies",
               unnoticed(commits_under_flood(lab, policies)))


def counters(lab):
    """What is dropped when an entry begins to count is counted there, too."""
    sources = [f"198.51.100.{number}" for number in range(10, 40)]
    lost = []
    for _ in range(4):
        lab.policy("optout 192.0.2.1\n")
        lab.moved()
        flood = start_flood(lab, [(mail(4, src, "foreign"), "any")
                                  for src in sources])
        lab.policy("".join(f"pool {src}\n" for src in sources))
        flood.goes_round()
        flood.end()
        dropped = lab.moved()["drop_pool"]
        counted = sum(entry["packets"] for entry in lab.json("list"))
        lost.append(dropped - counted)
    lab.result("no packet is missing in the entries' counters",
               [] if not any(lost) else [f"{lost}"])


def main():
    lab = Lab(13)
    entries(lab, Policies(LINES))
    settings(lab)
    own_actions(lab)
    hops(lab)
    counters(lab)
    lab.finish()


if __name__ == "__main__":
    main()
