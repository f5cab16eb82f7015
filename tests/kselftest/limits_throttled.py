#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Root of a user namespace can have his control group throttled while he changes
much: above memory.high each allocation may wait for two seconds. All others wait
with him who register a family of generic netlink, or change something in a user
namespace, so that has an end.
"""

import errno
import os
import select
import socket
import struct
import time

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
    """Commits when he is told to, once."""
    write(f"{CGROUP}/cgroup.procs", str(os.getpid()))
    user_namespace()
    genl = Genl()
    prepare(genl)
    sock.send(b"ready")
    sock.recv(1)
    sock.send(timed(genl, P25_CMD_COMMIT))


def other(sock):
    """Adds an entry each time that he is told to."""
    user_namespace()
    genl = Genl()
    sock.send(b"ready")
    while sock.recv(1):
        sock.send(timed(genl, P25_CMD_ENTRY_ADD, pool_entry(0)))


class Child:
    def __init__(self, does):
        self.sock, end = socket.socketpair(socket.AF_UNIX,
                                           socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if not self.pid:
            self.sock.close()
            try:
                does(end)
            finally:
                os._exit(1)
        end.close()
        if self.sock.recv(100) != b"ready":
            raise RuntimeError("a child has failed")

    def begin(self):
        self.sock.send(b"c")

    def has_ended(self):
        return select.select([self.sock], [], [], 0)[0]

    def end(self):
        """Seconds, error, and text."""
        said = self.sock.recv(200)
        took, error = struct.unpack_from("=di", said)
        return took, error, said[struct.calcsize("=di"):].decode()

    def wait(self):
        self.sock.close()
        os.waitpid(self.pid, 0)


def meanwhile(first, second):
    """What the second one's changes get, while the first one's commit lasts."""
    ends = []
    first.begin()
    while not first.has_ended():
        second.begin()
        ends.append(second.end())
        time.sleep(0.1)
    return ends


def main():
    ktap = Ktap()
    if not may_have_user_namespaces():
        skip_all("no user namespaces")
    make_cgroup()
    first, second = Child(slow), Child(other)
    try:
        write(f"{CGROUP}/memory.high", "4096")
        ends = meanwhile(first, second)
        took, error, text = first.end()
    finally:
        write(f"{CGROUP}/memory.high", "max")
        first.wait()
        second.wait()
        os.rmdir(CGROUP)
    print(f"# {took:.1f} s: error {error} \"{text}\"")
    # Not every kernel has him wait there: then it takes no longer than usual.
    ktap.result(took < COMMAND_MAX if not error else
                error == errno.EBUSY and "too slow" in text,
                "a commit that its control group slows down is broken off")
    wrong = [end for end in ends
             if end[1] not in (0, errno.EBUSY) or
             (not end[1] and end[0] >= COMMAND_MAX / 2)]
    ktap.result(not wrong, "who has waited for it doesn't begin then",
                *wrong)
    ktap.end()


if __name__ == "__main__":
    main()
