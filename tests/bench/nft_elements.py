# SPDX-License-Identifier: GPL-2.0
"""Puts elements into a set of nftables without nft.

nft needs a minute and more than a gigabyte for a million ranges; what the
kernel holds in the end is the same.
"""

import os
import socket
import struct

NFNL_SUBSYS_NFTABLES = 10
BATCH_BEGIN, BATCH_END = 0x10, 0x11
NEWSETELEM = NFNL_SUBSYS_NFTABLES << 8 | 12
REQUEST, ACK, CREATE = 0x1, 0x4, 0x400
NLMSG_ERROR = 2
ELEM_LIST_TABLE, ELEM_LIST_SET, ELEM_LIST_ELEMENTS = 1, 2, 3
NESTED = 0x8000
LIST_ELEM, ELEM_KEY, ELEM_FLAGS, DATA_VALUE = 1, 1, 3, 1
INTERVAL_END = 1

ELEMENTS_PER_MESSAGE = 1000	# an attribute has at most 64 KiB
MESSAGES_PER_BATCH = 50
NETLINK_NETFILTER = 12
SO_SNDBUFFORCE = 32


def attribute(kind, value):
    padding = b"\0" * (-len(value) % 4)
    return struct.pack("=HH", 4 + len(value), kind) + value + padding


def message(kind, flags, family, resource, payload=b""):
    return struct.pack("=IHHIIBBH", 20 + len(payload), kind, REQUEST | flags,
                       0, 0, family, 0, socket.htons(resource)) + payload


class Elements:
    """Makes elements whose keys all have the same size."""

    def __init__(self, size):
        blank = attribute(ELEM_KEY | NESTED,
                          attribute(DATA_VALUE, b"\0" * size))
        flags = attribute(ELEM_FLAGS, struct.pack(">I", INTERVAL_END))
        self.start = attribute(LIST_ELEM | NESTED, blank)[:-size]
        end = attribute(LIST_ELEM | NESTED, blank + flags)
        self.end = end[:-size - len(flags)]
        self.flags = flags

    def single(self, key):
        return self.start + key

    def range(self, first, beyond):
        return self.start + first + self.end + beyond + self.flags


def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def check_answers(sock):
    """Waits for the answer to the batch's last message."""
    while True:
        data = sock.recv(65536)
        while data:
            length, kind, _, _, _, error = struct.unpack_from("=IHHIIi", data)
            if kind == NLMSG_ERROR and error:
                raise OSError(-error, "nftables: " + os.strerror(-error))
            if kind == NLMSG_ERROR:
                return
            data = data[(length + 3) & ~3:]


def add(family, table, name, elements):
    """Adds packed elements (Elements.single(), .range()) to a set."""
    head = (attribute(ELEM_LIST_TABLE, table.encode() + b"\0") +
            attribute(ELEM_LIST_SET, name.encode() + b"\0"))
    bodies = (head + attribute(ELEM_LIST_ELEMENTS | NESTED, b"".join(chunk))
              for chunk in chunks(elements, ELEMENTS_PER_MESSAGE))
    begin = message(BATCH_BEGIN, 0, 0, NFNL_SUBSYS_NFTABLES)
    end = message(BATCH_END, 0, 0, NFNL_SUBSYS_NFTABLES)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       NETLINK_NETFILTER) as sock:
        sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 32 << 20)
        sock.bind((0, 0))
        for batch in chunks(bodies, MESSAGES_PER_BATCH):
            flags = [CREATE] * (len(batch) - 1) + [CREATE | ACK]
            sock.send(begin + b"".join(
                message(NEWSETELEM, flag, family, 0, body)
                for flag, body in zip(flags, batch)) + end)
            check_answers(sock)
