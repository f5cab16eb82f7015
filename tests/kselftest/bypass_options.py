#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Mail behind IPv4 options of every length, source routes through a relay and
through the router itself, odd TCP flags, wrong checksums and lengths, IPsec's
authentication header.

The server is the relay, too, and follows source routes: mail to the relay's
address that names "foreign" as its next hop really arrives there.
"""

import select
import socket
import struct

from scapy.layers.inet import (IPOption_LSRR, IPOption_NOP, IPOption_RR,
                               IPOption_Router_Alert, IPOption_SSRR)
from scapy.packet import Raw

from lib.bypass import (ANYBODY, ARRIVES, BLOCKED, DATA, DISCARDED, REFUSED,
                        SEEN, BypassLab, Segment, name_to_text)
from lib.packet import (ACK, FIN, PATIENCE, PSH, RST, SYN, UDP, Packet,
                        enter_netns, udp)

URG, ECE, CWR = 32, 64, 128
ROUTER = "198.51.100.1"


def with_options(*options):
    return lambda segment: [segment.whole(options=list(options))]


# ---- options ----

def option_cases(lab):
    def case(name, disguise, reach=ARRIVES, **more):
        lab.case(f"options: {name}", 4, disguise, reach, **more)

    for length in range(4, 41, 4):
        case(f"{length} bytes of no operation",
             with_options(*[IPOption_NOP()] * length))
        case(f"{length} bytes after an end of options",
             with_options(Raw(bytes(length))))
    for length in range(2, 41):
        case(f"an unknown one of {length} bytes",
             with_options(Raw(bytes([30, length]) + bytes(length - 2))))
    case("router alert", with_options(IPOption_Router_Alert()))
    for length in (0, 1, 5):
        case(f"record route of {length} bytes",
             with_options(Raw(bytes([7, length, 4, 0]))), REFUSED)
    case("cut off", with_options(Raw(b"\1\1\1\7")), REFUSED)


def recording_cases(lab):
    """The router, too, has to write its address into these."""
    lab.untouched = False
    lab.case("options: record route", 4, with_options(
        IPOption_RR(routers=["0.0.0.0"] * 3, pointer=4)), ARRIVES)
    lab.case("options: timestamp", 4, with_options(
        Raw(bytes([68, 12, 5, 0]) + bytes(8))), ARRIVES)
    lab.case("options: a full timestamp", 4, with_options(
        Raw(bytes([68, 8, 9, 0]) + bytes(4))), ARRIVES)
    lab.untouched = True


# ---- source routes ----

# A strict source route wants a next hop that is on the same link.
ROUTER_LINKS = """
route add 203.0.113.2 dev srv
route add 203.0.113.25 dev srv
route add 192.0.2.25 dev srv
route add 198.51.100.128 dev sub
neigh add 203.0.113.25 lladdr 02:25:00:00:02:02 dev srv
neigh add 192.0.2.25 lladdr 02:25:00:00:02:02 dev srv
neigh add 198.51.100.128 lladdr 02:25:00:00:01:02 dev sub
"""
SERVER_LINKS = """
route add 198.51.100.128 dev eth0
neigh add 198.51.100.128 lladdr 02:25:00:00:02:01 dev eth0
"""


def follow_source_routes(lab):
    enter_netns(lab.netns("server"))
    lab.run("sysctl", "-qw", "net.ipv4.conf.all.accept_source_route=1",
            "net.ipv4.conf.eth0.accept_source_route=1")
    lab.run("ip", "-batch", "-", text=SERVER_LINKS)
    enter_netns(lab.netns("router"))
    lab.run("ip", "-batch", "-", text=ROUTER_LINKS)


def source_route_cases(lab):
    follow_source_routes(lab)
    foreign = name_to_text(4, "foreign")
    relay = name_to_text(4, "relay")
    for name, kind in (("loose", IPOption_LSRR), ("strict", IPOption_SSRR)):
        # A strict one has to name the router, too.
        passing_by = ARRIVES if name == "loose" else REFUSED

        def case(words, options, reach, name=name, **more):
            lab.case(f"{name} source route {words}", 4,
                     with_options(*options), reach, **more)

        case("through a relay", [kind(routers=[foreign])], passing_by,
             dst="relay", final="foreign")
        case("through a relay, twice",
             [kind(routers=[relay, foreign])], passing_by,
             dst="relay", final="foreign")
        case("through a relay, behind other options",
             [IPOption_NOP(), IPOption_Router_Alert(), kind(routers=[foreign])],
             passing_by, dst="relay", final="foreign")
        case("through another host", [kind(routers=[foreign])], passing_by,
             dst="server", final="foreign")
        # The answer takes the same way back, which begins at "foreign".
        case("that is at its end", [kind(routers=[foreign], pointer=8)],
             SEEN if name == "loose" else REFUSED)
        case("that is given twice",
             [kind(routers=[foreign]), kind(routers=[foreign])], REFUSED,
             dst="relay", final="foreign")
        lab.untouched = False		# the router writes its address
        case("through the router", [kind(routers=[foreign])], ARRIVES,
             dst=ROUTER, final="foreign")
        case("through the router and a relay",
             [kind(routers=[relay, foreign])], ARRIVES,
             dst=ROUTER, final="foreign")
        lab.untouched = True


# ---- authentication headers ----

def authenticated(segment, *, count=1, length=None):
    """
    IPsec's authentication header (RFC 4302) in transport mode: what follows can
    be read. The security association has no key, so that any host can do it.
    """
    spi = SPI[segment.src]
    following, body = 6, segment.body
    for _ in range(count):
        header = struct.pack("!BBHII4x", following, 2, 0, spi, 1)
        following, body = AH, header + body
    if segment.family == 4:
        return bytes(segment.ip(proto=AH) / Raw(body[:length]))
    return bytes(segment.ip(nh=AH) / Raw(body[:length]))


def in_fragments(segment):
    """IPv4, cut in the middle of the ports."""
    body = struct.pack("!BBHII4x", 6, 2, 0, SPI[segment.src], 1) + segment.body
    return [bytes(segment.ip(proto=AH, flags=1) / Raw(body[:24])),
            bytes(segment.ip(proto=AH, frag=3) / Raw(body[24:]))]


AH = 51
SPI = {name_to_text(family, name): spi for family in (4, 6)
       for name, spi in ((ANYBODY, 257), (BLOCKED, 258))}


def associate(lab):
    """The server accepts what is authenticated."""
    for family in (4, 6):
        for name in (ANYBODY, BLOCKED):
            lab.run("ip", "-n", lab.netns("server"), "xfrm", "state", "add",
                    "src", name_to_text(family, name),
                    "dst", name_to_text(family, "foreign"), "proto", "ah",
                    "spi", str(SPI[name_to_text(family, name)]),
                    "mode", "transport", "auth", "digest_null", "")


DEPTH = 6			# XFRM_MAX_DEPTH: of so many headers in headers


class Authenticated:
    """
    Waits until the server has handed on all that it has checked: it does so
    later, header by header, first come first served. So there is a sentinel for
    each header, that goes when the one before has arrived.
    """

    def __init__(self, lab):
        self.lab = lab
        enter_netns(lab.netns("server"))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((name_to_text(4, "foreign"), 9))
        enter_netns(lab.netns("router"))
        self.socket.settimeout(PATIENCE)

    def settle(self):
        src, dst = (name_to_text(4, name) for name in (ANYBODY, "foreign"))
        while select.select([self.socket], [], [], 0)[0]:
            self.socket.recv(100)
        for number in range(DEPTH + 1):
            data = struct.pack("!I", number)
            header = struct.pack("!BBHII4x", UDP, 2, 0, SPI[src], 1)
            self.lab.hosts["subscriber"].send(
                Packet(4, src, dst, AH, header + udp(9, 9, data)))
            while self.socket.recv(100) != data:
                pass


def authentication_cases(lab):
    associate(lab)
    lab.settle = Authenticated(lab).settle
    for family in (4, 6):
        def case(name, disguise, reach, family=family):
            lab.case(f"AH: {name}", family, disguise, reach)

        case("authenticated", lambda segment: [authenticated(segment)],
             ARRIVES)
        case("authenticated twice", lambda segment: [
            authenticated(segment, count=2)], ARRIVES)
        case("authenticated eighty times", lambda segment: [
            authenticated(segment, count=80)], DISCARDED)
        for length, reach in ((1, DISCARDED), (11, DISCARDED), (16, SEEN),
                              (19, SEEN)):
            case(f"cut after {length} bytes", lambda segment, length=length: [
                authenticated(segment, length=length)], reach)
    lab.case("AH: in fragments", 4, in_fragments, ARRIVES)
    lab.settle = lambda: None


# ---- TCP ----

def flag_cases(lab):
    """
    None of these opens a connection, so only the blocked subscriber's half of
    the result tells much; the other is that TCP sees the segment.
    """
    names = {FIN: "FIN", SYN | FIN: "SYN and FIN", RST: "RST", 0: "none",
             FIN | URG | PSH: "FIN, URG, PSH", ACK: "ACK", 255: "all",
             SYN | RST: "SYN and RST", FIN | ACK: "FIN and ACK"}
    for flags, name in names.items():
        def disguise(segment, flags=flags):
            arguments = list(segment.arguments)
            arguments[5] = flags
            return [Segment(*arguments).whole()]
        for family in (4, 6):
            lab.case(f"flags: {name}", family, disguise, SEEN)


def plain(segment):
    return [segment.whole()]


def tcp_cases(lab):
    def patched(offset, value):
        def disguise(segment):
            body = segment.body
            segment.body = body[:offset] + value + body[offset + len(value):]
            return [segment.whole()]
        return disguise

    for family in (4, 6):
        def case(name, *rest, family=family, **more):
            lab.case(f"TCP: {name}", family, *rest, **more)

        case("as it should be", plain, ARRIVES)
        case("data in the SYN", plain, ARRIVES, syn_data=DATA)
        case("a wrong checksum", patched(16, b"\x25\x25"), SEEN)
        case("a checksum of zero", patched(16, b"\0\0"), SEEN)
        case("a header that is said to be short", patched(12, b"\x10"), SEEN)
        case("a header that is said to be long", patched(12, b"\xf0"), SEEN)
        case("cut inside its header",
             lambda segment: [segment.piece(0, 12, more=False)], SEEN)


# ---- IPv4 and IPv6 headers ----

def ecn_and_others(segment):
    if segment.family == 4:
        return [segment.whole(tos=0xFF)]
    return [segment.whole(tc=0xFF)]


def longer_frame(segment):
    return [segment.whole() + b"\x25" * 40]


def header_checksum(segment):
    return [segment.whole(chksum=0x2525)]


def total_length(change):
    """IPv4 with another total length, and its header's checksum right."""
    def disguise(segment):
        whole = segment.whole()
        return [segment.whole(len=len(whole) + change)]
    return disguise


