# SPDX-License-Identifier: GPL-2.0
"""
What the bypass tests share. In them a blocked subscriber tries to get mail past
the router, to a host whose own TCP listens on port 25:

    subscriber                 router                     server
    frames made by scapy ──── p25 ──── p25 ──── the kernel's TCP, port 25

A case is a function that disguises a TCP segment: it makes IP packets of it,
by fragments, options or headers. The same disguise is tried twice:

 - By another source, which opens a connection with it and sends data on it. That
   shows what the disguise is worth: does the data arrive? And all packets must
   come out of the router as they went in, but for hop limit and checksum.

 - By a blocked subscriber, for a SYN, and for data on a connection that it had
   before it was blocked. The server's TCP must not see a single segment.

Mail's way back is left open ("inbound off"), so that it can't hide what comes
through; bypass_connections.py is about that.
"""

import itertools
import socket
import struct

from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment
from scapy.packet import Raw

from lib.packet import (ACK, ETHERTYPE, NAMES, PSH, RST, SYN, Lab, Packet,
                        address, checksum, enter_netns, tcp)

POLICY = """
    inbound off
    relay {relay}
    pool {wide}
"""
NO_BLOCK = """
    inbound off
    relay {relay}
"""

BLOCKED, ANYBODY = "in_wide", "outside"
DATA = b"HELO bypass.example\r\nMAIL FROM:<spam@bypass.example>\r\n"
SEQ = 1000

# IPv6 headers that others follow: hop-by-hop, routing, fragment,
# authentication, destination options.
EXTENSIONS = (0, 43, 44, 51, 60)

# How far a disguise gets if p25 doesn't stop it.
ARRIVES = "data arrives"		# the connection is open, data is read
ELSEWHERE = "data arrives at 587"	# the same, but it is no mail
SEEN = "TCP sees it"			# but makes no connection of it
DISCARDED = "the server discards it"	# what it gets never becomes TCP
REFUSED = "the router discards it"	# by its IP stack, not by p25

sports = itertools.count(40000)


def name_to_text(family, name):
    return NAMES[family].get(name, name)


# ---- making packets ----

class Segment:
    """
    A TCP segment in want of IP: body is the segment, number the packets' id.

    If the packet is to change its destination on the way, final is the last
    one, which TCP's checksum is about.
    """

    def __init__(self, family, src, dst, sport, dport, flags, seq, ack=0,
                 data=b"", final=None, number=None):
        self.arguments = (family, src, dst, sport, dport, flags, seq, ack, data,
                          final)
        self.family = family
        self.src = name_to_text(family, src)
        self.dst = name_to_text(family, dst)
        self.final = name_to_text(family, final or dst)
        self.number = number or next(Packet.numbers)
        self.body = tcp(family, self.src, self.final, sport, dport, flags, seq,
                        ack, data)

    def to_port(self, dport):
        """The same, with the same id, to another port."""
        arguments = list(self.arguments)
        arguments[4] = dport
        return Segment(*arguments, number=self.number)

    def ip(self, **fields):
        """The IP header; for IPv6, without saying what follows."""
        if self.family == 4:
            fields.setdefault("proto", 6)
            return IP(src=self.src, dst=self.dst, id=self.number, **fields)
        return IPv6(src=self.src, dst=self.dst, fl=self.number, **fields)

    def whole(self, **fields):
        """One packet; fields are those of its IP header."""
        if not fields:
            return Packet(self.family, self.src, self.dst, 6, self.body).bytes
        if self.family == 6:
            fields.setdefault("nh", 6)
        return bytes(self.ip(**fields) / Raw(self.body))

    def piece(self, begin, end=None, more=None, flags=0, at=None):
        """
        A fragment with bytes begin to end. By itself it is the last one if end
        isn't given, and its offset is begin.
        """
        more = end is not None if more is None else more
        offset = (begin if at is None else at) // 8
        body = Raw(self.body[begin:end])
        if self.family == 4:
            return bytes(self.ip(frag=offset, flags=flags | more) / body)
        return bytes(self.ip() / IPv6ExtHdrFragment(
            nh=6, offset=offset, m=int(more), id=self.number) / body)


