#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What a packet gets: every rule, by real packets, in both families.

First come tables: a policy, and packets that pass it or don't. What can't be
said in a table follows: resets, expiry, connections that are under way, the
place of the hook.
"""

import errno
import os
import select
import socket
import struct
import time

from lib.packet import (ACK, FIN, ICMP, ICMPV6, NAMES, PATIENCE, PSH, RST, SYN,
                        TCP, UDP, Lab, Packet, address, checksum, enter_netns,
                        is_reset, mail, pseudo_header, udp)

FAMILIES = (4, 6)


def ping(family, src, dst):
    if family == 4:
        return Packet(4, src, dst, ICMP, bytes([8, 0, 0xF7, 0xE6, 0, 25, 0, 0]))
    return Packet(6, src, dst, ICMPV6, bytes([128, 0, 0, 0, 0, 25, 0, 25]))


PACKETS = {
    "mail": mail,
    "data": lambda *ip: mail(*ip, flags=ACK | PSH, data=b"MAIL FROM:<>\r\n"),
    "ack": lambda *ip: mail(*ip, flags=ACK),
    "fin": lambda *ip: mail(*ip, flags=ACK | FIN),
    "rst": lambda *ip: mail(*ip, flags=RST),
    "no flags": lambda *ip: mail(*ip, flags=0),
    "answer": lambda *ip: mail(*ip, dport=40000, sport=25, flags=SYN | ACK),
    "25 to 25": lambda *ip: mail(*ip, sport=25),
    "587": lambda *ip: mail(*ip, dport=587),
    "465": lambda *ip: mail(*ip, dport=465),
    "24": lambda *ip: mail(*ip, dport=24),
    "26": lambda *ip: mail(*ip, dport=26),
    "281": lambda *ip: mail(*ip, dport=256 + 25),
    "6400": lambda *ip: mail(*ip, dport=25 << 8),
    "answer 587": lambda *ip: mail(*ip, dport=40000, sport=587),
    "udp": lambda f, s, d: Packet(f, s, d, UDP, udp(25, 25, b"mail")),
    "ping": ping,
}

PASS, LOST = True, False

COMMON = """
    relay {relay}
    relay {relays}
    pool {wide}
    static {middle}
    pool {narrow}
    optout {host}
