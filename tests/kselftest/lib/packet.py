# SPDX-License-Identifier: GPL-2.0
"""
What the packet tests share: a router between a subscriber and a server (lib.sh
has the picture), and packets made byte by byte that cross it.

No test sleeps and hopes. Every packet bears a number of its own, and after each
batch goes a sentinel, a UDP packet that always passes: once that is there, all
that will ever arrive has arrived. This holds because the whole path from the
one host to the other is run by the CPU that sends, which is always the same
one, first come first served. What a tunnel or PPP unpacks has to queue once
more, and falls behind a sentinel; so a second one follows when the first is
there.
"""

import ctypes
import fcntl
import itertools
import json
import os
import select
import socket
import struct
import subprocess
import sys
import termios
import time

from lib import netlink
from lib.ktap import Ktap

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ETHERTYPE = {4: 0x0800, 6: 0x86DD}
CLONE_NEWNET = 0x40000000
SOL_PACKET, PACKET_IGNORE_OUTGOING, ETH_P_ALL = 263, 23, 3
PATIENCE = 120			# seconds for what must come; this only ends a hang
SENTINELS = 2
DROPPED = [f"{what}_{kind}" for what in ("drop", "reject", "prohibit",
                                         "inbound_drop")
           for kind in ("pool", "block")]

# Prefixes and addresses, by the same names in both families.
NAMES = {
    4: {
        "all": "0.0.0.0/0",
        "wide": "198.51.100.0/25",
        "wide_first": "198.51.100.0",
        "wide_last": "198.51.100.127",
        "in_wide": "198.51.100.9",
        "before_middle": "198.51.100.63",
        "middle": "198.51.100.64/28",
        "in_middle": "198.51.100.65",
        "middle_last": "198.51.100.79",
        "after_middle": "198.51.100.80",
        "narrow": "198.51.100.68/30",
        "narrow_first": "198.51.100.68",
        "in_narrow": "198.51.100.69",
        "narrow_last": "198.51.100.71",
        "host": "198.51.100.70",
        "outside": "198.51.100.128",
        "subscriber": "198.51.100.2",
        "server": "203.0.113.2",
        "foreign": "203.0.113.25",
        "relay": "192.0.2.25",
        "no_relay": "192.0.2.26",
        "relays": "192.0.2.128/26",
        "in_relays": "192.0.2.129",
        "after_relays": "192.0.2.192",
        "one": "198.51.100.{}",
    },
    6: {
        "all": "::/0",
        "wide": "2001:db8:100::/49",
        "wide_first": "2001:db8:100::",
        "wide_last": "2001:db8:100:7fff:ffff:ffff:ffff:ffff",
        "in_wide": "2001:db8:100:9::9",
        "before_middle": "2001:db8:100:3fff:ffff:ffff:ffff:ffff",
        "middle": "2001:db8:100:4000::/56",
        "in_middle": "2001:db8:100:4000::1",
        "middle_last": "2001:db8:100:40ff:ffff:ffff:ffff:ffff",
        "after_middle": "2001:db8:100:4100::",
        "narrow": "2001:db8:100:4010::/60",
        "narrow_first": "2001:db8:100:4010::",
        "in_narrow": "2001:db8:100:4012::69",
        "narrow_last": "2001:db8:100:401f:ffff:ffff:ffff:ffff",
        "host": "2001:db8:100:4011::70",
        "outside": "2001:db8:100:8000::",
        "subscriber": "2001:db8:100::2",
        "server": "2001:db8:203::2",
        "foreign": "2001:db8:203::25",
        "relay": "2001:db8:25::25",
        "no_relay": "2001:db8:25::26",
        "relays": "2001:db8:25:128::/64",
        "in_relays": "2001:db8:25:128::129",
        "after_relays": "2001:db8:25:129::",
        "one": "2001:db8:100::{}",
    },
}


def address(family, name):
    """The address of that name, or written like an address, as bytes."""
    if family == 4:
        return socket.inet_pton(socket.AF_INET, NAMES[4].get(name, name))
    return socket.inet_pton(socket.AF_INET6, NAMES[6].get(name, name))


# ---- making packets ----

