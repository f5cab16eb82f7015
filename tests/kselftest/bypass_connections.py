#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Connections that another host opens for a blocked subscriber, or that were open
before it was blocked.

Triangular spamming, with a third host, elsewhere, that spoofs:

    bot ─────────── router (p25) ─────────── server ─────────── sender
    (subscriber)          <──── answers ────  TCP, port 25 <──── mail in the
      └─ ─ ─ ─ ─ tells the sender what the answers say ─ ─ ─ ─>  bot's name

The sender's packets don't cross p25, so the mail arrives if only the bot gets
the answers: without their sequence number there is no connection.
"""

import socket
import struct
import time

from scapy.layers.inet import IPOption_LSRR

from lib.bypass import (ANYBODY, BLOCKED, DATA, POLICY, SEQ, BypassLab, Client,
                        answers, name_to_text)
from lib.packet import (ACK, CLONE_NEWNET, RST, Host, enter_netns, libc,
                        wait_for_link)

FAMILIES = (4, 6)
ROUTER = "203.0.113.1"
BEHIND = "198.51.100.129"		# not blocked


# ---- triangular spamming ----

SENDER_LINK = """
link add eth0 address 02:25:00:00:03:02 type veth peer name snd \
    address 02:25:00:00:03:01 netns {server}
link set eth0 up
"""


class Sender(Host):
    """A host on another link of the server's, in a namespace without a name."""

    def __init__(self, lab):
        libc.unshare(CLONE_NEWNET)
        server = lab.netns("server")
        lab.run("ip", "-batch", "-", text=SENDER_LINK.format(server=server))
        super().__init__(None, 3)
        lab.run("ip", "-n", server, "link", "set", "snd", "up")
        wait_for_link(self, Host(server, 3, "snd"), "subscriber")
        lab.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf.snd.rp_filter=0",
                "net.ipv4.conf.all.accept_source_route=1",
                "net.ipv4.conf.snd.accept_source_route=1",
                "net.ipv4.conf.eth0.accept_source_route=1")
        enter_netns(lab.netns("router"))


def spam(lab, sender, client, **options):
    """
    The sender sends mail in the name of client's source. Returns how many
    answers the bot has seen, and what the server has read.
    """
    _, back = lab.transmit([client.syn().whole(**options)], sender)
    seen = len(answers(back, client.family, client.seen_at))
    if client.answered(back):		# the bot tells the sender
        _, back = lab.transmit([client.data().whole()], sender)
        seen += len(answers(back, client.family, client.seen_at))
    return seen, end(lab, sender, client)


def end(lab, sender, client):
    """The sender gives up. Returns what the server has read."""
    got = lab.stack.read().get(client.peer)
    lab.transmit([client.segment(RST).whole()], sender)
    lab.stack.close(client.peer)
    return got


def fate(works):
    return "works" if works else "fails"


def as_expected(works, seen, got):
    """A server whose machine is slow may answer more often than twice."""
    return (seen >= 2 and got == DATA) if works else (seen, got) == (0, None)


def plain_triangle(lab, sender, inbound):
    rows = [
        ("of a blocked subscriber", BLOCKED, "foreign", False),
        ("of anybody else", ANYBODY, "foreign", True),
        ("of a blocked subscriber, to a relay", BLOCKED, "relay", True),
    ]
    for family in FAMILIES:
        for whose, src, dst, works in rows:
            works = works or inbound == "off"
            seen, got = spam(lab, sender, Client(lab, family, src, dst))
            good = as_expected(works, seen, got)
            lab.result(f"IPv{family}: triangle: inbound {inbound}: in the name "
                       f"{whose}: {fate(works)}",
                       [] if good else [f"{seen} answers, {got}"])


def routed_triangle(lab, sender, inbound):
    """
    The server's answers take the way back that the sender has written down: to
    the router itself, or another one behind it, which sends them on to the bot.
    Or the bot is on the way to another host.
    """
    rows = [
        ("the router to a blocked subscriber", [ROUTER], BLOCKED, False),
        ("the router to anybody else", [ROUTER], ANYBODY, True),
        ("a host to a blocked subscriber", [BEHIND], BLOCKED, False),
        ("a host to anybody else", [BEHIND], ANYBODY, True),
        ("a blocked subscriber to anybody else", [BLOCKED], ANYBODY, False),
        ("the router and a blocked subscriber to anybody else",
         [ROUTER, BLOCKED], ANYBODY, False),
        ("the router and a host to anybody else",
         [ROUTER, BEHIND], ANYBODY, True),
    ]
    for words, via, src, works in rows:
        works = works or inbound == "off"
        client = Client(lab, 4, src, "foreign")
        client.seen_at = [hop for hop in via + [src] if hop != ROUTER][0]
        # The sender writes down the way there: the reverse.
        option = IPOption_LSRR(
            routers=[name_to_text(4, hop) for hop in reversed(via)],
            pointer=4 + 4 * len(via))
        seen, got = spam(lab, sender, client, options=[option])
        good = as_expected(works, seen, got)
        lab.result(f"IPv4: triangle: inbound {inbound}: answers source routed "
                   f"through {words}: {fate(works)}",
                   [] if good else [f"{seen} answers, {got}"])


