#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
How long root of a user namespace can hold up generic netlink: the lock that p25's
commands share with those of all other families is held for as long as the kernel
has messages of one datagram to work off, and there can be thousands in it.

What that takes is compared with what as many messages take that change nothing,
or with what a single one takes: how fast the machine is does not matter.
"""

import errno
import struct
import time

from lib.ktap import Ktap, skip_all
from lib.netlink import *

MESSAGES = 2000
ENTRIES = 60000
INTERVAL, BUSY_MAX = 5, 1	# seconds, as in kmod/budget.c
PATIENCE = 10			# times what is meant, on a machine that is busy
HANGS = 120			# seconds, if nothing is refused


class Sender:
    """Sends requests without NLM_F_ACK, as one datagram."""

    def __init__(self):
        self.genl = Genl()
        self.genl.sock.setblocking(False)

    def message(self, cmd, payload=b""):
        return struct.pack("=IHHIIBBH", 20 + len(payload), self.genl.family,
                           NLM_F_REQUEST, 0, 0, cmd, 1, 0) + payload

    def send(self, message, times=MESSAGES):
        """
        Sends it so many times at once. Returns the seconds until the kernel is
        through with that, and those of them that a CPU has worked.
        """
        begin = time.monotonic(), time.thread_time()
        self.genl.sock.send(message * times)
        return time.monotonic() - begin[0], time.thread_time() - begin[1]

    def refusals(self):
        """What the kernel said of those that it refused, each text once."""
        texts = set()
        while True:
            try:
                data = self.genl.sock.recv(1 << 17)
            except BlockingIOError:
                return texts
            except OSError as error:	# there was no room for all of them
                if error.errno != errno.ENOBUFS:
                    raise
                continue
            size, kind, flags = struct.unpack_from("=IHH", data)
            if kind == NLMSG_ERROR:
                answer = Answer()
                answer.take(kind, flags, data[16:size])
                texts.add(answer.text)


def must(answer):
    if answer.error:
        raise RuntimeError(repr(answer))


def fill(genl):
    must(genl.request(P25_CMD_BEGIN))
    for first in range(0, ENTRIES, 1000):
        must(genl.request(P25_CMD_ENTRY_ADD, b"".join(
            pool_entry(number) for number in range(first, first + 1000))))
    must(genl.request(P25_CMD_COMMIT))


def bounded(ktap, sender, name, message):
    """Sends messages until some are refused; no datagram takes long."""
    usual, _ = sender.send(sender.message(P25_CMD_SHOW))
    sender.refusals()
    texts, longest = set(), 0
    deadline = time.monotonic() + HANGS
    while not texts and time.monotonic() < deadline:
        took, _ = sender.send(message)
        longest = max(longest, took)
        texts = sender.refusals()
    print(f"# {longest:.2f} s; {usual:.2f} s without a change")
    ktap.result(longest < PATIENCE * (BUSY_MAX + usual),
                f"{MESSAGES} times {name} at once",
                f"{longest} seconds; without a change {usual}")
    ktap.result(texts and all("too many changes" in text for text in texts),
                "not all of them are made, which is said", texts)


def few_walks(ktap, sender, name, plain, walking):
    """
    Of all these messages only some walk through the table. What such a walk
    takes, a single one says: the first one always does.
    """
    _, usual = sender.send(plain)
    sender.refusals()
    time.sleep(INTERVAL + 1)
    _, first = sender.send(walking, 1)
    _, all_of_them = sender.send(walking)
    walks = (all_of_them - usual) / max(first - usual / MESSAGES, 1e-9)
    print(f"# {all_of_them:.2f} s, {usual:.2f} s without a walk, one takes "
          f"{first:.4f} s: {walks:.0f} walks")
    ktap.result(walks < MESSAGES / 4, f"{MESSAGES} times {name}",
                f"{walks} walks")


def main():
    ktap = Ktap()
    if reason := user_namespace():
        skip_all(f"no user namespaces: {reason}")
    sender = Sender()
    genl = Genl()
    bounded(ktap, sender, "a setting",
            sender.message(P25_CMD_SET, u8(P25_A_INBOUND, 1)))
    ktap.result(not genl.request(P25_CMD_SHOW).error,
                "a request that changes nothing is answered")
    time.sleep(INTERVAL + 1)

    two = pool_entry(1) + pool_entry(2)
    bounded(ktap, sender, "two entries",
            sender.message(P25_CMD_ENTRY_ADD, two))
    time.sleep(INTERVAL + 1)

    fill(genl)
    time.sleep(INTERVAL + 1)
    show = sender.message(P25_CMD_SHOW)
    expired = pool_entry(ENTRIES, s64(P25_A_ENTRY_EXPIRES, 1))
    few_walks(ktap, sender, "an entry that has expired, in a large table",
              sender.message(P25_CMD_ENTRY_ADD, pool_entry(0)) + show,
              sender.message(P25_CMD_ENTRY_ADD, expired) + show)
    time.sleep(INTERVAL + 1)
    answer = genl.request(P25_CMD_ENTRY_ADD, two)
    ktap.result(not answer.error, "some seconds later changes are made again", answer)
    ktap.end()


if __name__ == "__main__":
    main()