def frame_of(host, packet):
    """The Ethernet frame in which this host sends an IP packet."""
    return host.macs + struct.pack("!H", ETHERTYPE[packet[0] >> 4]) + packet


def is_from(frame, family, src):
    where = slice(26, 30) if family == 4 else slice(22, 38)
    return (frame[12:14] == struct.pack("!H", ETHERTYPE[family]) and
            frame[where] == address(family, src))


def forwarded(packet):
    """This packet as a router sends it on."""
    if packet[0] >> 4 == 6:
        length = struct.unpack_from("!H", packet, 4)[0]
        end = 40 + length if length else len(packet)
        return packet[:7] + bytes([packet[7] - 1]) + packet[8:end]
    end = packet[0] % 16 * 4
    total = struct.unpack_from("!H", packet, 2)[0]
    head = packet[:8] + bytes([packet[8] - 1]) + packet[9:10]
    check = checksum(head + packet[12:end])
    return head + struct.pack("!H", check) + packet[12:total]


class Answer:
    """A TCP segment that the server has sent, in a frame."""

    def __init__(self, frame):
        ihl = frame[14] % 16 * 4 if frame[12:14] == b"\x08\x00" else 40
        (self.sport, self.dport, self.seq, self.ack, _,
         self.flags) = struct.unpack_from("!HHIIBB", frame, 14 + ihl)


def answers(frames, family, dst):
    """What the server's TCP says to dst."""
    where = slice(30, 34) if family == 4 else slice(38, 54)
    protocol = 23 if family == 4 else 20
    return [Answer(frame) for frame in frames
            if frame[12:14] == struct.pack("!H", ETHERTYPE[family]) and
            frame[where] == address(family, dst) and frame[protocol] == 6]


# ---- any other stack ----

def ports_behind_chains(frames):
    """
    Where the segments in these IPv6 frames go for a receiver with more patience
    than ours, who follows a chain of headers however long it is.
    """
    for frame in frames:
        next_header, at = frame[20], 54
        while next_header in EXTENSIONS and at + 8 <= len(frame):
            if next_header == 44 and frame[at + 2:at + 4] > b"\0\x07":
                break				# a later fragment
            length = 1 if next_header == 44 else frame[at + 1] + 1
            if next_header == 51:
                length = (frame[at + 1] + 2) / 2
            next_header, at = frame[at], at + int(8 * length)
        if next_header == 6 and at + 4 <= len(frame):
            yield int.from_bytes(frame[at + 2:at + 4], "big")


def first_fragments_ports(frames):
    """
    Where the segments in these IPv4 frames go if fragments overlap: whatever
    the receiver prefers, ports are in a fragment with offset 0, and no other.
    """
    for frame in frames:
        begin = 14 + frame[14] % 16 * 4
        if not struct.unpack_from("!H", frame, 20)[0] & 0x1FFF:
            yield int.from_bytes(frame[begin + 2:begin + 4], "big")


# ---- the server ----

class Stack:
    """A host's own TCP: it listens, accepts, and reads what comes."""

    def __init__(self, netns, ports=(25, 587)):
        enter_netns(netns)
        self.snmp = open("/proc/thread-self/net/snmp", "rb", buffering=0)
        self.listeners = [self.listen(family, port)
                          for family in (socket.AF_INET, socket.AF_INET6)
                          for port in ports]
        self.connections = {}		# (peer's address, port): socket

    @staticmethod
    def listen(family, port):
        any_address = "0.0.0.0" if family == socket.AF_INET else "::"
        listener = socket.create_server((any_address, port), family=family,
                                        backlog=100)
        listener.setblocking(False)
        return listener

    def stop_listening(self):
        """Connections that are open stay so."""
        for listener in self.listeners:
            listener.close()
        self.listeners = []

    def segments(self):
        """How many segments TCP has seen, good and bad."""
        text = self.snmp.seek(0) or self.snmp.read(65536).decode()
        names, values = [line.split() for line in text.splitlines()
                         if line.startswith("Tcp:")]
        return int(values[names.index("InSegs")])

    def accept(self):
        for listener in self.listeners:
            try:
                while True:
                    connection, peer = listener.accept()
                    connection.setblocking(False)
                    self.connections[peer[:2]] = connection
            except BlockingIOError:
                pass

    def read(self):
        """What has come by now: {(peer's address, port): data}; b"": the end."""
        self.accept()
        got = {}
        for peer, connection in self.connections.items():
            try:
                got[peer] = connection.recv(1 << 20)
            except BlockingIOError:
                pass
            except ConnectionError:
                got[peer] = b""
        return got

    def port(self, peer):
        """Which of our ports this peer is connected to."""
        return self.connections[peer].getsockname()[1]

    def close(self, peer):
        """Closes a connection by a reset."""
        connection = self.connections.pop(peer, None)
        if connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            connection.close()


