#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Mail behind chains of IPv6 extension headers: any header, repeated, out of
order, up to the MTU, cut anywhere; fragments within fragments; routing headers
that go on from a relay, through segment routing that really carries them on.

What a chain is worth depends on the server, a Linux host: some are read, and
the data arrives; others are discarded there. No chain gets mail past p25.
"""

from scapy.layers.inet6 import (HBHOptUnknown, IPv6ExtHdrDestOpt,
                                IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
                                IPv6ExtHdrRouting, IPv6ExtHdrSegmentRouting,
                                Jumbo, PadN, RouterAlert)
from scapy.packet import Raw

from lib.bypass import (ARRIVES, DISCARDED, REFUSED, BypassLab,
                        name_to_text)
from lib.packet import (authentication_header, enter_netns, extend,
                        fragment_header, options_header, routing_header)

TCP, NO_NEXT = 6, 59
HOP, FRAGMENT, DESTINATION = 0, 44, 60
ROUTER = "2001:db8:100::1"
SYN_DATA = bytes(20)

# In Linux 7.2 a host discards what has more than twelve headers. A router
# doesn't, and others' hosts may be more patient.
PATIENCE = (ARRIVES, DISCARDED)


def chained(segment, *headers, length=None):
    """Headers of scapy's before TCP; the last says that TCP follows."""
    packet = segment.ip()
    for header in headers[:-1]:
        packet /= header
    last = headers[-1].copy()
    last.nh = TCP
    return bytes(packet / last / Raw(segment.body))[:length]


def behind(*headers):
    return lambda segment: [chained(segment, *headers)]


def pairs(segment, headers, length=None, protocol=TCP):
    """Headers that are pairs of number and bytes, cut after length bytes."""
    number, body = extend(headers, protocol, segment.body)
    return bytes(segment.ip(nh=number) / Raw(body[:length]))


def behind_pairs(*headers):
    return lambda segment: [pairs(segment, headers)]


# ---- whole chains ----

def simple_cases(case):
    hop = IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))])
    destination = IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])
    atomic = IPv6ExtHdrFragment()
    case("hop-by-hop options", behind(hop), ARRIVES)
    case("a router alert", behind(IPv6ExtHdrHopByHop(
        options=[RouterAlert()])), ARRIVES)
    case("destination options", behind(destination), ARRIVES)
    case("destination options that are to be skipped", behind(
        IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=30, optdata=b"25")])),
         ARRIVES)
    case("destination options that forbid themselves", behind(
        IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=94, optdata=b"25")])),
         DISCARDED)
    case("hop-by-hop options that forbid themselves", behind(
        IPv6ExtHdrHopByHop(options=[HBHOptUnknown(otype=94, optdata=b"25")])),
         REFUSED)
    case("an atomic fragment (RFC 6946)", behind(atomic), ARRIVES)
    case("hop-by-hop and destination options", behind(hop, destination),
         ARRIVES)
    case("options before and after an atomic fragment",
         behind(hop, destination, atomic, destination), ARRIVES)
    case("destination options, twice", behind(destination, destination),
         ARRIVES)
    case("hop-by-hop options, twice", behind(hop, hop), DISCARDED)
    case("hop-by-hop options behind others", behind(destination, hop),
         DISCARDED)
    case("two atomic fragments", behind(atomic, atomic), DISCARDED)
    case("authentication, which the server can't check",
         behind_pairs(authentication_header()), DISCARDED)
    case("everything out of order", behind_pairs(
        options_header(DESTINATION), fragment_header(), options_header(HOP),
        authentication_header(), routing_header(0, 0), fragment_header()),
         DISCARDED)
    for count, reach in ((2, ARRIVES), (8, ARRIVES), (8 * 20, PATIENCE)):
        case(f"{count} destination options", behind_pairs(
            *[options_header(DESTINATION)] * count), reach)
    case("destination options of 1,016 bytes", behind(IPv6ExtHdrDestOpt(
        options=[HBHOptUnknown(otype=30, optdata=bytes(251))] * 4)), ARRIVES)
    case("a chain that fills the MTU", behind_pairs(
        options_header(HOP), *[options_header(DESTINATION)] * 169), PATIENCE)
    case("no length, but hop-by-hop options (RFC 2675)",
         lambda segment: [pairs_without_length(segment)], ARRIVES)
    case("a jumbogram that is none", behind(IPv6ExtHdrHopByHop(
        options=[Jumbo(jumboplen=100)])), REFUSED)


