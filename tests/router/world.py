# SPDX-License-Identifier: GPL-2.0
"""
What is around the router: subscribers on one link, servers on the other, played by this
process. It speaks Ethernet with QEMU's network devices by datagrams of Unix sockets, so the
machine needs neither rights nor devices for it, and counts every packet at the server.

    subscribers 198.51.100.0/24, 2001:db8:100::/64      link "sub"
    servers     203.0.113.0/24, 192.0.2.0/24,           link "srv"
                2001:db8:203::/64, 2001:db8:25::/64

Subscribers try all the time: a SYN of each Flow every PERIOD seconds, or less often, while
the machine has much to do: World.period.
"""

import ipaddress
import os
import socket
import struct
import threading
import time

PERIOD = 0.05
ROUTER = {"sub": bytes.fromhex("525400000001"), "srv": bytes.fromhex("525400000002")}
OWN = bytes.fromhex("525400000011")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Flow:
    """Attempts of one subscriber to reach one server's port."""

    def __init__(self, name, src, dst, port=25):
        self.name = name
        self.src = ipaddress.ip_address(src)
        self.dst = ipaddress.ip_address(dst)
        self.port = port
        self.sent = 0
        self.passed = []            # when

    def key(self):
        return self.src.packed, self.dst.packed, self.port

    def frame(self):
        """A SYN; each time from another port."""
        self.sent += 1
        tcp = struct.pack("!HHIIBBHHH", 1024 + self.sent % 50000, self.port,
                          self.sent, 0, 5 << 4, 2, 65535, 0, 0)
        pseudo = self.src.packed + self.dst.packed
        if self.src.version == 4:
            pseudo += struct.pack("!HH", 6, len(tcp))
        else:
            pseudo += struct.pack("!II", len(tcp), 6)
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
        if self.src.version == 6:
            head = struct.pack("!IHBB", 6 << 28, len(tcp), 6, 64)
            return b"\x86\xdd" + head + self.src.packed + self.dst.packed + tcp
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), self.sent & 0xffff, 0,
                           64, 6, 0) + self.src.packed + self.dst.packed
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return b"\x08\x00" + head + tcp


class World:
    """Both links. FOLDER has the sockets: NAME.qemu is QEMU's, NAME.world ours."""

    def __init__(self, folder, flows):
        self.folder = folder
        self.flows = flows
        self.period = PERIOD
        self.by_key = {flow.key(): flow for flow in flows}
        self.lock = threading.Lock()
        self.links = {}
        for name in ROUTER:
            link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            link.bind(f"{folder}/{name}.world")
            self.links[name] = link
            threading.Thread(target=self.receive, args=(name,), daemon=True).start()
        threading.Thread(target=self.send_all, daemon=True).start()

    def devices(self):
        """QEMU's options."""
        options = []
        for name, mac in ROUTER.items():
            options += ["-netdev", f"dgram,id={name}"
                        f",local.type=unix,local.path={self.folder}/{name}.qemu"
                        f",remote.type=unix,remote.path={self.folder}/{name}.world",
                        "-device", f"virtio-net-pci,netdev={name},mac={mac.hex(':')}"
                        ",romfile="]
        return options

    def unlink(self):
        """Before QEMU is started: what the last one has left."""
        for name in ROUTER:
            try:
                os.unlink(f"{self.folder}/{name}.qemu")
            except FileNotFoundError:
                pass

    def send(self, name, frame):
        try:
            self.links[name].sendto(frame, socket.MSG_DONTWAIT, f"{self.folder}/{name}.qemu")
        except OSError:
            pass                    # there is no router now, or it doesn't listen

    def send_all(self):
        while True:
            for flow in self.flows:
                self.send("sub", ROUTER["sub"] + OWN + flow.frame())
            time.sleep(self.period)

    def receive(self, name):
        while True:
            frame = self.links[name].recv(65536)
            kind = frame[12:14]
            if kind == b"\x08\x06":
                self.answer_arp(name, frame[14:])
            elif kind == b"\x08\x00":
                self.count(frame[14:], 4)
            elif kind == b"\x86\xdd" and frame[20] == 58 and frame[54] == 135:
                self.answer_neighbour(name, frame[14:])
            elif kind == b"\x86\xdd":
                self.count(frame[14:], 6)

    def answer_arp(self, name, arp):
        """We are everybody who is asked for."""
        if arp[6:8] == b"\0\1":
            self.send(name, arp[8:14] + OWN + b"\x08\x06" + arp[:6] + b"\0\2" + OWN +
                      arp[24:28] + arp[8:18])

    def answer_neighbour(self, name, packet):
        target, asker = packet[48:64], packet[8:24]
        if not any(asker):
            return                  # it looks whether its own address is taken
        body = struct.pack("!BBHI", 136, 0, 0, 0x60000000) + target + b"\2\1" + OWN
        pseudo = target + asker + struct.pack("!II", len(body), 58)
        body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
        self.send(name, ROUTER[name] + OWN + b"\x86\xdd" +
                  struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + target + asker + body)

    def count(self, packet, version):
        if version == 4:
            key, tcp = (packet[12:16], packet[16:20]), packet[(packet[0] & 15) * 4:]
        else:
            key, tcp = (packet[8:24], packet[24:40]), packet[40:]
        if len(tcp) < 4:
            return
        flow = self.by_key.get(key + (struct.unpack("!H", tcp[2:4])[0],))
        if flow:
            with self.lock:
                flow.passed.append(time.monotonic())

    def forget(self):
        with self.lock:
            for flow in self.flows:
                flow.passed.clear()
