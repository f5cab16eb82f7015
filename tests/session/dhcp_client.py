#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
dhcp_client - a DHCP client (RFC 2131) that takes a lease, and gives it back

usage: dhcp_client.py INTERFACE MAC lease|release [ADDRESS SERVER]

"lease" prints the address and the server; with both it asks for that lease again, as a
client does that has been restarted. Nothing is configured here.
"""

import random
import socket
import struct
import sys

DISCOVER, REQUEST, ACK, RELEASE = 1, 3, 5, 7
TYPE, REQUESTED, SERVER, END = 53, 50, 54, 255
COOKIE = b"\x63\x82\x53\x63"


def message(mac, kind, transaction, ciaddr="0.0.0.0", options=()):
    """A request; the answer to it is to be a broadcast."""
    text = struct.pack("!BBBBIHH4s12s16s192s", 1, 1, 6, 0, transaction, 0, 0x8000,
                       socket.inet_aton(ciaddr), b"", mac, b"") + COOKIE
    text += bytes((TYPE, 1, kind))
    for option, address in options:
        text += bytes((option, 4)) + socket.inet_aton(address)
    return text + bytes((END,))


def read_options(text):
    """The options of a message: {number: value}."""
    options, at = {}, 240
    while at < len(text) and text[at] != END:
        if not text[at]:
            at += 1
            continue
        options[text[at]] = text[at + 2:at + 2 + text[at + 1]]
        at += 2 + text[at + 1]
    return options


class Client:
    """One transaction on an interface."""

    def __init__(self, interface, mac):
        self.mac = bytes.fromhex(mac.replace(":", ""))
        self.transaction = random.getrandbits(32)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                             interface.encode())
        self.sock.bind(("0.0.0.0", 68))
        self.sock.settimeout(1)

    def send(self, kind, **more):
        self.sock.sendto(message(self.mac, kind, self.transaction, **more),
                         ("255.255.255.255", 67))

    def ask(self, kind, **more):
        """Until there is an answer: (address, server, options)."""
        while True:
            self.send(kind, **more)
            try:
                text = self.sock.recv(2048)
            except TimeoutError:
                continue
            if struct.unpack_from("!I", text, 4)[0] == self.transaction:
                options = read_options(text)
                return (socket.inet_ntoa(text[16:20]),
                        socket.inet_ntoa(options[SERVER]), options)

    def lease(self):
        address, server, _ = self.ask(DISCOVER)
        return self.confirm(options=((REQUESTED, address), (SERVER, server)))

    def confirm(self, **more):
        address, server, options = self.ask(REQUEST, **more)
        if options[TYPE] != bytes((ACK,)):
            sys.exit("it is refused")
        print(address, server)


def main():
    interface, mac, verb, *lease = sys.argv[1:]
    client = Client(interface, mac)
    if verb == "release":
        client.send(RELEASE, ciaddr=lease[0], options=((SERVER, lease[1]),))
    elif lease:
        client.confirm(options=((REQUESTED, lease[0]),))
    else:
        client.lease()


main()
