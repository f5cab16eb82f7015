# SPDX-License-Identifier: GPL-2.0
"""
What the netlink tests share: the contract's header as Python sees it, and raw
generic netlink.

Nothing here uses libp25: these tests send what no well-kept library would.
"""

import ctypes
import os
import re
import socket
import struct
import sys

from lib.ktap import skip_all

HEADER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../../include/uapi/linux/p25.h")

SO_SNDBUFFORCE = 32
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK = 1, 2, 4
NLM_F_DUMP, NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x300, 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS, NLMSGERR_ATTR_COOKIE = 1, 2, 3
NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3fff
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def read_header(path=HEADER):
    """Enumerations as {name: {constant: value}}, and #defines."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    defines = dict(re.findall(r"^#define[ \t]+(\w+)[ \t]+(\S.*?)\s*$", text,
                              re.MULTILINE))
    enums = {}
    for name, body in re.findall(r"enum (\w+) \{(.*?)\}", text, re.DOTALL):
        constants, following = {}, 0
        for item in filter(None, (i.strip() for i in body.split(","))):
            constant, _, value = (part.strip() for part in item.partition("="))
            if value:
                following = eval(value, {}, dict(constants))
            constants[constant] = following
            following += 1
        enums[name] = constants
    return enums, defines


ENUMS, DEFINES = read_header()
globals().update({constant: value for enum in ENUMS.values()
                  for constant, value in enum.items()})


def unshare(flags):
    """From here on in namespaces of our own. Returns why not; None: it worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags):
        return os.strerror(ctypes.get_errno())
    return None


def own_netns():
    """From here on in a network namespace of our own."""
    if unshare(CLONE_NEWNET):
        skip_all("no network namespace of our own: not root?")


def user_namespace():
    """
    From here on root of a user namespace, with a network namespace. Returns why
    not; None: it worked.
    """
    return unshare(CLONE_NEWUSER | CLONE_NEWNET)


def attr(kind, data=b"", nested=False, length=None):
    """An attribute; length: what its header claims, right or wrong."""
    if isinstance(data, str):
        data = data.encode() + b"\0"
    size = 4 + len(data)
    head = struct.pack("=HH", size if length is None else length,
                       kind | (NLA_F_NESTED if nested else 0))
    return head + data + bytes(-size % 4)


def u8(kind, value):
    return attr(kind, struct.pack("=B", value))


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def u64(kind, value):
    return attr(kind, struct.pack("=Q", value))


def s64(kind, value):
    return attr(kind, struct.pack("=q", value))


def nest(kind, *attrs):
    return attr(kind, b"".join(attrs), nested=True)


def parse(data):
    """The attributes as a list of (type, data)."""
    attrs = []
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4 or size > len(data):
            raise ValueError("malformed attributes from the kernel")
        attrs.append((kind & NLA_TYPE_MASK, data[4:size]))
        data = data[(size + 3) & ~3:]
    return attrs


def number(data):
    """The number that an attribute has, whatever its size."""
    return int.from_bytes(data, sys.byteorder)


def pool_entry(number, *more):
    """An entry for a request, as different as its number."""
    address = struct.pack("!IIII", 0x20010DB8, 0, 0, number)
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, P25_KIND_POOL),
                attr(P25_A_ENTRY_ADDR, address),
                u8(P25_A_ENTRY_PREFIXLEN, 128), *more)


class Answer:
    """What the kernel said: error, its message and cookie, attributes."""

    def __init__(self):
        self.error = 0
        self.text = ""
        self.cookie = None
        self.messages = []      # lists of attributes
        self.flags = 0          # of all messages together
        self.done = False
        self.revision = None    # of a listing, at its beginning
        self.bulk_revision = 0  # and of the latest change of several entries

    def __repr__(self):
        return f"error {self.error} \"{self.text}\""

    @property
    def interrupted(self):
        return self.revision is not None and self.bulk_revision > self.revision

    def take(self, kind, flags, body):
        self.flags |= flags
        if kind == NLMSG_ERROR:
            self.take_error(flags, body, 20)
        elif kind == NLMSG_DONE:
            self.take_error(flags, body, 4)
        else:
            self.messages.append(parse(body[4:]))

    def take_error(self, flags, body, offset):
        self.done = True
        if len(body) < 4:
            return
        self.error = -struct.unpack_from("=i", body)[0]
        if not flags & NLM_F_ACK_TLVS:
            return
        for kind, data in parse(body[offset:]):
            if kind == NLMSGERR_ATTR_MSG:
                self.text = data.rstrip(b"\0").decode()
            elif kind == NLMSGERR_ATTR_COOKIE:
                self.cookie = struct.unpack("=I", data)[0]


class Genl:
    """A generic netlink socket that speaks to the p25 family."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  16)
        self.sock.settimeout(120)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.make_room(1 << 18)
        self.sock.bind((0, 0))
        self.seq = 0
        self.family = self.resolve()

    def make_room(self, size):
        """
        For messages of twice this size. The machine's own limit, which may be
        less, is for root of a user namespace.
        """
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, size)
        except PermissionError:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def resolve(self):
        answer = self.request(CTRL_CMD_GETFAMILY,
                              attr(CTRL_ATTR_FAMILY_NAME, "p25"),
                              family=GENL_ID_CTRL)
        if answer.error:
            skip_all("the p25 module is not loaded")
        attrs = dict(answer.messages[0])
        return struct.unpack("=H", attrs[CTRL_ATTR_FAMILY_ID])[0]

    def send(self, cmd, payload=b"", flags=NLM_F_ACK, version=1, reserved=0,
             family=None):
        self.seq += 1
        head = struct.pack("=IHHII", 20 + len(payload), family or self.family,
                           NLM_F_REQUEST | flags, self.seq, 0)
        self.sock.send(head + struct.pack("=BBH", cmd, version, reserved) +
                       payload)

    def receive(self, answer):
        """One read from the socket, which may hold several messages."""
        data = self.sock.recv(1 << 17)
        while len(data) >= 16:
            size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            if seq == self.seq:
                answer.take(kind, flags, data[16:size])
            data = data[(size + 3) & ~3:]

    def finish(self, answer):
        while not answer.done:
            self.receive(answer)
        return answer

    def request(self, cmd, payload=b"", **how):
        self.send(cmd, payload, **how)
        return self.finish(Answer())

    def list_on(self, whole, cmd, payload=b"", at=0):
        """The next message of a listing. Returns where it goes on, or 0."""
        answer = self.request(cmd, payload + u64(P25_A_NEXT, at))
        whole.messages += answer.messages
        whole.error, whole.text = answer.error, answer.text
        if answer.error:
            return 0
        attrs = dict(answer.messages[0])
        if P25_A_REVISION in attrs and whole.revision is None:
            whole.revision = number(attrs[P25_A_REVISION])
        if P25_A_BULK_REVISION in attrs:
            whole.bulk_revision = number(attrs[P25_A_BULK_REVISION])
        return number(attrs[P25_A_NEXT])

    def list(self, cmd, payload=b""):
        """A listing, from its beginning to its end."""
        whole = Answer()
        at = self.list_on(whole, cmd, payload)
        while at:
            at = self.list_on(whole, cmd, payload, at)
        return whole

    def close(self):
        self.sock.close()
