#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Root of a user namespace can have its own control group throttled during a large
change: above memory.high each allocation may wait for two seconds. Registering a
family of generic netlink, and changes in other user namespaces, wait for that as
well, so it must have an end.
"""

import errno
import os
import select
import struct
import time

from lib.child import Child
from lib.ktap import Ktap, skip_all
from lib.netlink import *

ENTRIES = 65536			# as many as there may be
COMMAND_MAX = 10		# seconds, as in kmod/budget.c
CGROUPS = "/sys/fs/cgroup"
CGROUP = f"{CGROUPS}/p25-{os.getpid()}"


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def make_cgroup():
    try:
        with open(f"{CGROUPS}/cgroup.controllers", encoding="ascii") as file:
            has_memory = "memory" in file.read().split()
    except FileNotFoundError:
        has_memory = False
    if not has_memory:
        skip_all("this kernel has no control groups for memory")
    write(f"{CGROUPS}/cgroup.subtree_control", "+memory")
    os.mkdir(CGROUP)


def may_have_user_namespaces():
    pid = os.fork()
    if not pid:
        os._exit(bool(user_namespace()))
    return not os.waitpid(pid, 0)[1]


def prepare(genl):
    """A transaction of as many entries as there may be, still open."""
    answers = [genl.request(P25_CMD_BEGIN)]
    for first in range(0, ENTRIES, 1024):
        answers.append(genl.request(P25_CMD_ENTRY_ADD, b"".join(
            pool_entry(number) for number in range(first, first + 1024))))
    for answer in answers:
        if answer.error:
            raise RuntimeError(repr(answer))


def timed(genl, cmd, payload=b""):
    """How long it took, and the answer, to be sent."""
    begin = time.monotonic()
    answer = genl.request(cmd, payload)
    return struct.pack("=di", time.monotonic() - begin, answer.error) + \
        answer.text.encode()


def slow(sock):
    """Commits when it is told to, once."""
    write(f"{CGROUP}/cgroup.procs", str(os.getpid()))
    user_namespace()
    genl = Genl()
    prepare(genl)
    sock.send(b"ready")
    sock.recv(1)
    sock.send(timed(genl, P25_CMD_COMMIT))


def other(sock):
    """Adds an entry each time that it is told to."""
    user_namespace()
    genl = Genl()
    sock.send(b"ready")
    while sock.recv(1):
        sock.send(timed(genl, P25_CMD_ENTRY_ADD, pool_entry(0)))


def unpack(said):
    """Seconds, error, and text."""
    took, error = struct.unpack_from("=di", said)
    return took, error, said[struct.calcsize("=di"):].decode()


def meanwhile(first, second):
    """What the second one's changes get, while the first one's commit lasts."""
    ends = []
    first.sock.send(b"c")
    while not select.select([first.sock], [], [], 0)[0]:
        ends.append(unpack(second.ask(b"c")))
        time.sleep(0.1)
    return ends


def main():
    ktap = Ktap()
    if not may_have_user_namespaces():
        skip_all("no user namespaces")
    make_cgroup()
    first, second = Child(slow), Child(other)
    if reason := first.reason or second.reason:
        raise RuntimeError(reason)
    try:
        write(f"{CGROUP}/memory.high", "4096")
        ends = meanwhile(first, second)
        took, error, text = unpack(first.sock.recv(200))
    finally:
        write(f"{CGROUP}/memory.high", "max")
        first.wait()
        second.wait()
        os.rmdir(CGROUP)
    print(f"# {took:.1f} s: error {error} \"{text}\"")
    # Not every kernel throttles there: then it takes no longer than usual.
    ktap.result(took < COMMAND_MAX if not error else
                error == errno.EBUSY and "too slow" in text,
                "a commit that its control group slows down is broken off")
    wrong = [end for end in ends
             if end[1] not in (0, errno.EBUSY) or
             (not end[1] and end[0] >= COMMAND_MAX / 2)]
    ktap.result(not wrong, "a command that has waited for it is refused",
                *wrong)
    ktap.end()


if __name__ == "__main__":
    main()
