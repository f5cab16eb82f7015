#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Frames that cross a bridge unseen, although br_netfilter looks at all that it can:
IP where it doesn't look for it. A host on the far side may understand them. The
table that design.rst has against them stops them all, and nothing else.
"""

import os
import re
import struct

from lib.bridge import BRIDGE, BridgedHost, bridge_missing
from lib.bypass import ANYBODY, BLOCKED, BypassLab, Client
from lib.packet import enter_netns

FAMILIES = (4, 6)
DESIGN = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../Documentation/design.rst")
SWITCHES = ("call-iptables", "call-ip6tables", "filter-vlan-tagged",
            "filter-pppoe-tagged")


# ---- frames: what stands between the addresses and the packet ----

def tag(kind, vlan=0):
    """A VLAN tag of that type."""
    return struct.pack("!HH", kind, vlan)


def plain(packet):
    return bytes(kind_of(packet))


def kind_of(packet):
    return b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"


def snap(packet):
    """Length, LLC and SNAP in place of a type (RFC 1042)."""
    return struct.pack("!H", 8 + len(packet)) + \
        b"\xaa\xaa\x03\x00\x00\x00" + kind_of(packet)


def mpls(packet):
    """One label, the bottom of the stack."""
    return b"\x88\x47" + struct.pack("!I", 25 << 12 | 1 << 8 | 64)


def pppoe(protocol):
    def header(packet):
        number = protocol[packet[0] >> 4]
        return b"\x88\x64\x11\x00" + struct.pack("!HH", 25, len(number) +
                                                 len(packet)) + number
    return header


def behind(*tags, header=plain):
    return lambda packet: b"".join(tags) + header(packet)


PPP = {4: b"\x00\x21", 6: b"\x00\x57"}
COMPRESSED = {family: number[1:] for family, number in PPP.items()}
# A whole packet as a fragment of RFC 1990, and what RFC 1144 and 3241 compress.
MULTILINK = {family: b"\x00\x3d\xc0\x00\x00\x00" + number
             for family, number in PPP.items()}
HEADERS = {4: b"\x00\x2f", 6: b"\x00\x03"}
# LCP and IPCP; what they say is of no interest.
CONTROL = {4: b"\xc0\x21", 6: b"\x80\x21"}

# By which no header that br_netfilter knows is passed over.
UNSEEN = [
    ("LLC/SNAP", snap),
    ("LLC/SNAP in a VLAN", behind(tag(0x8100, 25), header=snap)),
    ("LLC/SNAP behind a priority tag", behind(tag(0x8100), header=snap)),
    ("a tag of type 0x9100", behind(tag(0x9100, 25))),
    ("MPLS", mpls),
    ("MPLS in a VLAN", behind(tag(0x8100, 25), header=mpls)),
    ("two priority tags", behind(tag(0x8100), tag(0x8100))),
    ("stacked VLANs", behind(tag(0x88a8, 7), tag(0x8100, 25))),
    ("PPPoE, PPP's protocol in one byte", pppoe(COMPRESSED)),
    ("the same in a VLAN", behind(tag(0x8100, 25), header=pppoe(COMPRESSED))),
    ("PPPoE, Multilink PPP", pppoe(MULTILINK)),
    ("PPPoE, compressed headers", pppoe(HEADERS)),
]
SEEN = [
    ("no tag", plain),
    ("a VLAN", behind(tag(0x8100, 25))),
    ("a priority tag", behind(tag(0x8100))),
    ("one tag of type 0x88a8", behind(tag(0x88a8, 7))),
    ("PPPoE", pppoe(PPP)),
    ("PPPoE in a VLAN", behind(tag(0x8100, 25), header=pppoe(PPP))),
]


# ---- trying them ----

def crosses(lab, family, src, header):
    """Does a SYN of src's come out at the other end as it went in?"""
    packet = Client(lab, family, src, "foreign").syn().whole()
    frame = header(packet) + packet
    lab.send = lambda usual: lab.hosts["subscriber"].socket.send(
        usual[:12] + (frame if usual.endswith(packet) else usual[12:]))
    frames, _ = lab.transmit([packet])
    # Where the device takes a tag off, it is not among what has come.
    return any(came[12:] == frame or came[12:] == frame[4:] for came in frames)


def try_all(lab, words, rows, blocked, anybody):
    """Who gets through: what is blocked, and what isn't?"""
    for name, header in rows:
        problems = []
        for family in FAMILIES:
            for src, wanted in ((BLOCKED, blocked), (ANYBODY, anybody)):
                lab.moved()
                came, moved = crosses(lab, family, src, header), lab.moved()
                if came != wanted:
                    problems.append(f"IPv{family} from {src}: {came}, {moved}")
                if wanted and src == BLOCKED and moved:
                    problems.append(f"IPv{family}: it is seen: {moved}")
        lab.result(f"{words}: {name}", problems)


def table(name):
    """A table for nft, as design.rst has it."""
    with open(DESIGN, encoding="utf-8") as file:
        return re.search(rf"^( +)table bridge {name} \{{\n(?:.*\n)*?\1\}}\n",
                         file.read(), re.MULTILINE)[0]


def with_table(lab, text, words, rows, blocked, anybody):
    lab.run("nft", "-f", "-", text=text)
    # What the advice adds must be listed, too: that is how a ruleset is saved.
    lab.run("nft", "list", "ruleset")
    try_all(lab, words, rows, blocked, anybody)
    lab.run("nft", "delete", "table", "bridge", "frames")


def set_up(lab):
    lab.run("ip", "-batch", "-", text=BRIDGE)
    lab.hosts["subscriber"] = BridgedHost(lab.netns("subscriber"), 1, 2)
    enter_netns(lab.netns("router"))
    lab.run("sysctl", "-qw", *(f"net.bridge.bridge-nf-{switch}=1"
                               for switch in SWITCHES))


def bridge(lab):
    set_up(lab)
    try_all(lab, "br_netfilter sees", SEEN, False, True)
    try_all(lab, "out of reach", UNSEEN, True, True)
    without = table("frames")
    with_table(lab, without, "the table stops", UNSEEN + SEEN[-2:], False,
               False)
    with_table(lab, without, "and lets pass what is seen", SEEN[:-2], False,
               True)
    with_pppoe = re.sub("(arp, 8021q, 8021ad|0x0806) }",
                        r"\1, 0x8863, 0x8864 }", without)
    with_table(lab, with_pppoe, "with PPPoE, it stops", UNSEEN, False, False)
    with_table(lab, with_pppoe, "and lets pass", SEEN, False, True)
    with_table(lab, with_pppoe, "and lets pass",
               [("what sets up PPPoE", pppoe(CONTROL))], True, True)


def main():
    had_bridge = os.path.exists("/proc/sys/net/bridge")
    count = 3 * len(SEEN) + 3 * len(UNSEEN) + 1
    lab = BypassLab(count + len(FAMILIES))
    if reason := bridge_missing(lab):
        for _ in range(count):
            lab.skip("a bridge", reason)
    else:
        bridge(lab)
    lab.send = lab.hosts["subscriber"].socket.send
    lab.finish(remove=() if had_bridge else ("br_netfilter",))


if __name__ == "__main__":
    main()
