#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Mail in fragments: tiny ones, ports split, fragments that overlap and disagree
about the port, in any order (RFC 1858, RFC 3128, RFC 5722); once as they are,
once with connection tracking in the router, which puts them together first.

The server is a Linux host, which throws away what overlaps. Others don't, so
what comes to it of a blocked subscriber's is also looked at as any stack could.
"""

from lib.bypass import (ARRIVES, DISCARDED, ELSEWHERE, REFUSED, SEEN,
                        BypassLab)

FAMILIES = (4, 6)


# What Linux wants in a first fragment: any eight bytes in IPv4, the whole TCP
# header in IPv6 (RFC 7112), which is 20 bytes.
SHORTEST_FIRST = {4: 8, 6: 24}
GIVEN_UP = "reassembly discards them"
SYN_DATA = bytes(20)		# so that there is something behind the header


def cut(*ends):
    """Fragments that end there; ends are multiples of 8."""
    def disguise(segment):
        begins = (0, *ends)
        return [segment.piece(begin, end)
                for begin, end in zip(begins, (*ends, None))]
    return disguise


def eights(segment):
    """As many fragments as there can be."""
    first = SHORTEST_FIRST[segment.family]
    return cut(*range(first, len(segment.body), 8))(segment)


def backwards(segment):
    return eights(segment)[::-1]


def doubled(segment):
    return [piece for piece in eights(segment) for _ in range(2)]


def twice(segment):
    return eights(segment) * 2


def shuffled(segment):
    pieces = eights(segment)
    return pieces[1::2] + pieces[::2]


def tiny(length):
    """A first fragment of so many bytes, and the rest from 8 on."""
    return lambda segment: [segment.piece(0, length), segment.piece(8)]


def tiny_split(length):
    """What is left of the first eight bytes is in the next fragment, at 8."""
    return lambda segment: [segment.piece(0, length),
                            segment.piece(length, at=8)]


def tiny_last(length):
    return lambda segment: [segment.piece(8), segment.piece(0, length)]


def tiny_alone(length):
    """A packet of so many bytes, which is no fragment."""
    return lambda segment: [segment.piece(0, length, more=False)]


def no_last(segment):
    """Fragments that never end."""
    return [segment.piece(0, 24), segment.piece(24, 32, more=True)]


def beyond(segment):
    """The last one would end beyond 65,535."""
    return [segment.piece(0, 24), segment.piece(24, at=8191 * 8)]


def same_cases(case, family):
    """What is the same in IPv4 and IPv6."""
    # In IPv6, connection tracking leaves that complaint to the receiver.
    not_eights = GIVEN_UP if family == 4 else DISCARDED
    case("in fragments of 8 bytes, if possible", eights, ARRIVES)
    case("the last fragment first", backwards, ARRIVES)
    case("each fragment twice", doubled, ARRIVES)
    case("all fragments twice", twice, ARRIVES)
    case("fragments out of order", shuffled, ARRIVES)
    case("no last fragment", no_last, GIVEN_UP)
    case("the last fragment ends beyond 65,535", beyond, GIVEN_UP)
    for length in range(1, 8):
        case(f"a first fragment of {length} bytes", tiny(length), not_eights)
        case(f"a first fragment of {length} bytes, ports split",
             tiny_split(length), not_eights)
        case(f"a first fragment of {length} bytes, sent last",
             tiny_last(length), not_eights)


def ipv4_cases(case):
    def flagged(flags):
        return lambda segment: [segment.piece(0, 8, flags=flags),
                                segment.piece(8, flags=flags)]

    case("cut after 8 bytes (RFC 1858, 3)", cut(8), ARRIVES)
    case("cut after 16 bytes", cut(16), ARRIVES)
    case("fragments with the flag \"don't fragment\"", flagged(2), ARRIVES)
    case("fragments with the reserved flag (RFC 3514)", flagged(4), ARRIVES)
    case("no fragment, with the reserved flag",
         lambda segment: [segment.whole(flags=4)], ARRIVES)
    for length in range(1, 8):
        case(f"a packet of {length} bytes", tiny_alone(length), SEEN)


def ipv6_cases(case):
    case("cut after 8 bytes", cut(8), DISCARDED)
    case("cut after 16 bytes", cut(16), DISCARDED)
    case("cut after 24 bytes", cut(24), ARRIVES)
    for length in range(1, 8):
        case(f"an atomic fragment of {length} bytes", tiny_alone(length), SEEN)


# ---- fragments that disagree ----

class Disagreement:
    """
    The first fragment of a segment to port 587, and that of the same segment to
    port 25; long and short ones, so that they can overlap in any way.
    """

    def __init__(self, segment):
        self.segment = segment
        self.short = SHORTEST_FIRST[segment.family]
        self.long = self.short + 8

    def innocent(self, length):
        return self.segment.to_port(587).piece(0, length)

    def mail(self, length):
        return self.segment.piece(0, length)

    def rest(self, begin):
        return self.segment.piece(begin)


def alike(innocent_first, where):
    """Both are of one length; the rest before, between or after them."""
    def disguise(segment):
        two = Disagreement(segment)
        packets = [two.innocent(two.short), two.mail(two.short)]
        if not innocent_first:
            packets.reverse()
        packets.insert(where, two.rest(two.short))
        return packets
    return disguise


def alike_twice(segment):
    return alike(True, 2)(segment) * 2


def longer(innocent_first, innocent_is_longer):
    """One is longer than the other; the rest begins where either ends."""
    def disguise(segment):
        two = Disagreement(segment)
        lengths = (two.short, two.long)
        packets = [two.innocent(lengths[innocent_is_longer]),
                   two.mail(lengths[not innocent_is_longer])]
        if not innocent_first:
            packets.reverse()
        return packets + [two.rest(two.long), two.rest(two.short)]
    return disguise


def behind_ports(innocent_first):
    """
    RFC 1858, 4: a whole header to 587, and a fragment that overlaps it from 8
    on: it changes flags, but can't reach the ports.
    """
    def disguise(segment):
        two = Disagreement(segment)
        packets = [two.innocent(two.long), two.rest(8)]
        return packets if innocent_first else packets[::-1]
    return disguise


def header_at_eight(segment):
    """The whole segment to 25 again, at 8: for a stack that mixes offsets up."""
    two = Disagreement(segment)
    return [two.innocent(two.short), segment.piece(0, at=8)]


def rfc3128(segment):
    """A whole header to 587, then a tiny first fragment that has another port."""
    two = Disagreement(segment)
    return [two.innocent(two.long), segment.piece(0, 8), two.rest(two.long)]


def overlapping_cases(case, family):
    """
    Linux: a fragment that lies within one that is there doesn't count; if it
    overlaps one in any other way, the packet is lost.

    In IPv4 a first fragment is so short that TCP's checksum is in the rest, and
    that is of the segment to port 25.
    """
    innocent = SEEN if family == 4 else ELSEWHERE
    for first, words, reach in ((True, "587, then 25", innocent),
                                (False, "25, then 587", ARRIVES)):
        for where, rest in enumerate(("before", "between", "after")):
            case(f"first fragments to {words}; the rest {rest}",
                 alike(first, where), reach)
        case(f"first fragments to {words}; the first is longer",
             longer(first, first), reach)
        case(f"first fragments to {words}; the second is longer",
             longer(first, not first), GIVEN_UP)
    case("first fragments that disagree, all twice", alike_twice, innocent)
    case("a header to 587, overlapped behind its ports (RFC 1858, 4)",
         behind_ports(True), GIVEN_UP)
    case("the same, backwards", behind_ports(False), GIVEN_UP)
    case("a header to 587, a second header at 8", header_at_eight,
         SEEN if family == 4 else GIVEN_UP)
    case("a tiny first fragment after a whole header (RFC 3128)", rfc3128,
         innocent)


# ---- both, with and without connection tracking ----

DEFRAGMENT = """
table inet tracking {
    chain forward {
        type filter hook forward priority filter; policy accept;
        ct state new,established accept
    }
}
"""


def all_cases(lab, tracked):
    for family in FAMILIES:
        def case(name, disguise, reach, family=family, **more):
            if tracked:
                name = f"tracked: {name}"
            if reach == GIVEN_UP:
                reach = REFUSED if tracked else DISCARDED
            lab.case(name, family, disguise, reach, syn_data=SYN_DATA, **more)

        def mixed(name, disguise, reach, case=case):
            case(name, disguise, reach, mixed=True)

        same_cases(case, family)
        overlapping_cases(mixed, family)
        (ipv4_cases if family == 4 else ipv6_cases)(case)


def main():
    lab = BypassLab(2 * 2 * (28 + 15) + 2 * 12 + 2 * 10 + 2)
    all_cases(lab, False)
    lab.run("nft", "-f", "-", text=DEFRAGMENT)
    lab.untouched = False	# fragments are made anew
    all_cases(lab, True)
    lab.finish()


if __name__ == "__main__":
    main()