def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(family, src, dst, protocol, length):
    if family == 4:
        return src + dst + struct.pack("!BBH", 0, protocol, length)
    return src + dst + struct.pack("!IHBB", length, 0, 0, protocol)


def tcp(family, src, dst, sport, dport, flags=SYN, seq=1000, ack=0, data=b""):
    """A TCP segment; src and dst are names or addresses, for the checksum."""
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags,
                       8192, 0, 0)
    pseudo = pseudo_header(family, address(family, src), address(family, dst),
                           TCP, len(head) + len(data))
    check = struct.pack("!H", checksum(pseudo + head + data))
    return head[:16] + check + head[18:] + data


def udp(sport, dport, data=b""):
    """A UDP datagram without a checksum: a router doesn't look at it."""
    return struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data


class Packet:
    """
    An IP packet with a number: its identification or flow label.

    IPv4: offset and more are those of a fragment, options is a multiple of 4.
    IPv6: headers are extension headers, see extend().
    """

    numbers = itertools.count(1)

    def __init__(self, family, src, dst, protocol, body, *, offset=0,
                 more=False, options=b"", headers=()):
        self.number = next(self.numbers)
        assert self.number < 65536
        self.family, self.src, self.dst = family, src, dst
        src, dst = address(family, src), address(family, dst)
        if family == 4:
            self.bytes = self.ipv4(src, dst, protocol, body, offset, more,
                                   options)
        else:
            self.bytes = self.ipv6(src, dst, *extend(headers, protocol, body))

    def ipv4(self, src, dst, protocol, body, offset, more, options):
        head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0,
                           20 + len(options) + len(body), self.number,
                           offset | (0x2000 if more else 0), 64, protocol, 0)
        check = checksum(head + src + dst + options)
        return (head[:10] + struct.pack("!H", check) + src + dst + options +
                body)

    def ipv6(self, src, dst, protocol, body):
        return struct.pack("!IHBB", 6 << 28 | self.number, len(body), protocol,
                           64) + src + dst + body


def number_of(frame):
    """The number of the packet in this frame; 0: it bears none."""
    kind = frame[12:14]
    if kind == b"\x08\x00":
        return struct.unpack_from("!H", frame, 18)[0]
    if kind == b"\x86\xdd":
        return struct.unpack_from("!I", frame, 14)[0] & 0xFFFFF
    return 0


def extend(headers, protocol, body):
    """Puts IPv6 extension headers, pairs of number and bytes, before body."""
    for number, header in reversed(headers):
        body = bytes([protocol]) + header[1:] + body
        protocol = number
    return protocol, body


def options_header(number, length=8):
    """Hop-by-hop (0) or destination options (60), nothing but padding."""
    return number, struct.pack(f"BBBB{length - 4}x", 0, length // 8 - 1, 1,
                               length - 4)


def fragment_header(offset=0, more=False):
    """A fragment header; offset in units of 8 bytes."""
    return 44, struct.pack("!BBHI", 0, 0, offset << 3 | more, 4711)


def routing_header(kind, left):
    """A routing header with one address in it."""
    return 43, (struct.pack("!BBBBI", 0, 2, kind, left, 0) +
                address(6, "foreign"))


def authentication_header():
    return 51, struct.pack("!BBHIII", 0, 4, 0, 256, 1, 0) + bytes(8)


def mail(family, src, dst, dport=25, sport=40000, flags=SYN, **more):
    """A TCP packet; more is what tcp() and Packet() take."""
    ip = {key: more.pop(key) for key in ("options", "headers") if key in more}
    segment = tcp(family, src, dst, sport, dport, flags, **more)
    return Packet(family, src, dst, TCP, segment, **ip)


# ---- the laboratory ----

libc = ctypes.CDLL(None, use_errno=True)