def pairs_without_length(segment):
    packet = pairs(segment, [options_header(HOP)])
    return packet[:4] + b"\0\0" + packet[6:]


def unknown_cases(case):
    """Headers that may not be skipped: what follows them is no TCP."""
    for number, name in ((135, "mobility"), (139, "HIP"), (140, "shim6"),
                         (253, "experimental"), (254, "experimental, too"),
                         (143, "an unassigned number"),
                         (50, "ESP without a key")):
        case(f"unknown: {name}", behind_pairs(
            (number, bytes([0, 0]) + bytes(6))), DISCARDED)
    case("unknown: nothing follows", lambda segment: [
        pairs(segment, [options_header(DESTINATION)], protocol=NO_NEXT)],
         DISCARDED)
    case("unknown: nothing follows at all", lambda segment: [
        segment.whole(nh=NO_NEXT)], DISCARDED)


# ---- routing headers ----

def segment_routing(left, *names):
    """RFC 8754: the last segment is the first in the list."""
    return IPv6ExtHdrSegmentRouting(
        segleft=left, lastentry=len(names) - 1,
        addresses=[name_to_text(6, name) for name in names])


def follow_segments(lab):
    """The server and the router are segments' ends, and so is the relay."""
    for netns in (lab.netns("server"), lab.netns("router")):
        enter_netns(netns)
        lab.run("sysctl", "-qw", *(
            f"net.ipv6.conf.{device}.{name}=1"
            for device in ("all", "lo") + (("sub",) if netns.endswith("router")
                                           else ("eth0",))
            for name in ("seg6_enabled", "rpl_seg_enabled")))
    lab.run("ip", "addr", "add", ROUTER, "dev", "lo")


def routing_cases(lab):
    def case(name, disguise, reach, **more):
        lab.case(f"routing: {name}", 6, disguise, reach, **more)

    for kind in (0, 2, 3, 4, 253):
        reach = DISCARDED if kind in (2, 3, 4) else ARRIVES
        case(f"type {kind}, at its end", behind_pairs(
            routing_header(kind, 0)), reach)
        case(f"type {kind}, from a relay, by a host that knows no such",
             behind_pairs(routing_header(kind, 1)), DISCARDED, dst="relay",
             final="foreign")
    follow_segments(lab)
    on = segment_routing(1, "foreign", "relay")
    through_relay = {"dst": "relay", "final": "foreign"}
    case("segments at their end", behind(segment_routing(0, "foreign")),
         ARRIVES)
    case("segments through a relay", behind(on), ARRIVES, **through_relay)
    case("segments through a relay, twice", behind(
        segment_routing(2, "foreign", "relay", "relay")), ARRIVES,
         **through_relay)
    case("segments through another host", behind(on), ARRIVES, dst="server",
         final="foreign")
    case("segments through a relay, behind options", behind(
        IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))]),
        IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))]), on), ARRIVES,
         **through_relay)
    case("segments through a relay, behind a fragment header", behind(
        IPv6ExtHdrFragment(), on), ARRIVES, **through_relay)
    case("segments through a relay, behind ones at their end", behind(
        segment_routing(0, "relay"), on), ARRIVES, **through_relay)
    lab.untouched = False
    # The server writes into what has been captured, too.
    case("RPL's (RFC 6554) through a relay", behind(
        IPv6ExtHdrRouting(type=3, segleft=1,
                          addresses=[name_to_text(6, "foreign")])), ARRIVES,
         **through_relay)
    case("segments through the router", behind(
        segment_routing(1, "foreign", "relay")), ARRIVES, dst=ROUTER,
         final="foreign")
    case("segments through the router and a relay", behind(
        segment_routing(2, "foreign", "relay", "relay")), ARRIVES, dst=ROUTER,
         final="foreign")
    lab.untouched = True


# ---- chains cut in pieces ----

