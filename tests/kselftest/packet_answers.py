#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What becomes of the answers that senders get, resets under "reject" and ICMP errors
under "prohibit": those that leave the router and those that can't are counted apart,
whatever it is that keeps them; and they go where the sender is.
"""

import errno
import os
import socket
import subprocess

from lib.bridge import BRIDGE, BridgedHost, bridge_missing
from lib.packet import (ACK, ICMP, ICMPV6, NAMES, PATIENCE, RST, Lab,
                        enter_netns, is_reset, mail, number_of, wait_for_link)

FAMILIES = (4, 6)


def is_error(frame, packet):
    """
    Is this frame "communication administratively prohibited", and does it quote the
    packet?
    """
    if frame[12:14] == b"\x08\x00":
        found = frame[23] == ICMP and frame[34:36] == bytes([3, 13])
        quoted = frame[42:]
    else:
        found = frame[12:14] == b"\x86\xdd" and frame[20] == ICMPV6 and \
            frame[54:56] == bytes([1, 1])
        quoted = frame[62:]
    return found and number_of(frame[:14] + quoted) == packet.number


class Resets:
    """How "reject" answers."""
    action = "reject"
    sent, unsent = "reset_sent", "reset_unsent"
    rules = ["tcp sport 25 tcp flags rst"]
    on_a_bridge = None          # the counter of those across one
    refused = {4: errno.ECONNREFUSED, 6: errno.ECONNREFUSED}

    @staticmethod
    def answers(frame, _packet):
        return bool(is_reset(frame))


class Errors:
    """How "prohibit" does."""
    action = "prohibit"
    sent, unsent = "unreachable_sent", "unreachable_unsent"
    rules = ["icmp type destination-unreachable",
             "icmpv6 type destination-unreachable"]
    on_a_bridge = sent
    refused = {4: errno.EHOSTUNREACH, 6: errno.EACCES}

    @staticmethod
    def answers(frame, packet):
        return is_error(frame, packet)


def policy(lab, how, *more):
    lab.policy("\n".join([f"action {how.action}", "pool {wide}", *more]))


def broken(packet):
    """With a wrong checksum of TCP."""
    packet.bytes = packet.bytes[:-4] + bytes([packet.bytes[-4] ^ 1]) + \
        packet.bytes[-3:]
    return packet


def try_mail(lab, how, name, counter, answers=1, make=lambda packet: packet,
             families=FAMILIES, **fields):
    """
    A blocked mail's answer: is it counted as that, does it come, and does none
    come out at the server's side?
    """
    for family in families:
        lab.moved()
        packet = make(mail(family, "in_wide", "foreign", **fields))
        near, far = lab.ends("subscriber")
        near.captured()
        far.captured()
        near.send(packet)
        out = lab.arrivals("subscriber")
        got = sum(how.answers(frame, packet) for frame in near.captured())
        strays = sum(how.answers(frame, packet) for frame in out)
        want = {f"{how.action}_pool": 1, **({counter: 1} if counter else {})}
        problems = [] if got == answers else [f"{got} answers"]
        if strays:
            problems.append(f"{strays} answers at the server's side")
        if (moved := lab.moved()) != want:
            problems.append(f"counters: {moved}, not {want}")
        lab.result(f"IPv{family}: {how.action}: {name}", problems)


# ---- what is not answered ----

def not_answered(lab, how):
    try_mail(lab, how, "nothing is in its way: sent", how.sent)
    try_mail(lab, how, "what has a wrong checksum is not answered: unsent",
             how.unsent, 0, broken, data=b"EHLO")
    if how is Resets:
        try_mail(lab, how, "nor is a reset: unsent", how.unsent, 0,
                 flags=RST | ACK)


# ---- real programs ----

SOCKET_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}


def connecting(lab, family):
    """What connect() to port 25 says to a program."""
    enter_netns(lab.netns("subscriber"))
    client = socket.socket(SOCKET_FAMILY[family])
    enter_netns(lab.netns("router"))
    client.settimeout(PATIENCE)
    with client:
        return client.connect_ex((NAMES[family]["server"], 25))


def programs(lab, how):
    for family in FAMILIES:
        error = connecting(lab, family)
        lab.result(f"IPv{family}: {how.action}: connect() fails at once",
                   [] if error == how.refused[family] else
                   [os.strerror(error)])


# ---- the kernel's limit of ICMP errors ----

BURST = 40


def set_limit(lab, value):
    lab.run("sysctl", "-qw", f"net.ipv4.icmp_ratelimit={value}",
            f"net.ipv6.icmp.ratelimit={value}")


def rate_limit(lab):
    """
    Of many at once, some are answered; the others are counted as not. The kernel's
    limit allows six at once, and then one in as many milliseconds.
    """
    set_limit(lab, 10000)
    for family in FAMILIES:
        # A sender that has had no answer yet.
        packets = [mail(family, "wide_last", "foreign", sport=1000 + i)
                   for i in range(BURST)]
        lab.moved()
        _, back = lab.cross(packets)
        got = sum(is_error(frame, packet) for frame in back
                  for packet in packets)
        want = {"prohibit_pool": BURST, Errors.sent: got,
                Errors.unsent: BURST - got}
        moved = lab.moved()
        problems = [] if 0 < got < BURST / 2 else [f"{got} errors"]
        if moved != want:
            problems.append(f"counters: {moved}, not {want}")
        lab.result(f"IPv{family}: prohibit: the kernel limits errors",
                   problems)
    set_limit(lab, 0)


# ---- a firewall ----

CHAIN = """
table inet firewall {{
    chain out {{
        type filter hook {hook} priority {priority}; policy {policy};
        {rules}
    }}
}}
"""

# What is refused by an ICMP error is not sent, though that error may be.
REFUSALS = [
    ("an output chain drops it", "output", "filter", "drop"),
    ("an output chain refuses it", "output", "filter",
     "reject with icmpx admin-prohibited"),
    ("a chain behind most others drops it", "output", "2147483646", "drop"),
    ("a postrouting chain drops it", "postrouting", "filter", "drop"),
]


def with_chain(lab, rules, hook="output", priority="filter", policy="accept"):
    lab.run("nft", "-f", "-", text=CHAIN.format(
        hook=hook, priority=priority, policy=policy, rules="\n".join(rules)))


def without_chain(lab):
    lab.run("nft", "delete", "table", "inet", "firewall")


def firewalls(lab, how):
    for name, hook, priority, verdict in REFUSALS:
        with_chain(lab, [f"{rule} {verdict}" for rule in how.rules], hook,
                   priority)
        try_mail(lab, how, f"{name}: unsent", how.unsent, 0)
        without_chain(lab)
    with_chain(lab, ["ct state new,untracked,related accept"])
    try_mail(lab, how, "with connection tracking: sent", how.sent)
    without_chain(lab)


def closed_output(lab, how):
    """An output chain whose policy is drop, and what the manual says to add to it."""
    with_chain(lab, [], policy="drop")
    try_mail(lab, how, "the output chain's policy is drop: unsent", how.unsent,
             0)
    without_chain(lab)
    with_chain(lab, [f"{rule} accept" for rule in how.rules], policy="drop")
    try_mail(lab, how, "the same, but for the answers: sent", how.sent)
    without_chain(lab)
    with_chain(lab, ["ct state related accept"], policy="drop")
    try_mail(lab, how, "the same, but for what is related: sent", how.sent)
    without_chain(lab)


# ---- routes ----

def no_route(lab, how):
    for verb, counter, answers in (("add", how.unsent, 0),
                                   ("del", how.sent, 1)):
        for family in FAMILIES:
            lab.run("ip", f"-{family}", "route", verb, "unreachable",
                    NAMES[family]["in_wide"])
        try_mail(lab, how, f"the way back is unreachable, {verb}: {counter}",
                 counter, answers)


# ---- VRFs ----

def forced(commands):
    """Some of them fail if what they are about is there, or gone, already."""
    subprocess.run(["ip", "-force", "-batch", "-"], input=commands, text=True,
                   stderr=subprocess.DEVNULL, check=False)


# What a device that becomes part of a VRF, or ceases to be, loses by that.
SIDES = """
addr add fe80::1/64 dev {device} nodad
addr add {ipv4}.1/32 dev {device}
addr add {ipv6}::1/128 dev {device} nodad
neigh replace {ipv4}.2 lladdr 02:25:00:00:0{number}:02 dev {device}
neigh replace fe80::2 lladdr 02:25:00:00:0{number}:02 dev {device}
"""
SUBSCRIBER = {"device": "sub", "number": 1, "ipv4": "198.51.100",
              "ipv6": "2001:db8:100"}
SERVER = {"device": "srv", "number": 2, "ipv4": "203.0.113",
          "ipv6": "2001:db8:203"}

TO_SUBSCRIBER = """
route replace 198.51.100.0/24 via 198.51.100.2 dev sub onlink {table}
route replace 2001:db8:100::/48 via fe80::2 dev sub {table}
"""
TO_SERVER = """
route replace 203.0.113.0/24 via 203.0.113.2 dev srv onlink {table}
route replace 2001:db8:203::/48 via fe80::2 dev srv {table}
"""
# Another host has the same addresses there.
TO_OTHER = """
route replace 198.51.100.0/25 via 203.0.113.2 dev srv onlink {table}
route replace 2001:db8:100::/49 via fe80::2 dev srv {table}
"""
TO_NONE = """
route replace unreachable 198.51.100.0/25 {table}
route replace unreachable 2001:db8:100::/49 {table}
"""
VRF = "table 25"
# The last packets of a crossing have to come through here, too.
SENTINEL = """
route replace 198.51.100.128/32 via 198.51.100.2 dev sub onlink {table}
"""


def move(lab, side, where, *routes):
    """The device becomes part of a VRF, or leaves it; for that it goes down."""
    forced(f"link set {side['device']} {where}\n" + SIDES.format(**side) +
           "".join(routes))
    near, far = lab.ends("subscriber")
    wait_for_link(near, far, "subscriber")
    wait_for_link(far, near, "server")


def join(lab, side, *routes):
    move(lab, side, "master vrf25", *routes)


def leave(lab, side, *routes):
    move(lab, side, "nomaster", *routes)


def clear(*tables):
    for table in tables:
        forced(f"route del 198.51.100.0/25 {table}\n"
               f"route del 2001:db8:100::/49 {table}\n")


def vrfs(lab, how):
    lab.run("ip", "link", "add", "vrf25", "type", "vrf", "table", "25")
    lab.run("ip", "link", "set", "vrf25", "up")

    # The subscriber is in a VRF, the server outside of it.
    join(lab, SUBSCRIBER, TO_SUBSCRIBER.format(table=VRF),
         TO_SERVER.format(table=VRF), SENTINEL.format(table=""))
    try_mail(lab, how, "from a VRF to outside of it: sent", how.sent)
    forced(TO_OTHER.format(table=""))
    try_mail(lab, how, "the same, and a host outside has that address: sent",
             how.sent)
    with_chain(lab, ["oifname sub meta l4proto { tcp, icmp, icmpv6 } drop"])
    try_mail(lab, how, "the same, dropped behind the VRF: unsent", how.unsent,
             0)
    without_chain(lab)
    forced(TO_NONE.format(table=VRF))
    try_mail(lab, how, "the same, no way back into the VRF: unsent", how.unsent,
             0)
    clear(VRF, "")

    # Both are in it.
    join(lab, SERVER, TO_SERVER.format(table=VRF))
    try_mail(lab, how, "within a VRF: sent", how.sent)

    # The server is in a VRF, the subscriber outside of it.
    leave(lab, SUBSCRIBER, TO_SUBSCRIBER.format(table=""),
          TO_SERVER.format(table=""), TO_OTHER.format(table=VRF),
          SENTINEL.format(table=VRF))
    try_mail(lab, how, "from outside to a VRF: sent", how.sent)
    forced(TO_NONE.format(table=""))
    try_mail(lab, how, "the same, no way back: unsent", how.unsent, 0)
    clear(VRF, "")
    leave(lab, SERVER, TO_SERVER.format(table=""))
    lab.run("ip", "link", "del", "vrf25")
    try_mail(lab, how, "without a VRF, as before: sent", how.sent)


# ---- a bridge ----

def bridge(lab):
    names = {how: f"across a bridge: {how.on_a_bridge or 'not counted'}"
             for how in (Resets, Errors)}
    if reason := bridge_missing(lab):
        for how, name in names.items():
            for family in FAMILIES:
                lab.skip(f"IPv{family}: {how.action}: {name}", reason)
        return
    lab.run("ip", "-batch", "-", text=BRIDGE)
    lab.hosts = {"subscriber": BridgedHost(lab.netns("subscriber"), 1, 2),
                 "server": BridgedHost(lab.netns("server"), 2, 1)}
    enter_netns(lab.netns("router"))
    lab.run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1",
            "net.bridge.bridge-nf-call-ip6tables=1")
    # The router has a way to the senders, who are on its link.
    lab.run("ip", "-batch", "-", text="""
        route replace 198.51.100.0/24 dev br0
        route replace 2001:db8:100::/48 dev br0
    """ + "".join(f"""
        neigh replace {NAMES[family]["in_wide"]} dev br0 \
                lladdr 02:25:00:00:01:02
    """ for family in FAMILIES))
    for how, name in names.items():
        policy(lab, how)
        try_mail(lab, how, name, how.on_a_bridge)


# ---- the hooks that look for it ----

def hooks_return(lab, how):
    """They are there whenever packets may be answered, whatever was before."""
    lab.p25ctl("set", "action", "drop")
    lab.p25ctl("set", "action", how.action)
    try_mail(lab, how, "after drop: sent", how.sent)
    lab.p25ctl("pool", "flush")
    lab.p25ctl("pool", "add", *(NAMES[family]["wide"] for family in FAMILIES))
    try_mail(lab, how, "after there was no source: sent", how.sent)
    lab.p25ctl("pool", "flush")
    lab.p25ctl("set", "action", "drop")
    policy(lab, how)
    try_mail(lab, how, "after neither: sent", how.sent)


def own_action(lab, how):
    """The same if it is an entry's own, which comes, goes, and is changed."""
    prefixes = [NAMES[family]["wide"] for family in FAMILIES]

    lab.policy("pool {outside}")
    lab.p25ctl("pool", "add", *prefixes, "action", how.action)
    try_mail(lab, how, "an entry's own action: sent", how.sent)
    lab.p25ctl("pool", "add", *prefixes)
    lab.p25ctl("pool", "add", *prefixes, "action", how.action)
    try_mail(lab, how, "an entry's own action, given again: sent", how.sent)
    lab.p25ctl("pool", "del", *prefixes)
    lab.p25ctl("pool", "add", prefixes[0], "action", how.action)
    try_mail(lab, how, "one that is changed alone: sent", how.sent,
             families=[4])
    lab.p25ctl("pool", "flush")
    lab.policy("pool {outside}\n" + f"pool {{wide}} action {how.action}")
    try_mail(lab, how, "an entry's own action, from a file: sent", how.sent)


def main():
    had_bridge = os.path.exists("/proc/sys/net/bridge")
    per_family = 2 + 1 + 3 + 3 + len(REFUSALS) + 1 + 3 + 2 + 8 + 1
    lab = Lab(2 * len(FAMILIES) * per_family + len(FAMILIES) * 2 + 2)
    forced(SIDES.format(**SUBSCRIBER))
    set_limit(lab, 0)
    for how in (Resets, Errors):
        policy(lab, how)
        not_answered(lab, how)
        programs(lab, how)
        hooks_return(lab, how)
        own_action(lab, how)
        policy(lab, how)
        firewalls(lab, how)
        closed_output(lab, how)
        no_route(lab, how)
        vrfs(lab, how)
    rate_limit(lab)
    bridge(lab)
    lab.finish(remove=() if had_bridge else ("br_netfilter",))


if __name__ == "__main__":
    main()
