#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Packets that hide whether they are mail, or where they end: fragments, chains of
IPv6 extension headers, source routes. Blocked sources can't use them to get
mail out, other sources are not hurt, and each is counted by what it looks like.

Every case is a list of packets from one source that all pass or are all lost,
and says how the counters move.
"""

import re

from lib.packet import (ACK, NAMES, PSH, TCP, UDP, Lab, Packet, address,
                        authentication_header, extend, fragment_header, mail,
                        options_header, routing_header, tcp, udp)

POLICY = """
    relay {relay}
    pool {wide}
    static {middle}
"""

PASS, LOST = True, False
BLOCKED, STATIC, NOBODY = "in_wide", "in_middle", "outside"
DATA = b"MAIL FROM:<>\r\n"
HEADERS_MAX = 12		# that the kernel reads, if it has a limit


def segment(family, src, dst, dport=25, data=b""):
    return tcp(family, src, dst, 40000, dport, ACK | PSH, data=data)


def short(family, src, dst, lengths, fragment=True):
    """First fragments, or whole packets, with so many bytes of TCP."""
    for length in lengths:
        body = segment(family, src, dst)[:length]
        if family == 4:
            yield Packet(4, src, dst, TCP, body, more=fragment)
        else:
            headers = [fragment_header(more=True)] if fragment else []
            yield Packet(6, src, dst, TCP, body, headers=headers)


def later(family, src, dst, body, protocol=TCP):
    """Fragments after the first: not the last one, the last one."""
    for more in (True, False):
        if family == 4:
            yield Packet(4, src, dst, protocol, body, offset=185, more=more)
        else:
            yield Packet(6, src, dst, protocol, body,
                         headers=[fragment_header(185, more)])


# ---- what the kernel can read: that differs, and stable updates change it ----

LOOKING = """
table ip6 looking {{
    chain forward {{
        type filter hook forward priority filter; policy accept;
        ip6 saddr {src} meta l4proto tcp counter
    }}
}}
"""


def finds_tcp(lab, packets):
    """In how many of NOBODY's packets does the kernel itself find TCP?"""
    lab.run("nft", "-f", "-", text=LOOKING.format(src=NAMES[6][NOBODY]))
    lab.cross(packets)
    rules = lab.run("nft", "list", "table", "ip6", "looking")
    lab.run("nft", "delete", "table", "ip6", "looking")
    return int(re.search(r"packets (\d+)", rules)[1])


def has_limit(lab):
    """
    RFC 8504, 5.3 lets hosts limit how many headers they read. ipv6_find_hdr()
    has a limit in newer kernels, and what is behind it can't be read.
    """
    return not finds_tcp(lab, [mail(6, NOBODY, "foreign", 587, headers=[
        options_header(60)] * (HEADERS_MAX + 1))])


def is_lenient(lab):
    """Older ones find TCP behind a header that is longer than the packet."""
    return finds_tcp(lab, cut_inside(NOBODY, "foreign", TCP)) > 0


class Cases:
    """Runs cases, or counts them: what shall pass, and which counters move."""

    def __init__(self, lab):
        self.lab = lab
        self.count = 0
        self.limited = bool(lab) and has_limit(lab)
        self.lenient = bool(lab) and is_lenient(lab)

    def case(self, name, passes, packets, sender="subscriber", **counters):
        """
        These counters move, and no others; one that is given as True, once for
        each packet. What can't be read is not counted as mail that is accepted.
        """
        self.count += 1
        if not self.lab:
            return
        packets = list(packets)
        rows = [(f"packet {number}", packet, passes)
                for number, packet in enumerate(packets, 1)]
        problems = self.lab.try_rows(rows, sender)
        want = {key: len(packets) if value is True else value
                for key, value in counters.items()}
        got = self.lab.moved()
        if got != want:
            problems.append(f"counters moved {got}, not {want}")
        self.lab.result(name, problems)