def enter_netns(name):
    with open(f"/run/netns/{name}", "rb") as netns:
        if libc.setns(netns.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {name}")


class Host:
    """
    A host's end of its link to the router: sends and captures frames. Without a
    namespace, in the one where we are.
    """

    def __init__(self, netns, number, device="eth0"):
        if netns:
            enter_netns(netns)
        self.macs = bytes.fromhex(f"022500000{number}01022500000{number}02")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 23)	# RCVBUFFORCE
        self.socket.bind((device, ETH_P_ALL))

    def frame(self, packet):
        return (self.macs + struct.pack("!H", ETHERTYPE[packet.family]) +
                packet.bytes)

    def send(self, packet):
        self.socket.send(self.frame(packet))

    def captured(self):
        """All frames that have come up to now."""
        frames = []
        try:
            while True:
                frames.append(self.socket.recv(1 << 17, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return frames

    def capture_until(self, number, patience=PATIENCE):
        """All frames up to, not including, that of sentinel number."""
        frames = []
        deadline = time.monotonic() + patience
        while True:
            wait = max(0, deadline - time.monotonic())
            if not select.select([self.socket], [], [], wait)[0]:
                raise TimeoutError("the sentinel has not arrived")
            frame = self.socket.recv(1 << 17)
            if number_of(frame) == number and frame[23] == UDP:
                return frames
            frames.append(frame)


def sentinel(sender):
    """A packet of this host's that always passes."""
    if sender == "server":
        return Packet(4, "foreign", "outside", UDP, udp(9, 9))
    return Packet(4, "outside", "foreign", UDP, udp(9, 9))


def wait_for_link(near, far, sender):
    """
    A device discards what it is to send until the kernel has noticed that the
    other end is up, too, which is some time after it was set up.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        packet = sentinel(sender)
        near.send(packet)
        try:
            far.capture_until(packet.number, 0.1)
            break
        except TimeoutError:
            if time.monotonic() > deadline:
                raise
    last = sentinel(sender)		# behind those that were only late
    near.send(last)
    far.capture_until(last.number)


class Reading:
    """
    A p25ctl that has read all of its standard input, and waits for more: with
    -b its transaction is open, and has all but the last few hundred entries.
    """

    def __init__(self, *words, text):
        self.process = subprocess.Popen(
            ["p25ctl", *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self.process.stdin.write(text)
        self.process.stdin.flush()
        while not self.is_waiting():
            if self.process.poll() is not None:
                raise RuntimeError(f"p25ctl: {self.process.stderr.read()}")
            time.sleep(0.001)

    def is_waiting(self):
        """Is nothing left in the pipe, and is it in read(0, ...)?"""
        left = fcntl.ioctl(self.process.stdin, termios.FIONREAD, bytes(4))
        if any(left):
            return False
        try:
            with open(f"/proc/{self.process.pid}/syscall",
                      encoding="ascii") as file:
                number, *arguments = file.read().split()
        except OSError:
            return False
        return number not in ("running", "-1") and arguments[0] == "0x0"

    def end(self):
        """That was all. Returns p25ctl's status and what it says."""
        text = self.process.communicate()[1]
        return self.process.returncode, text.strip()


class Topology:
    """The namespaces of lib.sh's topology; they vanish with this process."""

    def __init__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        self.process = subprocess.Popen(
            ["bash", "-c", ". ./lib.sh && hold_topology"], cwd=here,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.prefix = self.process.stdout.readline().strip()
        if not self.prefix.startswith("p25-"):
            sys.exit(self.prefix + self.process.stdout.read())
        near = Host(self.netns("subscriber"), 1)
        far = Host(self.netns("server"), 2)
        self.hosts = {"subscriber": near, "server": far}
        wait_for_link(near, far, "subscriber")
        wait_for_link(far, near, "server")

    def netns(self, name):
        return f"{self.prefix}-{name}"

    def close(self):
        """To be called from none of the namespaces."""
        self.process.stdin.close()
        self.process.wait()


class Lab:
    """
    The topology, KTAP results, and p25ctl on the router.

    This process, and what it starts, runs in the router's namespace and on one
    CPU. A flood runs on another, if there are two.
    """

    def __init__(self, plan):
        self.ktap = Ktap(plan)
        self.cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(self.cpus)})
        self.home = open("/proc/self/ns/net", "rb")
        self.topology = Topology()
        self.hosts = self.topology.hosts
        self.netns = self.topology.netns
        enter_netns(self.netns("router"))
        self.genl = netlink.Genl()
        self.last_counters = None

    def leave(self):
        """Goes back to the namespace that the test was started in."""
        libc.setns(self.home.fileno(), CLONE_NEWNET)

    # -- results --

    def result(self, name, problems):
        """problems is a list, empty if all is well."""
        self.ktap.result(not problems, name, *problems)

    def skip(self, name, reason):
        self.ktap.skip(name, reason)

    def finish(self, remove=()):
        """Modules to remove are such that this test has loaded."""
        self.leave()
        for module in remove:
            self.run("modprobe", "-rq", module)
        self.topology.close()
        self.ktap.end()

    # -- commands --

    def run(self, *command, text=None):
        """Runs a command in the router; returns its output, or raises."""
        done = subprocess.run(command, input=text, capture_output=True,
                              text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: status "
                               f"{done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def p25ctl(self, *words):
        return self.run("p25ctl", *words)

    def json(self, *words):
        return json.loads(self.p25ctl("-j", *words))

    def policy(self, text):
        """
        Makes this the whole policy, with the settings' defaults. A line that
        has {NAME} in it stands for two, one of each family.
        """
        given = {line.split()[0] for line in text.splitlines() if line.strip()}
        lines = [setting for setting in ("action drop", "inbound on")
                 if setting.split()[0] not in given]
        for line in text.strip().splitlines():
            if "{" in line:
                lines += [line.format_map(NAMES[4]), line.format_map(NAMES[6])]
            else:
                lines.append(line)
        self.run("p25ctl", "apply", "--all", "--force", "--wide", "-",
                 text="\n".join(line.strip() for line in lines) + "\n")

    def counters(self):
        """
        Asked for by netlink, because this is done so often that starting p25ctl
        for it would take too long on an emulated machine.
        """
        answer = self.genl.request(netlink.P25_CMD_SHOW)
        nest = dict(answer.messages[0])[netlink.P25_A_COUNTERS]
        names = {number: name.removeprefix("P25_COUNTER_").lower()
                 for name, number in netlink.ENUMS["p25_counter"].items()
                 if not name.endswith("_MAX")}
        return {names[kind]: struct.unpack("=Q", value)[0]
                for kind, value in netlink.parse(nest) if len(value) == 8}

    def moved(self):
        """Which counters have moved since the last call, and by how much."""
        before, self.last_counters = self.last_counters, self.counters()
        return {name: value - (before[name] if before else 0)
                for name, value in self.last_counters.items()
                if not before or value != before[name]}

    # -- packets --

    def ends(self, sender):
        """Two hosts, this one first."""
        other = "server" if sender == "subscriber" else "subscriber"
        return self.hosts[sender], self.hosts[other]

    def arrivals(self, sender):
        """Frames of all that this host has sent, or has had sent, up to now."""
        near, far = self.ends(sender)
        frames = []
        for _ in range(SENTINELS):
            packet = sentinel(sender)
            near.send(packet)
            frames += far.capture_until(packet.number)
        return frames

    def cross(self, packets, sender="subscriber"):
        """
        Sends packets from one host; returns the numbers of those that arrive at
        the other, and the frames that came back.
        """
        near, far = self.ends(sender)
        near.captured()
        far.captured()
        for packet in packets:
            near.send(packet)
        arrived = {number_of(frame) for frame in self.arrivals(sender)}
        return arrived, near.captured()

    def try_rows(self, rows, sender="subscriber"):
        """
        Sends the packet of each row, (text, packet, True if it shall pass), and
        returns what is wrong.
        """
        arrived, back = self.cross([row[1] for row in rows], sender)
        problems = [f"{text}: {'is lost' if passes else 'passes'}"
                    for text, packet, passes in rows
                    if (packet.number in arrived) != passes]
        return problems + [f"unexpected reset to {frame.hex()}"
                           for frame in back if is_reset(frame)]

    def try_judged(self, rows, sender="subscriber"):
        """The same; and p25 must have counted what is lost."""
        self.moved()
        problems = self.try_rows(rows, sender)
        moved = self.moved()
        dropped = sum(moved.get(name, 0) for name in DROPPED)
        lost = sum(not passes for _, _, passes in rows)
        if dropped != lost:
            problems.append(f"{lost} should be dropped; counters: {moved}")
        return problems


def is_reset(frame):
    """Is this frame, without IP options, a TCP reset?"""
    if frame[12:14] == b"\x08\x00":
        return frame[23] == TCP and frame[47] & RST
    return frame[12:14] == b"\x86\xdd" and frame[20] == TCP and frame[67] & RST
