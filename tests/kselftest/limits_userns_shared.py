#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
User namespaces have one budget together, for what they take of the lock that all
families of generic netlink share: several of them, of several users, can't keep it
for longer than one. limits_userns.py is about a single one.

The order of refusals is compared, not how long anything takes.
"""

import errno
import os

from lib.child import Child
from lib.ktap import Ktap, skip_all
from lib.netlink import *

TRIES = 20000			# changes until the budget must be used up
ROUNDS = 50			# in some of them time for new ones comes between
ACCEPTED, REFUSED = b"+", b"-"
NOBODY = 65534


def change(genl):
    """A change that takes a grace period."""
    answer = genl.request(P25_CMD_SET, u8(P25_A_INBOUND, 1))
    if not answer.error:
        return ACCEPTED
    if answer.error == errno.EBUSY and "user namespace" in answer.text:
        return REFUSED
    raise RuntimeError(repr(answer))


def use_up(genl):
    for _ in range(TRIES):
        if change(genl) == REFUSED:
            return REFUSED
    return ACCEPTED


ORDERS = {b"c": change, b"u": use_up}


def root(sock, uid):
    """Root of a user namespace that belongs to this user: obeys orders."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if reason := user_namespace():
        sock.send(reason.encode())
        return
    genl = Genl()
    sock.send(b"ready")
    while order := sock.recv(1):
        sock.send(ORDERS[order](genl))


def attempts(first, others):
    """
    Between two refusals of the first one there was no time left, so the others
    must be refused there. Returns how often that has been seen, and what for
    each of the others.
    """
    seen, wrong = 0, []
    for _ in range(ROUNDS):
        if first.ask(b"u") != REFUSED:
            return 0, ["it is never refused"]
        said = [other.ask(b"c") for other in others]
        if first.ask(b"c") != REFUSED:
            continue
        seen += 1
        if ACCEPTED in said:
            wrong.append(f"round {seen}: {said}")
        if seen == 3:
            break
    return seen, wrong


def main():
    ktap = Ktap()
    roots = [Child(root, uid) for uid in (0, 0, NOBODY)]
    for reason in (child.reason for child in roots if child.reason):
        skip_all(f"no user namespaces: {reason}")
    own_netns()
    genl = Genl()

    seen, wrong = attempts(roots[0], roots[1:])
    ktap.result(seen, "one of them uses up what there is", *wrong)
    ktap.result(not wrong, "then others are refused, too, of whatever user",
                *wrong)
    roots[0].ask(b"u")
    ktap.result(change(genl) == ACCEPTED,
                "the first user namespace is not")
    for _ in range(TRIES):
        if roots[2].ask(b"c") == ACCEPTED:
            break
    else:
        wrong.append("still refused")
    ktap.result(not wrong, "some seconds later changes are made again", *wrong)
    ktap.end()


if __name__ == "__main__":
    main()