def fragments(segment, headers, cut):
    """
    What follows the fragment header, options included, in two fragments: cut
    after so many bytes.
    """
    protocol, body = extend(headers, TCP, segment.body)
    return [bytes(segment.ip() / IPv6ExtHdrFragment(
                nh=protocol, offset=begin // 8, m=more,
                id=segment.number) / Raw(piece))
            for begin, more, piece in ((0, 1, body[:cut]),
                                       (cut, 0, body[cut:]))]


def cut_cases(case):
    options = [options_header(DESTINATION)] * 3
    for cut in range(8, 8 * 7, 8):
        # Linux wants all of TCP's header in the first one if any TCP can be
        # there; if only options can, it doesn't mind: RFC 7112 would.
        reach = ARRIVES if cut < 24 or cut >= 48 else DISCARDED
        case(f"fragments: three options headers and TCP, cut after {cut} bytes",
             lambda segment, cut=cut: fragments(segment, options, cut), reach)
        case("fragments: the same, backwards",
             lambda segment, cut=cut: fragments(segment, options, cut)[::-1],
             reach)
    case("fragments: authentication and TCP, cut between", lambda segment:
         fragments(segment, [authentication_header()], 24), DISCARDED)
    case("fragments: segments and TCP, cut between", lambda segment:
         fragments(segment, [routing_header(4, 0)], 24), DISCARDED)
    chain = {"hop-by-hop options": options_header(HOP),
             "the fragment header": fragment_header(more=True),
             "destination options": options_header(DESTINATION, 16),
             "the routing header": routing_header(0, 0),
             "the authentication header": authentication_header()}
    parts = [(name, len(header)) for name, (_, header) in chain.items()]
    begin = 0
    for name, length in parts + [("TCP's ports", 4)]:
        # The router itself reads hop-by-hop options.
        case(f"a first fragment cut anywhere in {name}",
             lambda segment, begin=begin, end=begin + length: [
                 pairs(segment, list(chain.values()), cut)
                 for cut in range(begin, end)],
             DISCARDED if begin else REFUSED)
        begin += length


def nested_cases(case):
    """Fragments of what has a fragment header itself."""
    def inner_fragment(more):
        return [fragment_header(more=more)]

    for cut in (8, 16, 32):
        case(f"nested: a fragment in fragments, cut after {cut} bytes",
             lambda segment, cut=cut: fragments(segment, inner_fragment(True),
                                                cut), DISCARDED)
        case(f"nested: an atomic one in fragments, cut after {cut} bytes",
             lambda segment, cut=cut: fragments(segment, inner_fragment(False),
                                                cut), DISCARDED)

    def later_in_first(segment):
        """A first fragment whose inner header says that it is a later one."""
        inner = segment.piece(8)[40:]
        first = segment.piece(0, 8)[40:]
        return [bytes(segment.ip() / IPv6ExtHdrFragment(
                    nh=FRAGMENT, id=segment.number + number) / Raw(piece))
                for number, piece in enumerate((inner, first))]

    case("nested: fragments in atomic ones", later_in_first, DISCARDED)


def overlapping_cases(case):
    """
    Behind options, TCP's ports are not in the first eight bytes, so a later
    fragment could change them. A host must discard both (RFC 5722).
    """
    def rewritten(segment):
        options = [options_header(DESTINATION)]
        innocent = fragments(segment.to_port(587), options, 32)
        mail = bytes(segment.ip() / IPv6ExtHdrFragment(
            nh=DESTINATION, offset=1, m=0, id=segment.number) /
            Raw(segment.body))
        return [innocent[0], mail]

    case("overlap: ports behind options are rewritten", rewritten, DISCARDED,
         mixed=True)
    case("overlap: the same, backwards",
         lambda segment: rewritten(segment)[::-1], DISCARDED, mixed=True)


def main():
    lab = BypassLab(82)

    def case(name, disguise, reach, **more):
        lab.case(name, 6, disguise, reach, syn_data=SYN_DATA, **more)

    simple_cases(case)
    unknown_cases(case)
    cut_cases(case)
    nested_cases(case)
    overlapping_cases(case)
    routing_cases(lab)
    lab.finish()


if __name__ == "__main__":
    main()