"""

BY_RULES = [
    ("a pool's mail is dropped", "subscriber", [
        ("mail", "in_wide", "foreign", LOST),
        ("mail", "in_wide", "server", LOST),
        ("mail", "wide_first", "foreign", LOST),
        ("mail", "wide_last", "foreign", LOST),
    ]),
    ("so is every packet of it, not only the first", "subscriber", [
        (kind, "in_wide", "foreign", LOST)
        for kind in ("data", "ack", "fin", "rst", "no flags")
    ]),
    ("mail to a relay passes", "subscriber", [
        ("mail", "in_wide", "relay", PASS),
        ("data", "in_wide", "relay", PASS),
        ("mail", "in_narrow", "relay", PASS),
        ("mail", "in_wide", "in_relays", PASS),
        ("mail", "outside", "relay", PASS),
        ("mail", "host", "relay", PASS),
    ]),
    ("mail to a relay's neighbour doesn't", "subscriber", [
        ("mail", "in_wide", "no_relay", LOST),
        ("mail", "in_wide", "after_relays", LOST),
    ]),
    ("mail passes if its source has no entry", "subscriber", [
        ("mail", "outside", "foreign", PASS),
        ("data", "outside", "foreign", PASS),
    ]),
    ("a static prefix in a pool is exempt", "subscriber", [
        ("mail", "in_middle", "foreign", PASS),
        ("mail", "middle_last", "foreign", PASS),
        ("mail", "before_middle", "foreign", LOST),
        ("mail", "after_middle", "foreign", LOST),
    ]),
    ("a pool in that static prefix is blocked", "subscriber", [
        ("mail", "narrow_first", "foreign", LOST),
        ("mail", "in_narrow", "foreign", LOST),
        ("mail", "narrow_last", "foreign", LOST),
    ]),
    ("an opted-out host in that pool is exempt", "subscriber", [
        ("mail", "host", "foreign", PASS),
    ]),
    ("nothing but mail is touched", "subscriber", [
        (kind, "in_wide", "foreign", PASS)
        for kind in ("587", "465", "24", "26", "281", "6400", "udp", "ping",
                     "answer")
    ]),
    ("mail's way back to a blocked source is closed", "server", [
        ("answer", "foreign", "in_wide", LOST),
        ("answer", "foreign", "in_narrow", LOST),
        ("answer", "no_relay", "in_wide", LOST),
    ]),
    ("a relay's answer passes", "server", [
        ("answer", "relay", "in_wide", PASS),
        ("answer", "in_relays", "in_narrow", PASS),
    ]),
    ("answers to exempt sources pass", "server", [
        ("answer", "foreign", "in_middle", PASS),
        ("answer", "foreign", "host", PASS),
        ("answer", "foreign", "outside", PASS),
    ]),
    ("nothing but mail is touched on the way back", "server", [
        (kind, "foreign", "in_wide", PASS)
        for kind in ("answer 587", "587", "udp", "ping", "mail")
    ]),
    ("from 25 to 25, outbound: mail", "subscriber", [
        ("25 to 25", "in_wide", "foreign", LOST),
        ("25 to 25", "in_middle", "foreign", PASS),
        ("25 to 25", "outside", "foreign", PASS),
        ("25 to 25", "in_wide", "relay", PASS),
    ]),
    ("from 25 to 25, inbound: mail and mail's way back", "server", [
        ("25 to 25", "foreign", "in_wide", LOST),
        ("25 to 25", "foreign", "in_middle", PASS),
        ("25 to 25", "relay", "in_wide", PASS),
    ]),
]

# Hosts with several kinds on one prefix, some of them of several owners.
ON_ONE_PREFIX = [
    ("pool static", PASS),
    ("pool optout", PASS),
    ("pool block", LOST),
    ("static optout", PASS),
    ("static block", LOST),
    ("optout block", LOST),
    ("pool static optout block", LOST),
    ("block:noc static:crm", LOST),
    ("pool:noc static:crm", PASS),
    ("pool:noc pool:crm", LOST),
]


def policy_on_one_prefix():
    lines = ["pool {wide}"]
    for number, (kinds, _) in enumerate(ON_ONE_PREFIX, 10):
        for kind in kinds.split():
            kind, _, owner = kind.partition(":")
            for family in FAMILIES:
                lines.append(f"{kind} {NAMES[family]['one'].format(number)} " +
                             (f"owner {owner}" if owner else ""))
    return "\n".join(lines)


def rows_on_one_prefix():
    for number, (kinds, passes) in enumerate(ON_ONE_PREFIX, 10):
        yield (f"on one prefix: {kinds}", "subscriber",
               [("mail", f"one {number}", "foreign", passes)])


TABLES = [
    (COMMON, BY_RULES),
    (policy_on_one_prefix(), list(rows_on_one_prefix())),
    ("block {wide}\n static {middle}\n block {narrow}\n optout {host}", [
        ("the longer prefix decides, whatever the kinds", "subscriber", [
            ("mail", "in_wide", "foreign", LOST),
            ("mail", "in_middle", "foreign", PASS),
            ("mail", "in_narrow", "foreign", LOST),
            ("mail", "host", "foreign", PASS),
        ]),
        ("and so on the way back", "server", [
            ("answer", "foreign", "in_wide", LOST),
            ("answer", "foreign", "in_middle", PASS),
            ("answer", "foreign", "in_narrow", LOST),
            ("answer", "foreign", "host", PASS),
        ]),
    ]),
    (COMMON + "\n inbound off", [
        ("inbound off: answers pass", "server", [
            ("answer", "foreign", "in_wide", PASS),
            ("answer", "foreign", "in_narrow", PASS),
            ("25 to 25", "foreign", "in_wide", PASS),
        ]),
        ("inbound off: mail is dropped", "subscriber", [
            ("mail", "in_wide", "foreign", LOST),
            ("25 to 25", "in_wide", "foreign", LOST),
        ]),
    ]),
    (COMMON + "\n action reject", [
        ("reject: answers are dropped silently", "server", [
            ("answer", "foreign", "in_wide", LOST),
            ("25 to 25", "foreign", "in_wide", LOST),
        ]),
        ("reject: a reset is dropped and not answered", "subscriber", [
            ("rst", "in_wide", "foreign", LOST),
        ]),
        ("reject: what is not blocked passes", "subscriber", [
            ("mail", "in_wide", "relay", PASS),
            ("mail", "in_middle", "foreign", PASS),
            ("mail", "outside", "foreign", PASS),
            ("587", "in_wide", "foreign", PASS),
        ]),
    ]),
    (COMMON + "\n action monitor", [
        ("monitor: mail passes", "subscriber", [
            (kind, "in_wide", "foreign", PASS)
            for kind in ("mail", "data", "25 to 25")
        ]),
        ("monitor: answers pass", "server", [
            ("answer", "foreign", "in_wide", PASS),
            ("25 to 25", "foreign", "in_wide", PASS),
        ]),
    ]),
    ("pool {all}\n relay {relay}\n static {middle}", [
        ("a pool of everyone", "subscriber", [
            ("mail", "outside", "foreign", LOST),
            ("mail", "in_middle", "foreign", PASS),
            ("mail", "outside", "relay", PASS),
            ("587", "outside", "foreign", PASS),
        ]),
        ("and the way back to it", "server", [
            ("answer", "foreign", "outside", LOST),
            ("answer", "foreign", "in_middle", PASS),
            ("answer", "relay", "outside", PASS),
        ]),
    ]),
    ("pool {all}\n relay {all}", [
        ("everyone is a relay", "subscriber", [
            ("mail", "outside", "foreign", PASS),
            ("mail", "in_wide", "relay", PASS),
        ]),
    ]),
    ("static {all}\n pool {wide}", [
        ("everyone is static but a pool", "subscriber", [
            ("mail", "outside", "foreign", PASS),
            ("mail", "in_wide", "foreign", LOST),
        ]),
    ]),
    # What expired in the year 2000 does not count.
    ("""
        pool {wide}
        static {middle}
        block {middle} expires 2000-01-01T00:00:00Z
        static {narrow} expires 2000-01-01T00:00:00Z
        pool {host} expires 2000-01-01T00:00:00Z
        block {host} owner noc expires 2000-01-01T00:00:00Z
        static {in_wide} expires 2000-01-01T00:00:00Z
        relay {no_relay} expires 2000-01-01T00:00:00Z
        relay {relay}
     """, [
         ("of several on one prefix, one that has expired does not count",
          "subscriber", [("mail", "in_middle", "foreign", PASS)]),
         ("if all on a prefix have expired, the next shorter one decides",
          "subscriber", [
              ("mail", "in_narrow", "foreign", PASS),
              ("mail", "host", "foreign", PASS),
              ("mail", "in_wide", "foreign", LOST),
          ]),
         ("a relay that has expired is none", "subscriber", [
             ("mail", "before_middle", "no_relay", LOST),
             ("mail", "before_middle", "relay", PASS),
         ]),
     ]),
]


def name_in(family, name):
    kind, _, number = name.partition(" ")
    return NAMES[family][kind].format(number) if number else name


def row(family, kind, src, dst, passes):
    packet = PACKETS[kind](family, name_in(family, src), name_in(family, dst))
    return f"{kind}, {src} to {dst}", packet, passes


def run_tables(lab):
    for policy, cases in TABLES:
        lab.policy(policy)
        for name, sender, rows in cases:
            for family in FAMILIES:
                problems = lab.try_judged(
                    [row(family, *one) for one in rows], sender)
                lab.result(f"IPv{family}: {name}", problems)


def owners_leave(lab):
    """Two owners hold a block on one prefix: it lasts until both are gone."""
    lab.policy("static {host}\n block {host} owner noc\n"
               "block {host} owner crm")
    for owners, passes in (("noc", LOST), ("crm", PASS)):
        lab.run("p25ctl", "-o", owners, "block", "del",
                *(NAMES[family]["host"] for family in FAMILIES))
        for family in FAMILIES:
            lab.result(f"IPv{family}: {owners} takes its block back",
                       lab.try_judged([row(family, "mail", "host", "foreign",
                                           passes)]))


# ---- resets ----

def reset_problems(family, packet, frame, seq, ack, flags):
    """Is this frame the reset that answers this packet to foreign's port 25?"""
    if family == 4:
        src, dst, segment = frame[26:30], frame[30:34], frame[34:]
    else:
        src, dst, segment = frame[22:38], frame[38:54], frame[54:]
    got = struct.unpack("!HHIIBB", segment[:14])
    want = (25, 40000, seq, ack, 5 << 4, flags)
    problems = []
    if (src, dst) != (address(family, packet.dst),
                      address(family, packet.src)):
        problems.append(f"from {src.hex()} to {dst.hex()}")
    if got != want:
        problems.append(f"TCP header {got}, not {want}")
    pseudo = pseudo_header(family, src, dst, TCP, len(segment))
    # Right, or left for the network card to complete, so it holds only the sum
    # of the pseudo header.
    if checksum(pseudo + segment) and \
       checksum(pseudo) ^ 0xFFFF != struct.unpack("!H", segment[16:18])[0]:
        problems.append("wrong checksum")
    return problems