class Client:
    """
    The other end of a connection, played by hand: src is no address of any
    host's own, so that no kernel interferes.
    """

    def __init__(self, lab, family, src, dst, final=None, dport=25):
        self.lab, self.family, self.src, self.dst = lab, family, src, dst
        self.final, self.dport = final, dport
        self.seen_at = src		# where answers are sent to first
        self.sport, self.seq, self.ack = next(sports), SEQ, 0
        self.peer = name_to_text(family, src), self.sport

    def segment(self, flags, data=b""):
        return Segment(self.family, self.src, self.dst, self.sport, self.dport,
                       flags, self.seq, self.ack, data, self.final)

    def syn(self, data=b""):
        return self.segment(SYN, data)

    def data(self, data=DATA):
        return self.segment(ACK | PSH, data)

    def answered(self, back):
        """Takes the SYN|ACK down, if it is among these frames."""
        for answer in answers(back, self.family, self.seen_at):
            if answer.dport == self.sport and answer.flags == SYN | ACK:
                self.seq, self.ack = answer.ack, answer.seq + 1
                return True
        return False

    def open(self):
        """The plain handshake."""
        _, back = self.lab.transmit([self.syn().whole()])
        if not self.answered(back):
            raise RuntimeError(f"no connection from {self.src}")
        self.lab.transmit([self.segment(ACK).whole()])
        self.lab.stack.accept()
        return self

    def close(self):
        self.lab.transmit([self.segment(RST).whole()])
        self.lab.stack.close(self.peer)


# ---- the laboratory ----

SERVER = """
link set lo up
addr add 203.0.113.25/32 dev lo
addr add 192.0.2.25/32 dev lo
addr add 2001:db8:203::25/128 dev lo
addr add 2001:db8:25::25/128 dev lo
"""


