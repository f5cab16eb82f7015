# SPDX-License-Identifier: GPL-2.0
"""Puts entries into sets of nftables and ipset without their tools.

Those need a minute and more for a million entries on this kernel, whose system
calls are slow; what the kernel holds in the end is the same.
"""

import os
import socket
import struct

SUBSYS_IPSET, SUBSYS_NFTABLES = 6, 10
REQUEST, ACK, CREATE = 0x1, 0x4, 0x400
NESTED, NET_BYTEORDER = 0x8000, 0x4000
NLMSG_ERROR = 2
NETLINK_NETFILTER = 12
SO_SNDBUFFORCE = 32

ENTRIES_PER_MESSAGE = 1000	# an attribute has at most 64 KiB
MESSAGES_PER_BATCH = 50


def attribute(kind, value):
    padding = b"\0" * (-len(value) % 4)
    return struct.pack("=HH", 4 + len(value), kind) + value + padding


def message(kind, flags, family, resource, payload=b""):
    return struct.pack("=IHHIIBBH", 20 + len(payload), kind, REQUEST | flags,
                       0, 0, family, 0, socket.htons(resource)) + payload


def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def netfilter_socket():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 32 << 20)
    sock.bind((0, 0))
    return sock


def check_answer(sock, who):
    """Waits for the answer to the message that asked for one."""
    while True:
        data = sock.recv(1 << 20)
        while data:
            length, kind, _, _, _, error = struct.unpack_from("=IHHIIi", data)
            if kind == NLMSG_ERROR and error:
                raise OSError(-error, f"{who} refuses an entry: {error}")
            if kind == NLMSG_ERROR:
                return
            data = data[(length + 3) & ~3:]


class NftElements:
    """Makes elements of nftables, whose keys all have the same size."""

    LIST_ELEM, KEY, FLAGS, DATA_VALUE = 1, 1, 3, 1
    INTERVAL_END = 1

    def __init__(self, size):
        key = attribute(self.KEY | NESTED,
                        attribute(self.DATA_VALUE, b"\0" * size))
        self.flags = attribute(self.FLAGS, struct.pack(">I", self.INTERVAL_END))
        start = attribute(self.LIST_ELEM | NESTED, key)
        end = attribute(self.LIST_ELEM | NESTED, key + self.flags)
        self.start = start[:-size]
        self.end = end[:-size - len(self.flags)]

    def single(self, key):
        return self.start + key

    def range(self, first, beyond):
        return self.start + first + self.end + beyond + self.flags


def nft_add(family, table, name, elements):
    """Adds elements that NftElements made to a set."""
    batch_begin, batch_end = 0x10, 0x11
    new_elements = SUBSYS_NFTABLES << 8 | 12
    table_name, set_name, set_elements = 1, 2, 3

    head = (attribute(table_name, table.encode() + b"\0") +
            attribute(set_name, name.encode() + b"\0"))
    bodies = (head + attribute(set_elements | NESTED, b"".join(chunk))
              for chunk in chunks(elements, ENTRIES_PER_MESSAGE))
    begin = message(batch_begin, 0, 0, SUBSYS_NFTABLES)
    end = message(batch_end, 0, 0, SUBSYS_NFTABLES)
    with netfilter_socket() as sock:
        for batch in chunks(bodies, MESSAGES_PER_BATCH):
            flags = [CREATE] * (len(batch) - 1) + [CREATE | ACK]
            sock.send(begin + b"".join(
                message(new_elements, flag, family, 0, body)
                for flag, body in zip(flags, batch)) + end)
            check_answer(sock, "nftables")


class IpsetEntries:
    """Makes entries of ipset, whose addresses all have the same size."""

    IP, CIDR, TIMEOUT, DATA = 1, 3, 6, 7

    def __init__(self, size, timeout):
        family = 1 if size == 4 else 2		# IPSET_ATTR_IPADDR_IPV4, _IPV6
        ip = attribute(self.IP | NESTED,
                       attribute(family | NET_BYTEORDER, b"\0" * size))
        self.timeout = attribute(self.TIMEOUT | NET_BYTEORDER,
                                 struct.pack(">I", timeout))
        cidr = attribute(self.CIDR, b"\0")
        whole = attribute(self.DATA | NESTED, ip + cidr + self.timeout)
        self.head = whole[:len(whole) - len(self.timeout) - len(cidr) - size]

    def entry(self, address, length):
        return (self.head + address + attribute(self.CIDR, bytes([length])) +
                self.timeout)


def ipset_add(family, name, entries):
    """Adds entries that IpsetEntries made to a set."""
    add = SUBSYS_IPSET << 8 | 9
    protocol, setname, adt, lineno = 1, 2, 8, 9

    head = (attribute(protocol, b"\6") +
            attribute(setname, name.encode() + b"\0") +
            attribute(lineno, struct.pack("=I", 1)))
    with netfilter_socket() as sock:
        for chunk in chunks(entries, ENTRIES_PER_MESSAGE):
            body = head + attribute(adt | NESTED, b"".join(chunk))
            sock.send(message(add, ACK, family, 0, body))
            check_answer(sock, "ipset")