# A packet without ACK is answered by what acknowledges it, one with ACK by what
# it asks for (RFC 9293, 3.5.2).
RESETS = [
    ("a SYN", dict(flags=SYN, seq=1000), (0, 1001, RST | ACK)),
    ("a SYN with data", dict(flags=SYN, seq=1000, data=b"EHLO"),
     (0, 1005, RST | ACK)),
    ("data", dict(flags=ACK | PSH, seq=1001, ack=77, data=b"QUIT\r\n"),
     (77, 0, RST)),
    ("a SYN at the end of sequence space", dict(flags=SYN, seq=0xFFFFFFFF),
     (0, 0, RST | ACK)),
]


def try_reset(lab, family, src, fields, answer):
    packet = mail(family, src, "foreign", **fields)
    arrived, back = lab.cross([packet])
    if packet.number in arrived:
        return ["it passes"]
    resets = [frame for frame in back if is_reset(frame)]
    if len(resets) != 1:
        return [f"{len(resets)} resets"]
    return reset_problems(family, packet, resets[0], *answer)


def rejects(lab):
    lab.policy(COMMON + "\n block {in_middle}\n action reject")
    for family in FAMILIES:
        for name, fields, answer in RESETS:
            lab.result(f"IPv{family}: reject answers {name}",
                       try_reset(lab, family, "in_wide", fields, answer))
        lab.result(f"IPv{family}: reject answers a re-blocked source",
                   try_reset(lab, family, "in_middle", *RESETS[0][1:]))


