# SPDX-License-Identifier: GPL-2.0
"""
What the tests of senders and of the guard share: the list of senders, events and
entries as dictionaries, and settings, all of it by netlink.
"""

import select
import socket
import struct
import time

from lib.netlink import *

SOL_NETLINK_ADD_MEMBERSHIP = 1
CTRL_ATTR_MCAST_GROUPS, CTRL_ATTR_MCAST_GRP_NAME, CTRL_ATTR_MCAST_GRP_ID = \
    7, 1, 2
KINDS = {number: name.removeprefix("P25_KIND_").lower()
         for name, number in ENUMS["p25_kind"].items()
         if not name.startswith("__") and not name.endswith("_MAX")}


def text(address):
    family = socket.AF_INET if len(address) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, address)


def names_of(enum, prefix):
    """What attributes are called, without padding."""
    return {number: name.removeprefix(prefix).lower()
            for name, number in ENUMS[enum].items()
            if not name.startswith("__") and
            not name.endswith(("_MAX", "_PAD", "_UNSPEC"))}


SENDER_NAMES = names_of("p25_sender_attr", "P25_A_SENDER_")
ENTRY_NAMES = names_of("p25_entry_attr", "P25_A_ENTRY_")


def named(nest, names):
    """What is in a nest, as a dictionary."""
    return {names[kind]: data for kind, data in parse(nest) if kind in names}


def sender_of(nest):
    """What P25_A_SENDER says."""
    attrs = named(nest, SENDER_NAMES)
    one = {name: text(data) if name in ("src", "dst", "addr") else number(data)
           for name, data in attrs.items()}
    one["kind"] = KINDS[one["kind"]]
    one["prefix"] = f"{one.pop('addr')}/{one.pop('prefixlen')}"
    return one


def rates_of(data):
    return [struct.unpack_from("=II", data, at) for at in range(0, len(data), 8)]


def entry_of(nest):
    """What P25_A_ENTRY says."""
    attrs = named(nest, ENTRY_NAMES)
    one = {"kind": KINDS[number(attrs["kind"])],
           "prefix": f"{text(attrs['addr'])}/{number(attrs['prefixlen'])}",
           "owner": attrs["owner"].rstrip(b"\0").decode(),
           "comment": attrs.get("comment", b"").rstrip(b"\0").decode()}
    if "timeout" in attrs:
        one["timeout"] = number(attrs["timeout"])
    if "guard" in attrs:
        one["guard"] = rates_of(attrs["guard"])
    return one


def nests(answer, kind):
    return [data for attrs in answer.messages for what, data in attrs
            if what == kind]


def checked(answer):
    if answer.error:
        raise RuntimeError(str(answer))
    return answer


def senders(genl):
    """All senders, by their addresses."""
    found = nests(checked(genl.list(P25_CMD_SENDER_LIST)), P25_A_SENDER)
    return {one["src"]: one for one in map(sender_of, found)}


def entries(genl, *filters):
    """All entries, or those that filters are about, by kind and prefix."""
    answer = checked(genl.list(P25_CMD_ENTRY_LIST, b"".join(filters)))
    return {(one["kind"], one["prefix"]): one
            for one in map(entry_of, nests(answer, P25_A_ENTRY))}


def rates(*pairs):
    """The bytes of a guard: each pair is attempts and seconds."""
    return b"".join(struct.pack("=II", *pair) for pair in pairs)


def settings(genl):
    attrs = dict(checked(genl.request(P25_CMD_SHOW)).messages[0])
    return {"senders": number(attrs[P25_A_SENDERS]),
            "guard": rates_of(attrs[P25_A_GUARD]),
            "guard_for": number(attrs[P25_A_GUARD_FOR])}


def set_guard(genl, *pairs, seconds=0):
    checked(genl.request(P25_CMD_SET, attr(P25_A_GUARD, rates(*pairs)) +
                         u32(P25_A_GUARD_FOR, seconds)))


def entry(kind, prefix, *more):
    """The nest of an entry, for a request."""
    address, _, length = prefix.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    data = socket.inet_pton(family, address)
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, kind),
                attr(P25_A_ENTRY_ADDR, data),
                u8(P25_A_ENTRY_PREFIXLEN, int(length or 8 * len(data))), *more)


def add(genl, *nests_of_entries):
    checked(genl.request(P25_CMD_ENTRY_ADD, b"".join(nests_of_entries)))


def guard_attr(*pairs):
    return attr(P25_A_ENTRY_GUARD, rates(*pairs))


class Events:
    """A member of the group; each event is its command and its attributes."""

    def __init__(self, genl):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)	# RCVBUFFORCE
        self.sock.bind((0, 0))
        self.sock.setsockopt(SOL_NETLINK, SOL_NETLINK_ADD_MEMBERSHIP,
                             self.group(genl))

    @staticmethod
    def group(genl):
        answer = genl.request(CTRL_CMD_GETFAMILY,
                              attr(CTRL_ATTR_FAMILY_NAME, "p25"),
                              family=GENL_ID_CTRL)
        groups = dict(answer.messages[0])[CTRL_ATTR_MCAST_GROUPS]
        for _, group in parse(groups):
            attrs = dict(parse(group))
            if attrs[CTRL_ATTR_MCAST_GRP_NAME] == b"events\0":
                return number(attrs[CTRL_ATTR_MCAST_GRP_ID])
        raise RuntimeError("the family has no events")

    def read(self, patience=0):
        """The next event, or None."""
        if not select.select([self.sock], [], [], patience)[0]:
            return None
        data = self.sock.recv(1 << 17)
        return data[16], parse(data[20:])

    def wait(self, command, patience=60):
        """The attributes of the next event of this command; others are lost."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            event = self.read(left)
            if event and event[0] == command:
                return event[1]
        raise TimeoutError("the event has not come")

    def all(self, command):
        """What has come so far."""
        found = []
        while event := self.read():
            if event[0] == command:
                found.append(event[1])
        return found

    def close(self):
        self.sock.close()
