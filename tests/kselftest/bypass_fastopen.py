#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
TCP Fast Open (RFC 7413): data in the very first packet. A server takes it from who
shows a cookie, and that is for a pair of addresses, whatever the ports.

So a blocked subscriber may fetch one from another port, and tell it to a helper
elsewhere, who sends a SYN in the subscriber's name, with cookie and mail in it.
That packet doesn't cross this router: nothing here can stop it. What the server
answers does, and is dropped, so that no second packet follows the first one.

    subscriber ──── p25 ──── server            port 25 and 587, both with Fast Open
                               │
                             helper            in the subscriber's name
"""

import itertools
import socket
import struct

from lib.packet import (ACK, NAMES, PSH, SYN, Lab, Packet, address,
                        checksum, enter_netns, pseudo_header)

FAMILIES = (4, 6)
SOCKET_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
KIND = {4: b"\x08\x00", 6: b"\x86\xdd"}		# Ethernet's, of a frame
TCP, TCP_FASTOPEN, MSG_FASTOPEN = 6, 23, 0x20000000
OPTION_MSS, OPTION_FASTOPEN, NO_OPERATION = 2, 34, b"\x01"
MAIL = b"HELO a\r\nMAIL FROM:<s@bypass.example>\r\nRCPT TO:<r@v.example>\r\n"
SUBSCRIBER, SERVER = "subscriber", "server"
SEQ = 1000
sports = itertools.count(40000)


def segment(family, sport, flags, seq, ack=0, options=b"", data=b""):
    """A packet in the subscriber's name, to port 25 of the server."""
    src, dst = address(family, SUBSCRIBER), address(family, SERVER)
    head = struct.pack("!HHIIBBHHH", sport, 25, seq, ack,
                       5 + len(options) // 4 << 4, flags, 8192, 0, 0) + options
    pseudo = pseudo_header(family, src, dst, TCP, len(head) + len(data))
    check = struct.pack("!H", checksum(pseudo + head + data))
    return Packet(family, SUBSCRIBER, SERVER, TCP,
                  head[:16] + check + head[18:] + data)


def syn(family, sport, cookie):
    option = bytes([OPTION_FASTOPEN, 2 + len(cookie)]) + cookie
    options = struct.pack("!BBH", OPTION_MSS, 4, 1400) + option
    options += NO_OPERATION * (-len(options) % 4)
    return segment(family, sport, SYN, SEQ, options=options, data=MAIL)


def cookies(frames, family):
    """Cookies in these frames, as far as they are SYN|ACKs."""
    begin = 34 if family == 4 else 54
    for frame in frames:
        if frame[12:14] != KIND[family] or len(frame) < begin + 20 or \
           frame[begin + 13] != SYN | ACK:
            continue
        options = frame[begin + 20:begin + (frame[begin + 12] >> 4) * 4]
        while options and options[0]:
            length = 1 if options[:1] == NO_OPERATION else options[1]
            if options[0] == OPTION_FASTOPEN:
                yield options[2:length]
            options = options[length:]


class Server:
    """Listens on a port, with Fast Open."""

    def __init__(self, lab, family, port):
        enter_netns(lab.netns("server"))
        self.listener = socket.create_server((NAMES[family][SERVER], port),
                                             family=SOCKET_FAMILY[family])
        enter_netns(lab.netns("router"))
        self.listener.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 8)
        self.listener.setblocking(False)
        self.connection = None

    def read(self):
        """What has come by now, on the one connection; None: there is none."""
        try:
            if not self.connection:
                self.connection, _ = self.listener.accept()
                self.connection.setblocking(False)
            return self.connection.recv(1 << 16)
        except BlockingIOError:
            return b"" if self.connection else None

    def close(self):
        self.listener.close()
        if self.connection:
            self.connection.close()


def fetch_cookie(lab, family):
    """The subscriber's own TCP asks for one on the port for submission."""
    submission = Server(lab, family, 587)
    near = lab.hosts["subscriber"]
    near.captured()
    enter_netns(lab.netns("subscriber"))
    with socket.socket(SOCKET_FAMILY[family]) as client:
        enter_netns(lab.netns("router"))
        client.sendto(b"EHLO\r\n", MSG_FASTOPEN, (NAMES[family][SERVER], 587))
        cookie = next(cookies(near.captured(), family), None)
    submission.close()
    return cookie


class Helper:
    """A host on the server's side of the router, which forwards nothing here."""

    def __init__(self, lab):
        self.lab = lab
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind(("srv", 0))

    def send(self, packet):
        """And waits until the server has got it, and has answered."""
        macs = bytes.fromhex("022500000202" "022500000201")
        self.socket.send(macs + KIND[packet.family] + packet.bytes)
        self.lab.cross([])
        self.lab.cross([], "server")


def moved_by_subscriber(lab):
    """Without what a server sends once more that was not answered."""
    moved = lab.moved()
    moved.pop("inbound_drop_pool", None)
    return moved


def try_family(lab, family):
    lab.moved()
    cookie, moved = fetch_cookie(lab, family), moved_by_subscriber(lab)
    lab.result(f"IPv{family}: a cookie is fetched from port 587",
               [] if cookie and not moved else [f"{cookie}, {moved}"])
    cookie = cookie or bytes(8)

    mail, helper = Server(lab, family, 25), Helper(lab)
    lab.cross([syn(family, next(sports), cookie)])
    got, moved = mail.read(), moved_by_subscriber(lab)
    lab.result(f"IPv{family}: the subscriber's own packet is dropped",
               [] if got is None and moved == {"drop_pool": 1} else
               [f"{got}, {moved}"])

    helper.send(syn(family, next(sports), bytes(len(cookie))))
    got = mail.read()
    lab.result(f"IPv{family}: control: without the cookie nothing is read",
               [] if got is None else [f"{got}"])

    lab.moved()
    sport = next(sports)
    helper.send(syn(family, sport, cookie))
    got, moved = mail.read(), lab.moved()
    lab.result(f"IPv{family}: a helper's packet is read: out of reach",
               [] if got == MAIL else [f"{got}"])
    lab.result(f"IPv{family}: the answer to it is dropped",
               [] if moved.keys() == {"inbound_drop_pool"} else [f"{moved}"])

    # Who does not get the answer can't know what to acknowledge.
    helper.send(segment(family, sport, ACK | PSH, SEQ + 1 + len(MAIL), 1,
                        data=b"DATA\r\n"))
    got = mail.read()
    lab.result(f"IPv{family}: nothing that follows is read",
               [] if got == b"" else [f"{got}"])
    mail.close()


def main():
    lab = Lab(6 * len(FAMILIES))
    for name, value in (("server", 3), ("subscriber", 1)):
        enter_netns(lab.netns(name))
        lab.run("sysctl", "-qw", f"net.ipv4.tcp_fastopen={value}")
    enter_netns(lab.netns("router"))
    lab.policy("pool {wide}")
    for family in FAMILIES:
        try_family(lab, family)
    lab.finish()


if __name__ == "__main__":
    main()
