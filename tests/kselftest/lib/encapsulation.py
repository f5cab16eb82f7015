# SPDX-License-Identifier: GPL-2.0
"""
Ways of a frame to the router other than plain Ethernet, and what the bypass tests
try on each of them.
"""

from scapy.layers.inet6 import IPv6ExtHdrDestOpt, PadN
from scapy.layers.l2 import Ether
from scapy.layers.ppp import PPPoE
from scapy.packet import Raw

from lib.bypass import ARRIVES

FAMILIES = (4, 6)
SYN_DATA = bytes(20)


# ---- what is tried on each path ----

def plain(segment):
    return [segment.whole()]


def in_fragments(segment):
    return [segment.piece(0, 24), segment.piece(24)]


def behind_options(segment):
    """Six bytes of padding, or of IPv4's no operation."""
    if segment.family == 4:
        return [segment.whole(options=[Raw(bytes([1] * 8))])]
    return [bytes(segment.ip() / IPv6ExtHdrDestOpt(
        nh=6, options=[PadN(optdata=bytes(4))]) / Raw(segment.body))]


DISGUISES = {"plain": plain, "in fragments": in_fragments,
             "behind options": behind_options}


def path(lab, name, send=None, reach=ARRIVES):
    """Tries them; send is how a frame is sent there."""
    usual, lab.send = lab.send, send or lab.send
    for family in FAMILIES:
        for words, disguise in DISGUISES.items():
            lab.case(f"{name}: {words}", family, disguise, reach,
                     syn_data=SYN_DATA)
    lab.send = usual


# ---- VLANs ----

VLANS = """
link add link sub name vlan25 type vlan id 25
link add link sub name outer7 type vlan proto 802.1ad id 7
link add link outer7 name inner25 type vlan id 25
link set vlan25 up
link set outer7 up
link set inner25 up
"""
NO_VLANS = """
link del outer7
link del vlan25
"""


def tagged(lab, *tags):
    """Sends frames with these before what they carry."""
    def send(frame):
        ether = Ether(frame[:14])
        kind, ether.type = ether.type, tags[0][0]
        for (_, header), (following, _) in zip(tags, [*tags[1:], (kind, None)]):
            header = header.copy()
            header.type = following
            ether /= header
        lab.hosts["subscriber"].socket.send(bytes(ether / Raw(frame[14:])))
    return send


# ---- PPPoE (RFC 2516) ----

SESSION = 25
PPP = {b"\x08\x00": b"\x00\x21", b"\x86\xdd": b"\x00\x57"}
# RFC 2516, 7 advises against it; a receiver may understand it all the same.
PPP_COMPRESSED = {kind: number[1:] for kind, number in PPP.items()}


def pppoe(protocol, send):
    """Sends IP in a PPPoE session; protocol is PPP's number for it, as bytes."""
    def send_in_session(frame):
        number = protocol[frame[12:14]]
        send(bytes(Ether(frame[:12] + b"\x88\x64") / PPPoE(sessionid=SESSION) /
                   Raw(number + frame[14:])))
    return send_in_session