# ---- real connections ----

SOCKET_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}


class Connection:
    """A TCP connection from the subscriber to port 25 of the server."""

    def __init__(self, lab, family):
        self.lab = lab
        enter_netns(lab.netns("server"))
        self.listener = socket.create_server(
            (NAMES[family]["server"], 25), family=SOCKET_FAMILY[family])
        enter_netns(lab.netns("subscriber"))
        self.client = socket.socket(SOCKET_FAMILY[family])
        enter_netns(lab.netns("router"))
        self.client.settimeout(PATIENCE)
        self.listener.settimeout(PATIENCE)
        self.to = (NAMES[family]["server"], 25)
        self.server = None

    def connect(self):
        self.client.connect(self.to)
        self.server = self.listener.accept()[0]
        self.server.settimeout(PATIENCE)
        for one in (self.client, self.server):
            # What is sent goes out at once, whatever has not been answered.
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        for one in (self.client, self.server, self.listener):
            if one:
                one.close()


def get(sock, wanted):
    """Is this what comes next?"""
    try:
        return sock.recv(len(wanted), socket.MSG_WAITALL) == wanted
    except OSError:
        return False


def both_ways(lab):
    """Waits until all that the hosts' own TCP has sent is judged."""
    lab.cross([])
    lab.cross([], "server")


def nothing_comes(lab, near, sock, data, counter):
    """Sends data; it is dropped, says the counter, and nothing of it comes."""
    lab.moved()
    near.sendall(data)
    both_ways(lab)
    return bool(lab.moved().get(counter)) and \
        not select.select([sock], [], [], 0)[0]


def client_is_refused(lab, family):
    connection = Connection(lab, family)
    try:
        connection.client.connect(connection.to)
        return ["it connects"]
    except ConnectionRefusedError:
        return []
    except OSError as error:
        return [str(error)]
    finally:
        connection.close()


def client_is_not_answered(lab, family):
    """Its SYN is dropped, and it goes on waiting."""
    connection = Connection(lab, family)
    connection.client.setblocking(False)
    lab.moved()
    error = connection.client.connect_ex(connection.to)
    both_ways(lab)
    problems = []
    if error != errno.EINPROGRESS:
        problems.append(f"connecting: {os.strerror(error)}")
    if not lab.moved().get("drop_pool"):
        problems.append("no SYN was dropped")
    if select.select([connection.listener], [connection.client], [], 0) != \
       ([], [], []):
        problems.append("it is answered")
    connection.close()
    return problems


def connections_cut(lab, family):
    """A block cuts a connection; without it, the connection goes on."""
    connection = Connection(lab, family)
    connection.connect()
    client, server = connection.client, connection.server
    who = NAMES[family]["subscriber"]
    problems = []

    def expect(what, good):
        if not good:
            problems.append(what)

    server.sendall(b"220 ")
    expect("no greeting", get(client, b"220 "))
    client.sendall(b"EHLO")
    expect("no EHLO", get(server, b"EHLO"))
    lab.p25ctl("block", "add", who)
    expect("mail goes on", nothing_comes(lab, client, server, b"MAIL",
                                         "drop_block"))
    expect("answers go on", nothing_comes(lab, server, client, b"250 ",
                                          "inbound_drop_block"))
    lab.p25ctl("block", "del", who)
    expect("mail does not go on", get(server, b"MAIL"))
    expect("answers do not go on", get(client, b"250 "))
    connection.close()
    both_ways(lab)
    return problems


