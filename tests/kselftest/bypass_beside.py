#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What passes mail on beside NF_INET_FORWARD, or changes it behind p25, and so is out
of reach by design (Documentation/design.rst, "Out of scope"): the router's
administrator has to set it up, and should know. Each time mail of a
blocked subscriber does arrive.

IPComp stands here, too: for whom the server keeps a state for it, TCP comes
compressed.
"""

import socket
import struct
import subprocess
import time
import zlib

from lib.bypass import ANYBODY, BLOCKED, DATA, BypassLab, Client, name_to_text
from lib.packet import ACK, PATIENCE, SYN, Packet, enter_netns

FAMILIES = (4, 6)
KIND = {4: b"\x08\x00", 6: b"\x86\xdd"}
NEXT_HOP = {4: "203.0.113.2", 6: "fe80::2"}
SERVER_MACS = bytes.fromhex("022500000202" "022500000201")


def plain(segment):
    return [segment.whole()]


def out_of_reach(lab, family, name, disguise=plain, moved=None):
    """Data arrives; moved is what counters say of it."""
    lab.moved()
    problems = lab.gets_through(family, disguise)
    if (counters := lab.moved()) != (moved or {}):
        problems.append(f"counters: {counters}")
    lab.result(f"IPv{family}: {name}: out of reach", problems)


# ---- nftables ----

IP = {4: "ip", 6: "ip6"}
FWD = """
table netdev beside {{
    chain ingress {{
        type filter hook ingress device sub priority 0; policy accept;
        {ip} saddr {src} tcp dport 25 fwd {ip} to {hop} device srv
    }}
}}
"""
DUP = """
table {ip} beside {{
    chain prerouting {{
        type filter hook prerouting priority -300; policy accept;
        {ip} saddr {src} tcp dport 25 dup to {hop} device srv
    }}
}}
"""
REWRITTEN = """
table {ip} beside {{
    chain postrouting {{
        type filter hook postrouting priority 0; policy accept;
        tcp dport 2525 tcp dport set 25
    }}
}}
"""


def to_2525(segment):
    return [segment.to_port(2525).whole()]


def nftables(lab):
    for name, text, kind, disguise, moved in (
            ("nft's fwd at a device's ingress", FWD, "netdev", plain, {}),
            ("a copy by nft's dup (iptables: TEE)", DUP, None, plain,
             {"drop_pool": 1}),
            ("another port, made 25 behind p25", REWRITTEN, None, to_2525, {})):
        for family in FAMILIES:
            lab.run("nft", "-f", "-", text=text.format(
                ip=IP[family], src=name_to_text(family, BLOCKED),
                hop=NEXT_HOP[family]))
            out_of_reach(lab, family, name, disguise, moved)
            lab.run("nft", "delete", "table", kind or IP[family], "beside")


SYNPROXY = """
table inet beside {
    chain prerouting {
        type filter hook prerouting priority raw; policy accept;
        tcp dport 25 tcp flags syn notrack
    }
    chain forward {
        type filter hook forward priority -10; policy accept;
        tcp dport 25 ct state invalid,untracked synproxy mss 1400 wscale 7
    }
}
"""


def is_answered(lab, family, src):
    client = Client(lab, family, src, "foreign")
    _, back = lab.transmit([client.syn().whole()])
    client.close()
    return client.answered(back)


def synproxy(lab, family):
    """The router shakes hands in both names, and p25 sees no SYN; then data."""
    lab.run("nft", "-f", "-", text=SYNPROXY)
    # Who answers a SYN cookie is to be no connection yet.
    lab.run("sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0")
    if is_answered(lab, family, ANYBODY):
        through_synproxy(lab, family)
    else:
        for what in ("opens a connection", "no mail comes over it"):
            lab.skip(f"IPv{family}: synproxy before p25: {what}",
                     "this kernel's synproxy sends no SYN|ACK")
    lab.run("nft", "delete", "table", "inet", "beside")


def through_synproxy(lab, family):
    client = Client(lab, family, BLOCKED, "foreign")
    lab.moved()
    _, back = lab.transmit([client.syn().whole()])
    problems = [] if client.answered(back) else ["no answer to the SYN"]
    frames, _ = lab.transmit([client.segment(ACK).whole()])
    begin = 34 if family == 4 else 54
    if not any(frame[begin + 13] == SYN for frame in frames
               if frame[12:14] == KIND[family] and len(frame) > begin + 13):
        problems.append("no SYN to the server")
    if moved := lab.moved():
        problems.append(f"counters: {moved}")
    lab.result(f"IPv{family}: synproxy before p25 opens a connection: "
               "out of reach", problems)
    lab.transmit([client.data().whole()])
    got, moved = lab.stack.read().get(client.peer), lab.moved()
    lab.result(f"IPv{family}: but no mail comes over it",
               [] if not got and moved == {"drop_pool": 1} else
               [f"{got}, {moved}"])
    client.close()


# ---- devices that switch ----

SWITCHES = {
    "macvlan": """
        link add low25 type dummy
        link set low25 up
        link add near25 link low25 netns {subscriber} type macvlan mode bridge
        link add far25 link low25 netns {server} type macvlan mode bridge
    """,
    "ipvlan in mode l3": """
        link add low25 type dummy
        link set low25 up
        link add near25 link low25 netns {subscriber} type ipvlan mode l3
        link add far25 link low25 netns {server} type ipvlan mode l3
    """,
}
FAR = """
link set far25 up
addr add 203.0.113.25/32 dev far25
addr add 2001:db8:203::25/128 dev far25 nodad
"""


class Near:
    """The subscriber's end of such a device."""

    def __init__(self, lab):
        self.lab = lab
        enter_netns(lab.netns("server"))
        lab.run("ip", "-batch", "-", text=FAR)
        lab.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf.far25.rp_filter=0")
        far = lab.run("ip", "-br", "link", "show", "far25").split()[2]
        enter_netns(lab.netns("subscriber"))
        lab.run("ip", "link", "set", "near25", "up")
        near = lab.run("ip", "-br", "link", "show", "near25").split()[2]
        self.macs = bytes.fromhex((far + near).replace(":", ""))
        # ipvlan can't tell a frame's type.
        self.sockets = {}
        for family in FAMILIES:
            one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            one.bind(("near25", int.from_bytes(KIND[family], "big")))
            self.sockets[family] = one
        enter_netns(lab.netns("router"))

    def send(self, packet):
        family = packet[0] >> 4
        self.sockets[family].send(self.macs + KIND[family] + packet)

    def close(self):
        for one in self.sockets.values():
            one.close()