def short_fragments(cases, family):
    def case(name, *rest, **counters):
        cases.case(f"IPv{family}: {name}", *rest, **counters)

    for fragment, what in ((True, "first fragments"), (False, "packets")):
        def of(src, dst, where=range(4), fragment=fragment):
            return short(family, src, dst, where, fragment)

        case(f"{what} of 0 to 3 bytes from a blocked source", LOST,
             of(BLOCKED, "foreign"), tcp_short=True, drop_pool=True)
        case(f"{what} of 0 to 3 bytes to a relay", LOST,
             of(BLOCKED, "relay"), tcp_short=True, drop_pool=True)
        case(f"{what} of 0 to 3 bytes from a static source", PASS,
             of(STATIC, "foreign"), tcp_short=True)
        case(f"{what} of 0 to 3 bytes from anybody else", PASS,
             of(NOBODY, "foreign"), tcp_short=True)
        case(f"{what} of 4 to 19 bytes: mail", LOST,
             of(BLOCKED, "foreign", range(4, 20)), drop_pool=True)
        case(f"{what} of 4 to 19 bytes: mail to a relay", PASS,
             of(BLOCKED, "relay", range(4, 20)), accept_relay=True)
    case("short fragments towards a blocked source", PASS,
         short(family, "foreign", BLOCKED, range(4)), "server",
         tcp_short=True)


def first_fragment(family, src, dst, dport, protocol=TCP):
    body = segment(family, src, dst, dport, DATA)
    if protocol == UDP:
        body = udp(40000, dport, DATA)
    if family == 4:
        return Packet(4, src, dst, protocol, body, more=True)
    return Packet(6, src, dst, protocol, body,
                  headers=[fragment_header(more=True)])


def fragments(cases, family):
    def case(name, *rest, **counters):
        cases.case(f"IPv{family}: {name}", *rest, **counters)

    body = segment(family, BLOCKED, "foreign", 25, DATA)
    case("a first fragment of mail", LOST,
         [first_fragment(family, BLOCKED, "foreign", 25)], drop_pool=True)
    case("a first fragment that is not mail", PASS,
         [first_fragment(family, BLOCKED, "foreign", 587),
          first_fragment(family, BLOCKED, "foreign", 25, UDP)])
    case("later fragments, whatever is in them", PASS,
         [*later(family, BLOCKED, "foreign", body),
          *later(family, BLOCKED, "foreign", b""),
          *later(family, BLOCKED, "foreign", body[:3])], later_fragment=True)
    case("later fragments of UDP", PASS,
         later(family, BLOCKED, "foreign", body, UDP))


# ---- IPv4 options ----

def source_route(kind, pointer):
    """RFC 791, 3.1: one hop, and where in it the pointer is; padded."""
    return bytes([kind, 7, pointer]) + address(4, "foreign") + b"\0"


LSRR = 131
ROUTER_ALERT = bytes([148, 4, 0, 0])
RECORD_ROUTE = bytes([7, 7, 4, 0, 0, 0, 0, 0])


def ipv4_options(cases):
    def packets(src, dst, dport, *options):
        return [mail(4, src, dst, dport, options=one) for one in options]

    harmless = (ROUTER_ALERT, RECORD_ROUTE, b"\1\1\1\0", b"\1" * 40)
    done = source_route(LSRR, 8)
    going_on = source_route(LSRR, 4)
    behind = b"\1\1\1\1" + going_on

    cases.case("IPv4: options don't hide mail", LOST,
               packets(BLOCKED, "foreign", 25, *harmless), drop_pool=True)
    cases.case("IPv4: nor anything else", PASS,
               packets(BLOCKED, "foreign", 587, *harmless, going_on))
    cases.case("IPv4: mail with options reaches a relay", PASS,
               packets(BLOCKED, "relay", 25, *harmless), accept_relay=True)
    cases.case("IPv4: a source route that ends at a relay", PASS,
               packets(BLOCKED, "relay", 25, done), accept_relay=True)
    cases.case("IPv4: a source route that goes on from a relay", LOST,
               packets(BLOCKED, "relay", 25, going_on, behind),
               source_route=True, drop_pool=True)
    cases.case("IPv4: a source route that goes on from elsewhere", LOST,
               packets(BLOCKED, "foreign", 25, going_on, behind),
               source_route=True, drop_pool=True)
    cases.case("IPv4: the same from a static source", PASS,
               packets(STATIC, "relay", 25, going_on, behind),
               source_route=True, accept_static=True)
    cases.case("IPv4: the same from anybody else", PASS,
               packets(NOBODY, "relay", 25, going_on, behind),
               source_route=True, accept_none=True)


# ---- IPv6 extension headers ----

CHAINS = {
    "hop-by-hop options": [options_header(0)],
    "destination options": [options_header(60)],
    "long destination options": [options_header(60, 256)],
    "an authentication header": [authentication_header()],
    "a routing header": [routing_header(4, 0)],
    "an atomic fragment's header (RFC 6946)": [fragment_header()],
    "two fragment headers": [fragment_header(more=True)] * 2,
    "a chain of many": [options_header(0), options_header(60),
                        routing_header(3, 0), fragment_header(more=True),
                        authentication_header(), options_header(60, 16)],
}