class BypassLab(Lab):
    """The topology, with a server that listens at "foreign" and "relay"."""

    def __init__(self, plan):
        super().__init__(plan)
        self.run("ip", "-n", self.netns("server"), "-batch", "-", text=SERVER)
        self.stack = Stack(self.netns("server"))
        enter_netns(self.netns("router"))
        self.send = self.hosts["subscriber"].socket.send	# a frame
        self.forwarded = forwarded
        self.untouched = True		# must packets come out as they went in?
        self.settle = lambda: None	# waits for what the server does later
        self.policy(NO_BLOCK)
        self.victims = {family: Client(self, family, BLOCKED, "foreign").open()
                        for family in (4, 6)}
        self.policy(POLICY)

    def transmit(self, packets, host=None):
        """
        Sends packets, bytes each, from the subscriber or another host. Returns
        the frames that have come to the server, and what has then come back.
        """
        near, far = self.hosts["subscriber"], self.hosts["server"]
        near.captured()
        far.captured()
        send = host.socket.send if host else self.send
        for packet in packets:
            send(frame_of(host or near, packet))
        frames = self.arrivals("subscriber")
        self.settle()
        return frames, self.arrivals("server")

    # -- another source --

    def reach(self, family, disguise, dst, final, syn_data):
        """How far does this get? Also returns what has been done to packets."""
        client = Client(self, family, ANYBODY, dst, final)
        before = self.stack.segments()
        packets = disguise(client.syn(syn_data))
        frames, back = self.transmit(packets)
        problems = self.compare(family, packets, frames)
        got = {}
        if client.answered(back):
            packets = disguise(client.data())
            more, _ = self.transmit(packets)
            problems += self.compare(family, packets, more)
            got = self.stack.read()
        seen = self.stack.segments() > before
        if got.get(client.peer) == DATA:
            port = self.stack.port(client.peer)
            client.close()
            return (ARRIVES if port == 25 else ELSEWHERE), problems
        client.close()
        if seen:
            return SEEN, problems
        if any(is_from(frame, family, ANYBODY) for frame in frames):
            return DISCARDED, problems
        return REFUSED, problems

    def compare(self, family, packets, frames):
        """Has a packet come out otherwise than it went in?"""
        if not self.untouched:
            return []
        arrived = [frame[14:] for frame in frames
                   if is_from(frame, family, ANYBODY)]
        wanted = [self.forwarded(packet) for packet in packets]
        if not arrived or arrived == wanted:
            return []
        return [f"changed: {one.hex()} to {other.hex()}" for one, other in
                itertools.zip_longest(wanted, arrived, fillvalue=b"")
                if one != other]

    # -- a blocked subscriber --

    def leaks(self, family, disguise, dst, final, syn_data, mixed):
        """What comes through of a blocked subscriber's."""
        victim = self.victims[family]
        client = Client(self, family, BLOCKED, dst, final)
        data = victim.data()
        if dst != "foreign":
            data = Segment(family, BLOCKED, dst, victim.sport, 25, ACK | PSH,
                           victim.seq, victim.ack, DATA, final)
        before = self.stack.segments()
        frames, back = self.transmit(disguise(client.syn(syn_data)) +
                                     disguise(data))
        got = self.stack.read()
        problems = [f"LEAK: {peer}: {data}" for peer, data in got.items()
                    if self.stack.port(peer) == 25]
        problems += [f"LEAK: answered, flags {answer.flags}"
                     for answer in answers(back, family, BLOCKED)
                     if answer.sport == 25]
        if not mixed and self.stack.segments() != before:
            problems.append("LEAK: the server's TCP has seen a segment")
        if family == 4 and 25 in first_fragments_ports(
                frame for frame in frames if is_from(frame, 4, BLOCKED) and
                frame[23] == 6):
            problems.append("LEAK: port 25 in a first fragment")
        if family == 6 and 25 in ports_behind_chains(
                frame for frame in frames if is_from(frame, 6, BLOCKED)):
            problems.append("LEAK: port 25 behind a chain of headers")
        return problems

    def gets_through(self, family, disguise):
        """What is wrong if a blocked subscriber's data should arrive."""
        victim = self.victims[family]
        self.transmit(disguise(victim.data()))
        got = self.stack.read().get(victim.peer)
        if got != DATA:
            return [f"{got}"]
        victim.seq += len(DATA)
        return []

    # -- both --

    def case(self, name, family, disguise, reach, *, dst="foreign", final=None,
             mixed=False, syn_data=b""):
        """
        One result. If mixed, there is more in it than mail: TCP may see that.
        Several values of reach: that depends on the kernel.
        """
        wanted = [reach] if isinstance(reach, str) else reach
        how_far, problems = self.reach(family, disguise, dst, final, syn_data)
        if how_far not in wanted:
            problems.append(f"from anybody else: {how_far}, not: {wanted}")
        problems += self.leaks(family, disguise, dst, final, syn_data, mixed)
        self.result(f"IPv{family}: {name} ({how_far})", problems)

    def still_open(self):
        """
        The subscriber's connections have been there all the time: without p25,
        data arrives on them.
        """
        self.policy(NO_BLOCK)
        for family, victim in self.victims.items():
            self.transmit([victim.data().whole()])
            got = self.stack.read().get(victim.peer)
            self.result(f"IPv{family}: control: the subscriber's connection was "
                        "there all the time", [] if got == DATA else [f"{got}"])

    def finish(self, remove=()):
        self.still_open()
        super().finish(remove)