def switches(lab):
    for name, batch in SWITCHES.items():
        lab.run("ip", "-batch", "-", text=batch.format(
            subscriber=lab.netns("subscriber"), server=lab.netns("server")))
        near = Near(lab)
        # The sentinels go the usual way.
        for family in FAMILIES:
            def disguise(segment):
                near.send(segment.whole())
                return []
            out_of_reach(lab, family, name, disguise)
        near.close()
        lab.run("ip", "link", "del", "low25")


# ---- segment routing ----

SID = "2001:db8:100:dd::2"


def in_ethernet(segment):
    """An Ethernet frame in IPv6 (RFC 8986, 4.9)."""
    packet = segment.whole()
    return [Packet(6, BLOCKED, SID, 143,
                   SERVER_MACS + KIND[segment.family] + packet).bytes]


def srv6(lab):
    name = "SRv6, End.DX2"
    made = subprocess.run(["ip", "-6", "route", "add", SID, "encap", "seg6local",
                           "action", "End.DX2", "oif", "srv", "dev", "sub"],
                          capture_output=True, text=True, check=False)
    for family in FAMILIES:
        if made.returncode:
            lab.skip(f"IPv{family}: {name}", made.stderr.strip())
        else:
            out_of_reach(lab, family, name, in_ethernet)


# ---- IPComp ----

CPI = 0x1925
STATES = """
xfrm state add src {src} dst {dst} proto comp spi {spi} mode transport \
    comp deflate
"""


def compressed(segment):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -11)
    body = struct.pack("!BBH", 6, 0, CPI) + deflate.compress(segment.body) + \
        deflate.flush()
    return [Packet(segment.family, BLOCKED, "foreign", 108, body).bytes]