def chains(cases):
    for name, headers in CHAINS.items():
        cases.case(f"IPv6: mail behind {name}", LOST, [
            mail(6, BLOCKED, "foreign", headers=headers),
            mail(6, BLOCKED, "foreign", flags=ACK, data=DATA, headers=headers),
        ], drop_pool=True)
        cases.case(f"IPv6: submission behind {name}", PASS, [
            mail(6, BLOCKED, "foreign", 587, headers=headers),
            Packet(6, BLOCKED, "foreign", UDP, udp(25, 25), headers=headers),
        ])
        cases.case(f"IPv6: mail to a relay behind {name}", PASS, [
            mail(6, BLOCKED, "relay", headers=headers),
        ], accept_relay=True)


def longest_chains(cases):
    def packets(src, count, dst="foreign"):
        headers = [options_header(60)] * count
        yield mail(6, src, dst, 587, headers=headers)
        yield Packet(6, src, dst, UDP, udp(25, 25), headers=headers)

    for count in (HEADERS_MAX, HEADERS_MAX + 1):
        unread = cases.limited and count > HEADERS_MAX
        looks_like = {"ipv6_chain": True} if unread else {}
        lost = {**looks_like, "drop_pool": True}
        cases.case(f"IPv6: mail behind {count} headers", LOST, [
            mail(6, BLOCKED, "foreign", headers=[options_header(60)] * count),
        ], **lost)
        cases.case(f"IPv6: submission behind {count} headers",
                   LOST if unread else PASS, packets(BLOCKED, count),
                   **(lost if unread else {}))
        cases.case(f"IPv6: the same to a relay behind {count} headers",
                   LOST if unread else PASS, packets(BLOCKED, count, "relay"),
                   **(lost if unread else {}))
        for src, who in ((STATIC, "a static source"), (NOBODY, "anybody else")):
            cases.case(f"IPv6: the same from {who} behind {count} headers",
                       PASS, packets(src, count), **looks_like)


def cut_chains(src, dst, first):
    """Chains cut so that what follows their last header can't be known."""
    for headers, last in (
            (first, options_header(60)),
            (first + [options_header(60)], authentication_header()),
            (first, routing_header(2, 0)),
            (first, fragment_header())):
        if not first and last[0] == 44:
            continue
        protocol, whole = extend(headers + [last], 60, b"")
        begin = len(whole) - len(last[1])
        for length in range(begin, begin + 2):
            yield Packet(6, src, dst, protocol, whole[:length])


def cut_inside(src, dst, following):
    """Chains whose last header says that it is longer than the packet."""
    protocol, whole = extend([fragment_header(more=True),
                              options_header(60, 64)], following, b"")
    for length in range(16, len(whole), 8):
        yield Packet(6, src, dst, protocol, whole[:length])


def incomplete(cases):
    fragment = [fragment_header(more=True)]
    for name, first in (("first fragment", fragment), ("packet", [])):
        def cut(src, dst="foreign", first=first):
            return cut_chains(src, dst, first)

        cases.case(f"IPv6: a {name} without its whole chain", LOST,
                   cut(BLOCKED), ipv6_chain=True, drop_pool=True)
        cases.case(f"IPv6: a {name} without its whole chain, to a relay", LOST,
                   cut(BLOCKED, "relay"), ipv6_chain=True, drop_pool=True)
        cases.case(f"IPv6: the same {name} from a static source", PASS,
                   cut(STATIC), ipv6_chain=True)
        cases.case(f"IPv6: the same {name} from anybody else", PASS,
                   cut(NOBODY), ipv6_chain=True)
    for following, name in ((60, "another header"), (TCP, "TCP")):
        look = ("tcp_short" if following == TCP and cases.lenient
                else "ipv6_chain")
        cases.case(f"IPv6: a first fragment that ends before {name}", LOST,
                   cut_inside(BLOCKED, "foreign", following),
                   **{look: True}, drop_pool=True)
        cases.case("IPv6: the same from anybody else", PASS,
                   cut_inside(NOBODY, "foreign", following),
                   **{look: True})
    cases.case("IPv6: a later fragment that begins with a header", PASS,
               later(6, BLOCKED, "foreign", options_header(60)[1], 60),
               later_fragment=True)