def payload_length(change):
    def disguise(segment):
        return [segment.whole(plen=len(segment.body) + change)]
    return disguise


def header_length(words):
    return lambda segment: [segment.whole(ihl=words)]


def version(number):
    return lambda segment: [segment.whole(version=number)]


def length_cases(lab):
    for family, length in ((4, total_length), (6, payload_length)):
        def case(name, *rest, family=family):
            lab.case(f"IP: {name}", family, *rest)

        case("all bits of the traffic class", ecn_and_others, ARRIVES)
        case("bytes behind its end", longer_frame, ARRIVES)
        case("longer than its frame", length(1), REFUSED)
        case("one byte shorter than its segment", length(-1), SEEN)
        case("a hop limit of 255", lambda segment: [
            segment.whole(**{"ttl" if segment.family == 4 else "hlim": 255})],
             ARRIVES)
    lab.case("IP: a wrong checksum", 4, header_checksum, REFUSED)
    lab.case("IP: a header that is said to be short", 4, header_length(4),
             REFUSED)
    for words in (6, 10, 15):
        lab.case(f"IP: a header of {words} words that has only 5", 4,
                 header_length(words), REFUSED)


def main():
    lab = BypassLab(147)
    option_cases(lab)
    recording_cases(lab)
    source_route_cases(lab)
    authentication_cases(lab)
    flag_cases(lab)
    tcp_cases(lab)
    length_cases(lab)
    lab.finish()


if __name__ == "__main__":
    main()
