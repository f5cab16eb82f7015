#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Sizes of messages, and of what waits in transactions: what is too much is refused,
and the policy stays as it was.
"""

import errno
import struct

from lib.ktap import Ktap
from lib.netlink import *

LARGE = 10000			# entries that one message has room for
LIMIT = 1000
WAITING = 2 * LIMIT + 16	# as in kmod/transaction.c
POOL = u8(P25_A_ENTRY_KIND, P25_KIND_POOL)


def entry(net, number, *more, length=64):
    """An entry of 2001:db8:NET:NUMBER::/64."""
    address = struct.pack("!IHH8x", 0x20010DB8, net, number)
    return nest(P25_A_ENTRY, POOL, attr(P25_A_ENTRY_ADDR, address),
                u8(P25_A_ENTRY_PREFIXLEN, length), *more)


def entries(net, count):
    return b"".join(entry(net, number) for number in range(count))


class Test:
    def __init__(self):
        self.ktap = Ktap()
        own_netns()
        self.genl = Genl()

    def policy(self):
        """Settings and entries, comparable."""
        status = dict(self.genl.request(P25_CMD_SHOW).messages[0])
        listed = [nested for message in
                  self.genl.list(P25_CMD_ENTRY_LIST).messages
                  for kind, nested in message if kind == P25_A_ENTRY]
        return ([status[kind] for kind in
                 (P25_A_ACTION, P25_A_INBOUND, P25_A_LIMIT)], sorted(listed))

    def count(self):
        return len(self.policy()[1])

    def unchanged(self, before):
        return self.policy() == before


def test_many(test):
    answer = test.genl.request(P25_CMD_ENTRY_ADD, entries(1, LARGE))
    test.ktap.result(not answer.error and test.count() == LARGE,
                     f"{LARGE} entries in one message", answer, test.count())
    before = test.policy()
    bad = entry(2, 1, u32(P25_A_ENTRY_COOKIE, 4711), length=33)
    answer = test.genl.request(P25_CMD_ENTRY_ADD, entries(2, LARGE - 1) + bad)
    test.ktap.result(answer.error == errno.EINVAL and answer.text and
                     answer.cookie == 4711 and test.unchanged(before),
                     "the last one of them is bad: it is named, none is added",
                     answer, answer.cookie)


def test_too_long(test):
    before = test.policy()
    try:
        answer = test.genl.request(P25_CMD_ENTRY_ADD, entries(2, 5 * LARGE))
    except OSError as error:
        answer = error
    test.ktap.result(isinstance(answer, OSError) and
                     answer.errno == errno.EMSGSIZE and
                     test.unchanged(before),
                     "a message that is longer than its socket's buffer",
                     answer)
    test.genl.request(P25_CMD_ENTRY_FLUSH)


def test_waiting(test):
    """What waits is counted for all transactions of a namespace together."""
    test.genl.request(P25_CMD_SET, u32(P25_A_LIMIT, LIMIT))
    test.genl.request(P25_CMD_ENTRY_ADD, entry(3, 0))
    before = test.policy()
    first, second = Genl(), Genl()
    answers = [genl.request(P25_CMD_BEGIN) for genl in (first, second)]
    answers += [first.request(P25_CMD_ENTRY_ADD, entries(3, LIMIT)),
                second.request(P25_CMD_ENTRY_ADD, entries(4, LIMIT))]
    test.ktap.result(not any(answer.error for answer in answers),
                     f"{2 * LIMIT} changes wait in two transactions", *answers)
    left = WAITING - 2 * LIMIT
    answer = second.request(P25_CMD_ENTRY_ADD, entries(5, left + 1))
    test.ktap.result(answer.error == errno.ENOSPC and answer.text and
                     test.unchanged(before),
                     f"{left + 1} more are too many: {answer.text}", answer)
    answer = second.request(P25_CMD_ENTRY_ADD, entries(5, left))
    test.ktap.result(not answer.error, f"{left} more are not", answer)
    answer = first.request(P25_CMD_COMMIT)
    test.ktap.result(not answer.error and test.count() == LIMIT,
                     "the one can be committed", answer)
    before = test.policy()
    answer = second.request(P25_CMD_COMMIT)
    test.ktap.result(answer.error == errno.ENOSPC and
                     test.unchanged(before),
                     f"the other is too many entries: {answer.text}", answer)
    answers = [second.request(P25_CMD_BEGIN),
               second.request(P25_CMD_ENTRY_ADD, entries(3, LIMIT)),
               second.request(P25_CMD_ABORT)]
    test.ktap.result(not any(answer.error for answer in answers),
                     "then nothing waits any more", *answers)


def main():
    test = Test()
    test_many(test)
    test_too_long(test)
    test_waiting(test)
    test.ktap.end()


main()