def ipcomp(lab):
    enter_netns(lab.netns("server"))
    for family in FAMILIES:
        lab.run("ip", "-batch", "-", text=STATES.format(
            src=name_to_text(family, BLOCKED),
            dst=name_to_text(family, "foreign"), spi=CPI))
    enter_netns(lab.netns("router"))
    for family in FAMILIES:
        out_of_reach(lab, family, "IPComp, with a state at the server",
                     compressed)


# ---- Multipath TCP ----

IPPROTO_MPTCP = 262
# Another way to the server than by this router: a mobile phone's, say. The server
# has an address that is reached by the router, and another port there.
MOBILE = """
link add mob0 type veth peer name mob1 netns {server}
link set mob0 up
addr add 192.0.2.241/30 dev mob0
"""
SERVER_SIDE = """
link set mob1 up
addr add 192.0.2.242/30 dev mob1
mptcp limits set subflow 4 add_addr_accepted 4
mptcp endpoint add 203.0.113.2 port 8025 signal
"""
SUBSCRIBER_SIDE = """
mptcp limits set subflow 4 add_addr_accepted 4
"""


def joined():
    """How many connections have been joined by another one, here."""
    with open("/proc/thread-self/net/netstat", encoding="ascii") as file:
        lines = [line.split() for line in file if line.startswith("MPTcpExt:")]
    return int(lines[1][lines[0].index("MPJoinAckRx")])


def mptcp_paths(lab):
    """Why there are none; None: there are."""
    enter_netns(lab.netns("subscriber"))
    lab.run("ip", "-batch", "-", text=MOBILE.format(server=lab.netns("server")))
    try:
        lab.run("ip", "-batch", "-", text=SUBSCRIBER_SIDE)
        enter_netns(lab.netns("server"))
        lab.run("ip", "-batch", "-", text=SERVER_SIDE)
    except RuntimeError as error:
        return str(error)
    return None


def mptcp(lab):
    """
    A connection to port 25 goes by the other way, is joined by one through the
    router to another port, and is left with that one.
    """
    name = "IPv4: MPTCP: a connection to port 25, joined by another port"
    reason = mptcp_paths(lab)
    if reason:
        enter_netns(lab.netns("router"))
        lab.skip(name, reason)
        return
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    listener.bind(("192.0.2.242", 25))
    listener.listen()
    enter_netns(lab.netns("subscriber"))
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    client.bind(("192.0.2.241", 0))
    lab.moved()
    client.connect(("192.0.2.242", 25))
    client.settimeout(PATIENCE)
    server = listener.accept()[0]
    server.settimeout(PATIENCE)
    # It is with the first data that the other address is heard of.
    client.sendall(b"EHLO\r\n")
    problems = [] if server.recv(100) == b"EHLO\r\n" else ["no connection"]
    server.sendall(b"250\r\n")
    client.recv(100)
    enter_netns(lab.netns("server"))
    deadline = time.monotonic() + PATIENCE
    while not joined() and time.monotonic() < deadline:
        time.sleep(0.1)
    problems += [] if joined() else ["it is not joined"]
    enter_netns(lab.netns("subscriber"))
    lab.run("ip", "link", "del", "mob0")
    enter_netns(lab.netns("router"))
    client.sendall(DATA)
    try:
        got = server.recv(len(DATA), socket.MSG_WAITALL)
    except TimeoutError as error:
        got = error
    problems += [] if got == DATA else [f"{got}"]
    if moved := lab.moved():
        problems.append(f"counters: {moved}")
    lab.result(f"{name}: out of reach", problems)
    for one in (client, server, listener):
        one.close()


def main():
    lab = BypassLab((3 + 2 + len(SWITCHES) + 1 + 1) * len(FAMILIES) + 1 + 2)
    nftables(lab)
    for family in FAMILIES:
        synproxy(lab, family)
    switches(lab)
    srv6(lab)
    ipcomp(lab)
    lab.stack.stop_listening()		# on port 25 of all addresses
    mptcp(lab)
    lab.finish()


if __name__ == "__main__":
    main()
