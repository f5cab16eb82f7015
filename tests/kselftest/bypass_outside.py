#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What is out of reach by design (Documentation/design.rst, "Out of scope"), so
that it isn't taken for a promise: mail in tunnels that another host opens, and
flows in a flowtable. Each time mail of a blocked subscriber does arrive, and no
counter moves; and each time what the documentation advises helps.

Tunnels that end on the router are within reach: p25 sees what comes out.
"""

import os

from scapy.layers.inet import IP
from scapy.layers.l2 import GRE
from scapy.packet import Raw

from lib.bypass import (BLOCKED, DATA, NO_BLOCK, POLICY, BypassLab, Client,
                        name_to_text)
from lib.packet import enter_netns

FAMILIES = (4, 6)
PROTOCOL = {4: 4, 6: 41}
ETHERTYPE = {4: 0x0800, 6: 0x86DD}
SERVER, ROUTER = "203.0.113.2", "198.51.100.1"


# ---- tunnels ----

def in_ip(end):
    """IP in IPv4: ipip and sit."""
    def disguise(segment):
        return [bytes(IP(src=name_to_text(4, BLOCKED), dst=end,
                         proto=PROTOCOL[segment.family]) /
                      Raw(segment.whole()))]
    return disguise


def in_gre(end):
    def disguise(segment):
        return [bytes(IP(src=name_to_text(4, BLOCKED), dst=end, proto=47) /
                      GRE(proto=ETHERTYPE[segment.family]) /
                      Raw(segment.whole()))]
    return disguise


TUNNELS = """
link add ipip25 type ipip local {end} remote any
link add sit25 type sit local {end} remote any
link add gre25 type gre local {end} remote any
link set ipip25 up
link set sit25 up
link set gre25 up
"""


def tunnels(lab):
    rows = [("ipip", (4,), in_ip), ("sit", (6,), in_ip),
            ("GRE", FAMILIES, in_gre)]
    for netns, end in (("server", SERVER), ("router", ROUTER)):
        enter_netns(lab.netns(netns))
        lab.run("ip", "-batch", "-", text=TUNNELS.format(end=end))
    enter_netns(lab.netns("router"))
    for name, families, tunnel in rows:
        for family in families:
            lab.moved()
            problems = lab.gets_through(family, tunnel(SERVER))
            if moved := lab.moved():
                problems.append(f"counters moved: {moved}")
            lab.result(f"IPv{family}: {name} to the server: out of reach",
                       problems)
            before = lab.stack.segments()
            lab.transmit(tunnel(ROUTER)(lab.victims[family].data()))
            moved = lab.moved()
            lab.result(f"IPv{family}: {name} to the router: blocked",
                       [] if moved.get("drop_pool") == 1 and
                       lab.stack.segments() == before else [f"{moved}"])


# ---- flowtables ----

FLOWTABLE = """
table inet flows {{
    flowtable fast {{
        hook ingress priority filter
        devices = {{ sub, srv }}
    }}
    chain fast_path {{
        {before}
        meta l4proto tcp flow add @fast
    }}
    chain forward {{
        type filter hook forward priority filter; policy accept;
        jump fast_path
    }}
}}
"""

# Two rules: nft 1.0.6 makes "tcp dport != 25 tcp sport != 25" in one rule a
# single comparison of both ports, which is true unless both are 25.
ADVICE = "tcp dport 25 return; tcp sport 25 return"
FLOW_TIMEOUT = "/proc/sys/net/netfilter/nf_flowtable_tcp_timeout"


def flowtable(lab, family, before):
    """
    Opens a connection of the subscriber's, blocks it, and sends more on it.
    Returns what arrives, and the counters that move.
    """
    lab.policy(NO_BLOCK)
    lab.run("nft", "-f", "-", text=FLOWTABLE.format(before=before))
    # A flow leaves it when no packet comes for so long, 30 seconds otherwise.
    if os.path.exists(FLOW_TIMEOUT):
        with open(FLOW_TIMEOUT, "w", encoding="ascii") as file:
            file.write("3600")
    client = Client(lab, family, BLOCKED, "foreign").open()
    for _ in range(2):
        lab.transmit([client.data().whole()])
        if lab.stack.read().get(client.peer) != DATA:
            raise RuntimeError("the connection doesn't work")
        client.seq += len(DATA)
    lab.policy(POLICY)
    lab.moved()
    lab.transmit([client.data().whole()])
    got = lab.stack.read().get(client.peer)
    moved = lab.moved()
    lab.stack.close(client.peer)
    lab.run("nft", "delete", "table", "inet", "flows")
    return got, moved


def flowtables(lab):
    for family in FAMILIES:
        got, moved = flowtable(lab, family, "")
        lab.result(f"IPv{family}: a flow in a flowtable: out of reach",
                   [] if got == DATA and not moved else [f"{got}, {moved}"])
        got, moved = flowtable(lab, family, ADVICE)
        lab.result(f"IPv{family}: mail kept out of the flowtable: blocked",
                   [] if not got and moved == {"drop_pool": 1} else
                   [f"{got}, {moved}"])


def main():
    lab = BypassLab(2 * 4 + 2 * 2 + 2)
    tunnels(lab)
    flowtables(lab)
    lab.finish()


if __name__ == "__main__":
    main()