def routing_headers(cases):
    def packets(src, dst, left):
        for kind in (0, 2, 3, 4, 253):
            yield mail(6, src, dst, headers=[routing_header(kind, left)])
            yield mail(6, src, dst, headers=[
                options_header(60), routing_header(kind, 0),
                routing_header(kind, left)])
            yield mail(6, src, dst, headers=[
                routing_header(kind, left), fragment_header(more=True)])

    cases.case("IPv6: routing headers that end at a relay", PASS,
               packets(BLOCKED, "relay", 0), accept_relay=True)
    cases.case("IPv6: routing headers that go on from a relay", LOST,
               packets(BLOCKED, "relay", 1), source_route=True, drop_pool=True)
    cases.case("IPv6: the same from a static source", PASS,
               packets(STATIC, "relay", 1), source_route=True,
               accept_static=True)
    cases.case("IPv6: the same from anybody else", PASS,
               packets(NOBODY, "relay", 1), source_route=True,
               accept_none=True)


# ---- other actions, other company ----

def unreadable(family, src):
    yield from short(family, src, "foreign", range(4))
    if family == 6:
        yield from cut_chains(src, "foreign", [fragment_header(more=True)])
        yield mail(6, src, "relay", headers=[routing_header(4, 1)])
    else:
        yield mail(4, src, "relay", options=source_route(LSRR, 4))


def looks(family):
    return {"tcp_short": 4, "source_route": 1,
            **({"ipv6_chain": 8} if family == 6 else {})}


def count(family):
    return sum(looks(family).values())


def actions(cases, lab):
    """What can't be read can't be answered, either."""
    for action, passes in (("reject", LOST), ("prohibit", LOST),
                           ("monitor", PASS)):
        if lab:
            lab.policy(POLICY + f"\n action {action}")
        for family in (4, 6):
            key = "monitor_pool" if action == "monitor" else "drop_pool"
            cases.case(f"IPv{family}: unreadable packets under {action}",
                       passes, unreadable(family, BLOCKED), **looks(family),
                       **{key: count(family)})


def in_two(family, src, dst, dport):
    """A segment in two fragments; both bear the first one's number."""
    body = segment(family, src, dst, dport, DATA)
    if family == 4:
        first = Packet(4, src, dst, TCP, body[:8], more=True)
        second = Packet(4, src, dst, TCP, body[8:], offset=1)
        head = bytearray(second.bytes)
        old = int.from_bytes(head[10:12], "big") + second.number - first.number
        head[4:6] = first.bytes[4:6]
        head[10:12] = (old % 65535).to_bytes(2, "big")
        second.bytes = bytes(head)
    else:
        first = Packet(6, src, dst, TCP, body[:8],
                       headers=[fragment_header(more=True)])
        second = Packet(6, src, dst, TCP, body[8:],
                        headers=[fragment_header(1)])
        second.bytes = first.bytes[:4] + second.bytes[4:]
    second.number = first.number
    return first, second


DEFRAGMENT = """
table inet tracking {
    chain forward {
        type filter hook forward priority filter; policy accept;
        ct state new,established accept
    }
}
"""


def defragmented(cases, lab):
    """Connection tracking puts fragments together before they are judged."""
    if lab:
        lab.policy(POLICY)
        lab.run("nft", "-f", "-", text=DEFRAGMENT)
    for family in (4, 6):
        def case(name, passes, dst, dport, family=family, **counters):
            cases.case(f"IPv{family}: defragmented: {name}", passes,
                       in_two(family, BLOCKED, dst, dport) if lab else [],
                       **counters)

        case("mail", LOST, "foreign", 25, drop_pool=1)
        case("mail to a relay", PASS, "relay", 25, accept_relay=1)
        case("submission", PASS, "foreign", 587)
    if lab:
        lab.run("nft", "delete", "table", "inet", "tracking")


def run(cases, lab):
    for family in (4, 6):
        short_fragments(cases, family)
        fragments(cases, family)
    ipv4_options(cases)
    chains(cases)
    longest_chains(cases)
    incomplete(cases)
    routing_headers(cases)
    actions(cases, lab)
    defragmented(cases, lab)
    return cases.count


def main():
    lab = Lab(run(Cases(None), None))
    lab.policy(POLICY)
    cases = Cases(lab)
    lab.moved()
    run(cases, lab)
    lab.finish()


if __name__ == "__main__":
    main()
