#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What becomes of the resets that "reject" answers with: those that leave the router
and those that can't are counted apart, whatever it is that keeps them.
"""

import os
import subprocess

from lib.bridge import BRIDGE, BridgedHost, bridge_missing
from lib.packet import (ACK, NAMES, RST, Lab, enter_netns, is_reset, mail)

FAMILIES = (4, 6)
POLICY = """
    action reject
    pool {wide}
"""
SENT, UNSENT, UNSEEN = "reset_sent", "reset_unsent", None


def broken(packet):
    """With a wrong checksum of TCP."""
    packet.bytes = packet.bytes[:-4] + bytes([packet.bytes[-4] ^ 1]) + \
        packet.bytes[-3:]
    return packet


def try_mail(lab, name, counter, answers=1, make=lambda packet: packet,
             **fields):
    """A blocked mail's reset: is it counted as that, and does it come?"""
    for family in FAMILIES:
        lab.moved()
        _, back = lab.cross([make(mail(family, "in_wide", "foreign",
                                       **fields))])
        want = {"reject_pool": 1, **({counter: 1} if counter else {})}
        resets = sum(bool(is_reset(frame)) for frame in back)
        problems = [] if resets == answers else [f"{resets} resets"]
        if (moved := lab.moved()) != want:
            problems.append(f"counters: {moved}, not {want}")
        lab.result(f"IPv{family}: {name}", problems)


# ---- a firewall ----

CHAIN = """
table inet firewall {{
    chain out {{
        type filter hook {hook} priority {priority}; policy accept;
        {rule}
    }}
}}
"""

# What is refused by an ICMP error is not sent, though that error may be.
REFUSALS = [
    ("an output chain drops it", "output", "filter", "meta l4proto tcp drop"),
    ("an output chain refuses it", "output", "filter",
     "tcp flags rst reject with icmpx admin-prohibited"),
    ("a chain behind most others drops it", "output", "2147483646",
     "tcp flags rst drop"),
    ("a postrouting chain drops it", "postrouting", "filter",
     "tcp flags rst drop"),
]


def firewalls(lab):
    for name, hook, priority, rule in REFUSALS:
        lab.run("nft", "-f", "-", text=CHAIN.format(
            hook=hook, priority=priority, rule=rule))
        try_mail(lab, f"{name}: unsent", UNSENT, 0)
        lab.run("nft", "delete", "table", "inet", "firewall")
    lab.run("nft", "-f", "-", text=CHAIN.format(
        hook="output", priority="filter", rule="ct state new,untracked accept"))
    try_mail(lab, "with connection tracking: sent", SENT)
    lab.run("nft", "delete", "table", "inet", "firewall")


# ---- routes ----

def no_route(lab):
    for verb, counter, answers in (("add", UNSENT, 0), ("del", SENT, 1)):
        for family in FAMILIES:
            lab.run("ip", f"-{family}", "route", verb, "unreachable",
                    NAMES[family]["in_wide"])
        try_mail(lab, f"the way back is unreachable, {verb}: {counter}",
                 counter, answers)


# The subscriber's side is in a VRF, which knows the way to the server.
VRF = """
link set vrf25 up
link set sub master vrf25
addr add 198.51.100.1/32 dev sub
addr add fe80::1/64 dev sub nodad
neigh replace 198.51.100.2 lladdr 02:25:00:00:01:02 dev sub
neigh replace fe80::2 lladdr 02:25:00:00:01:02 dev sub
route add 198.51.100.0/24 via 198.51.100.2 dev sub onlink table 25
route add 2001:db8:100::/48 via fe80::2 dev sub table 25
route add 203.0.113.0/24 via 203.0.113.2 dev srv onlink table 25
route add 2001:db8:203::/48 via fe80::2 dev srv table 25
"""
# And the server's side knows the way back.
LEAK = """
route add 198.51.100.0/24 via 198.51.100.2 dev sub onlink
route add 2001:db8:100::/48 via fe80::2 dev sub
"""


def vrf(lab):
    """A reset is routed where its packet would have gone out."""
    lab.run("ip", "link", "add", "vrf25", "type", "vrf", "table", "25")
    subprocess.run(["ip", "-force", "-batch", "-"], input=VRF, text=True,
                   stderr=subprocess.DEVNULL, check=False)
    # The last packet of a crossing has to come through here, too.
    sentinel = """
        route add 198.51.100.128/32 via 198.51.100.2 dev sub onlink
    """
    lab.run("ip", "-batch", "-", text=sentinel)
    try_mail(lab, "from a VRF, no way back into it: unsent", UNSENT, 0)
    lab.run("ip", "-batch", "-", text=LEAK)
    try_mail(lab, "from a VRF, with a way back: sent", SENT)
    lab.run("nft", "-f", "-", text=CHAIN.format(
        hook="output", priority="filter",
        rule="oifname sub meta l4proto tcp drop"))
    try_mail(lab, "the same, dropped behind the VRF: unsent", UNSENT, 0)
    lab.run("nft", "delete", "table", "inet", "firewall")
    lab.run("ip", "link", "del", "vrf25")


# ---- a bridge ----

def bridge(lab):
    name = "across a bridge: neither, though it comes"
    if reason := bridge_missing(lab):
        for family in FAMILIES:
            lab.skip(f"IPv{family}: {name}", reason)
        return
    lab.run("ip", "-batch", "-", text=BRIDGE)
    lab.hosts = {"subscriber": BridgedHost(lab.netns("subscriber"), 1, 2),
                 "server": BridgedHost(lab.netns("server"), 2, 1)}
    enter_netns(lab.netns("router"))
    lab.run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1",
            "net.bridge.bridge-nf-call-ip6tables=1")
    lab.run("ip", "-batch", "-", text="""
        route replace 198.51.100.0/24 dev br0
        route replace 2001:db8:100::/48 dev br0
    """)
    try_mail(lab, name, UNSEEN)


# ---- the hooks that look for it ----

def hooks_return(lab):
    """They are there whenever packets may be rejected, whatever was before."""
    lab.p25ctl("set", "action", "drop")
    lab.p25ctl("set", "action", "reject")
    try_mail(lab, "reject, after drop: sent", SENT)
    lab.p25ctl("pool", "flush")
    lab.p25ctl("pool", "add", *(NAMES[family]["wide"] for family in FAMILIES))
    try_mail(lab, "reject, after there was no source: sent", SENT)
    lab.p25ctl("pool", "flush")
    lab.p25ctl("set", "action", "drop")
    lab.policy(POLICY)
    try_mail(lab, "reject, after neither: sent", SENT)


def main():
    had_bridge = os.path.exists("/proc/sys/net/bridge")
    per_family = 1 + 2 + 3 + len(REFUSALS) + 1 + 2 + 3 + 1
    lab = Lab(len(FAMILIES) * per_family)
    lab.policy(POLICY)
    try_mail(lab, "nothing is in its way: sent", SENT)
    try_mail(lab, "a reset is not answered: unsent", UNSENT, 0,
             flags=RST | ACK)
    try_mail(lab, "nor what has a wrong checksum: unsent", UNSENT, 0, broken,
             data=b"EHLO")
    hooks_return(lab)
    firewalls(lab)
    no_route(lab)
    vrf(lab)
    bridge(lab)
    if not had_bridge:
        lab.leave()
        lab.run("modprobe", "-rq", "br_netfilter")
    lab.finish()


if __name__ == "__main__":
    main()