def real_connections(lab):
    lab.policy("pool {wide}\n action reject")
    for family in FAMILIES:
        lab.result(f"IPv{family}: a client is refused under reject",
                   client_is_refused(lab, family))
    lab.p25ctl("set", "action", "drop")
    for family in FAMILIES:
        lab.result(f"IPv{family}: a client gets no answer under drop",
                   client_is_not_answered(lab, family))
    lab.policy("pool {wide}\n static {subscriber}")
    for family in FAMILIES:
        lab.result(f"IPv{family}: a block cuts a connection while it lasts",
                   connections_cut(lab, family))


# ---- expiry ----

# What it says while the timed entry is there, and what afterwards.
EXPIRING = [
    ("a pool's static host", "static {in_wide}", "in_wide", "foreign", PASS),
    ("a block beside static", "block {middle}", "in_middle", "foreign", LOST),
    ("a pool in static", "pool {narrow}", "in_narrow", "foreign", LOST),
    ("a relay", "relay {relay}", "wide_last", "relay", PASS),
]


def expiry_rows(family, later):
    for name, _, src, dst, before in EXPIRING:
        yield name, mail(family, src, dst), before != later


def expires(lab, timeout=2):
    """
    Timeouts are full seconds: they last that long, and not two more. If this
    machine hasn't looked in time, there is another try, with more time.
    """
    lines = [f"{entry} timeout {timeout}" for _, entry, *_ in EXPIRING]
    begin = time.monotonic()
    lab.policy("pool {wide}\n static {middle}\n" + "\n".join(lines))
    end = time.monotonic()
    before = {family: lab.try_judged(list(expiry_rows(family, False)))
              for family in FAMILIES}
    if time.monotonic() - begin >= timeout:
        expires(lab, 2 * timeout)
        return
    for family in FAMILIES:
        lab.result(f"IPv{family}: entries with a timeout count", before[family])
    while time.monotonic() < end + timeout + 1.1:
        time.sleep(0.1)
    for family in FAMILIES:
        lab.result(f"IPv{family}: and don't when it is over",
                   lab.try_judged(list(expiry_rows(family, True))))


# ---- the hook ----

# Both accept mail at the firewall's own priority, and hide the source; the
# counters show which mail has come so far.
FIREWALL = """
table inet firewall {
    chain forward {
        type filter hook forward priority filter; policy accept;
        tcp dport 25 counter accept
    }
}
table inet addresses {
    chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        oifname srv meta nfproto ipv4 snat to 203.0.113.1
        oifname srv meta nfproto ipv6 snat to 2001:db8:203::1
    }
}
"""


def before_the_firewall(lab):
    lab.policy(COMMON)
    lab.run("nft", "-f", "-", text=FIREWALL)
    for family in FAMILIES:
        rows = [row(family, "mail", "in_wide", "foreign", LOST),
                row(family, "mail", "in_middle", "foreign", PASS)]
        lab.result(f"IPv{family}: no accept rule and no NAT comes first",
                   lab.try_judged(rows))
    seen = lab.run("nft", "list", "chain", "inet", "firewall", "forward")
    lab.result("the firewall has seen accepted mail only",
               [] if "packets 2 " in seen else [seen])
    lab.run("nft", "delete table inet firewall; delete table inet addresses")


def send_one_each(lab):
    lab.cross([mail(family, "in_wide", "relay") for family in FAMILIES])


def without_sources(lab):
    """Only with the hook is mail to a relay counted."""
    lab.policy("relay {relay}")
    lab.moved()
    send_one_each(lab)
    lab.result("without source entries, packets aren't looked at",
               [f"{moved}" for moved in [lab.moved()] if moved])
    for kind in ("pool", "static", "optout", "block"):
        lab.p25ctl(kind, "add", NAMES[4]["wide"])
        send_one_each(lab)
        moved = lab.moved()
        lab.result(f"with one of {kind}, they are",
                   [] if moved == {"accept_relay": 2} else [f"{moved}"])
        lab.p25ctl(kind, "flush")
    send_one_each(lab)
    lab.result("when all are gone, they aren't any more",
               [f"{moved}" for moved in [lab.moved()] if moved])


def planned():
    tables = sum(len(cases) for _, cases in TABLES)
    per_family = tables + 2 + len(RESETS) + 1 + 3 + 2 + 1
    return len(FAMILIES) * per_family + 1 + 6


def main():
    lab = Lab(planned())
    run_tables(lab)
    owners_leave(lab)
    rejects(lab)
    real_connections(lab)
    expires(lab)
    before_the_firewall(lab)
    without_sources(lab)
    lab.finish()


if __name__ == "__main__":
    main()
