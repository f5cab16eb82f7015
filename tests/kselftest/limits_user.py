#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
How long root of a user namespace can keep generic netlink to himself: the lock
that p25's commands share with those of all other families is held for as long as
the kernel has messages of one datagram to work off, and he can send thousands.
"""

import ctypes
import errno
import os
import struct
import time

from netlink_lib import *

CLONE_NEWUSER = 0x10000000
MESSAGES = 2000
ENTRIES = 60000
LONGEST = 10			# seconds; one or two are meant
INTERVAL = 5			# as in kmod/budget.c


def user_namespace():
    """From here on root of a user namespace, with a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        print("1..0 # SKIP no user namespaces:",
              os.strerror(ctypes.get_errno()))
        sys.exit(4)


class Sender:
    """Sends requests that nobody wants an answer to, as one datagram."""

    def __init__(self):
        self.genl = Genl()

    def message(self, cmd, payload=b""):
        return struct.pack("=IHHIIBBH", 20 + len(payload), self.genl.family,
                           NLM_F_REQUEST, 0, 0, cmd, 1, 0) + payload

    def send(self, messages):
        """Returns how long that took."""
        begin = time.monotonic()
        self.genl.sock.send(messages)
        return time.monotonic() - begin

    def refusals(self):
        """What the kernel said of those that it refused, each text once."""
        texts = set()
        self.genl.sock.settimeout(0.1)
        while True:
            try:
                data = self.genl.sock.recv(1 << 17)
            except TimeoutError:
                return texts
            except OSError as error:	# there was no room for all of them
                if error.errno != errno.ENOBUFS:
                    raise
                continue
            answer = Answer()
            size, kind, flags = struct.unpack_from("=IHH", data)
            answer.take(kind, flags, data[16:size])
            if answer.error:
                texts.add(answer.text)


def entry(number, *more):
    address = struct.pack("!IIII", 0x20010DB8, 0, 0, number)
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, P25_KIND_POOL),
                attr(P25_A_ENTRY_ADDR, address),
                u8(P25_A_ENTRY_PREFIXLEN, 128), *more)


def must(answer):
    if answer.error:
        raise RuntimeError(repr(answer))


def fill(genl):
    must(genl.request(P25_CMD_BEGIN))
    for first in range(0, ENTRIES, 1000):
        must(genl.request(P25_CMD_ENTRY_ADD, b"".join(
            entry(number) for number in range(first, first + 1000))))
    must(genl.request(P25_CMD_COMMIT))


def bounded(ktap, sender, name, message):
    took = sender.send(message * MESSAGES)
    ktap.result(took < LONGEST, f"{MESSAGES} times {name} at once",
                f"{took} seconds")
    print(f"# {took:.1f} s")
    return sender.refusals()


def main():
    ktap = Ktap()
    user_namespace()
    sender = Sender()
    genl = Genl()
    texts = bounded(ktap, sender, "a setting",
                    sender.message(P25_CMD_SET, u8(P25_A_INBOUND, 1)))
    ktap.result(any("too many changes" in text for text in texts),
                "not all of them are made, which is said", texts)
    ktap.result(not genl.request(P25_CMD_SHOW).error, "who only asks is heard")
    time.sleep(INTERVAL + 1)

    two = entry(1) + entry(2)
    texts = bounded(ktap, sender, "two entries",
                    sender.message(P25_CMD_ENTRY_ADD, two))
    ktap.result(any("too many changes" in text for text in texts),
                "not all of them are made, which is said", texts)
    time.sleep(INTERVAL + 1)

    fill(genl)
    time.sleep(INTERVAL + 1)
    expired = entry(ENTRIES, s64(P25_A_ENTRY_EXPIRES, 1))
    bounded(ktap, sender, "an entry that has expired, in a large table",
            sender.message(P25_CMD_ENTRY_ADD, expired) +
            sender.message(P25_CMD_SHOW))
    time.sleep(INTERVAL + 1)
    answer = genl.request(P25_CMD_ENTRY_ADD, two)
    ktap.result(not answer.error, "some seconds later all is as before", answer)
    ktap.end()


if __name__ == "__main__":
    main()