def split_triangle(lab, sender, inbound):
    """
    The sender sends first fragments, which alone show the port; the bot sends
    the rest, which passes. They lack the answers all the same.
    """
    works = inbound == "off"
    client = Client(lab, 4, BLOCKED, "foreign")

    def split(segment):
        lab.transmit([segment.piece(0, 8)], sender)
        return lab.transmit([segment.piece(8)])[1]

    if client.answered(split(client.syn())):
        split(client.data())
    got = end(lab, sender, client)
    lab.result(f"IPv4: triangle: inbound {inbound}: fragments from both: "
               f"{fate(works)}",
               [] if got == (DATA if works else None) else [f"{got}"])


def triangle(lab):
    sender = Sender(lab)
    for inbound in ("on", "off"):
        lab.policy(POLICY.replace("inbound off", f"inbound {inbound}"))
        plain_triangle(lab, sender, inbound)
        routed_triangle(lab, sender, inbound)
        split_triangle(lab, sender, inbound)


# ---- simultaneous open ----

def open_both(lab, family, src, port):
    """
    The server's host connects from its port 25 to src, which connects to it at
    the same time. Returns what is read of the data that src then sends.
    """
    client = Client(lab, family, src, "server")
    client.sport = port
    enter_netns(lab.netns("server"))
    own = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6)
    enter_netns(lab.netns("router"))
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind((name_to_text(family, "server"), 25))
    own.setblocking(False)
    own.connect_ex((name_to_text(family, src), port))
    _, back = lab.transmit([client.syn().whole()])
    if client.answered(back):
        client.seq = SEQ + 1
        lab.transmit([client.segment(ACK).whole(), client.data().whole()])
    try:
        got = own.recv(100)
    except OSError:
        got = None
    lab.transmit([client.segment(RST).whole()])
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    own.close()
    return got


def simultaneous(lab):
    """With either half of the filter alone; the other one stays open."""
    lab.stack.stop_listening()
    for policy, words in ((POLICY, "only mail"),
                          (POLICY.replace("inbound off", "inbound on"),
                           "mail and answers")):
        lab.policy(policy)
        for family in FAMILIES:
            for port in (25, 40025):
                problems = []
                for src, want in ((BLOCKED, None), (ANYBODY, DATA)):
                    got = open_both(lab, family, src, port)
                    if got != want:
                        problems.append(f"from {src}: {got}")
                lab.result(f"IPv{family}: simultaneous open from port {port} "
                           f"to 25, {words} blocked", problems)


# ---- a policy that changes in mid-connection ----

def changes(lab):
    """
    The same connection all the time. Each line: what is changed, and whether
    data arrives from then on; None: that depends on how fast this is.
    """
    lab.policy(POLICY + "static {middle}")
    rows = [
        ("static add {}", True),
        ("block add {}", False),
        ("block del {}", True),
        ("static del {}", False),
        ("optout add {}", True),
        ("optout del {}", False),
        ("optout add {} timeout 1h", True),
        ("optout add {} timeout 1", None),
        ("timeout passes", False),
        ("set action monitor", True),
        ("set action reject", False),
        ("set action drop", False),
        ("relay add {dst}", True),
        ("relay del {dst}", False),
        ("flush --all", True),
        ("apply", False),
    ]
    for family in FAMILIES:
        lab.policy(POLICY)
        victim = lab.victims[family]
        for words, arrives in rows:
            change(lab, family, words)
            if arrives is None:
                continue
            problems = [] if try_data(lab, victim) == arrives else [
                "nothing arrives" if arrives else "data arrives"]
            lab.result(f"IPv{family}: in mid-connection: "
                       f"{words.format('SRC', dst='DST')}: "
                       f"{'opened' if arrives else 'cut'}", problems)


def change(lab, family, words):
    if words == "timeout passes":
        time.sleep(2.1)		# expiry is in whole seconds
    elif words == "apply":
        lab.policy(POLICY)
    else:
        lab.p25ctl(*words.format(name_to_text(family, BLOCKED),
                                 dst=name_to_text(family, "foreign")).split())


def try_data(lab, victim):
    """Does data arrive? If not, TCP has not seen it, either."""
    before = lab.stack.segments()
    lab.transmit([victim.data().whole()])
    got = lab.stack.read().get(victim.peer)
    if got == DATA:
        victim.seq += len(DATA)
        return True
    return None if got or lab.stack.segments() != before else False


def main():
    lab = BypassLab(2 * (2 * 3 + 7 + 1) + 8 + 2 * 15 + 2)
    triangle(lab)
    changes(lab)
    simultaneous(lab)
    lab.finish()


if __name__ == "__main__":
    main()
