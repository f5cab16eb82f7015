#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Root of a user namespace can have his control group throttled while he changes
much: above memory.high each allocation may wait for two seconds. All others wait
with him who register a family of generic netlink, or change something in a user
namespace, so that has an end.
"""

import ctypes
import errno
import os
import socket
import struct
import time

from netlink_lib import *

CLONE_NEWUSER = 0x10000000
ENTRIES = 65536			# as many as there may be
COMMAND_MAX = 10		# seconds, as in kmod/budget.c
CGROUPS = "/sys/fs/cgroup"
CGROUP = f"{CGROUPS}/p25-{os.getpid()}"


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def skip(why):
    print("1..0 # SKIP", why)
    sys.exit(4)


def make_cgroup():
    try:
        with open(f"{CGROUPS}/cgroup.controllers", encoding="ascii") as file:
            has_memory = "memory" in file.read().split()
    except FileNotFoundError:
        has_memory = False
    if not has_memory:
        skip("this kernel has no control groups for memory")
    write(f"{CGROUPS}/cgroup.subtree_control", "+memory")
    os.mkdir(CGROUP)


def user_namespace():
    """From here on in the control group, and root of a user namespace."""
    write(f"{CGROUP}/cgroup.procs", str(os.getpid()))
    libc = ctypes.CDLL(None, use_errno=True)
    return not libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def entry(number):
    address = struct.pack("!IIII", 0x20010DB8, 0, 0, number)
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, P25_KIND_POOL),
                attr(P25_A_ENTRY_ADDR, address),
                u8(P25_A_ENTRY_PREFIXLEN, 128))


def prepare(genl):
    """A transaction of as many entries as there may be, still open."""
    answers = [genl.request(P25_CMD_BEGIN)]
    for first in range(0, ENTRIES, 1024):
        answers.append(genl.request(P25_CMD_ENTRY_ADD, b"".join(
            entry(number) for number in range(first, first + 1024))))
    for answer in answers:
        if answer.error:
            raise RuntimeError(repr(answer))


def child(sock):
    """Commits when he is told to. Says how long that took, and its answer."""
    if not user_namespace():
        sock.send(b"no user namespaces")
        return
    genl = Genl()
    prepare(genl)
    sock.send(b"ready")
    sock.recv(1)
    begin = time.monotonic()
    answer = genl.request(P25_CMD_COMMIT)
    took = time.monotonic() - begin
    sock.send(struct.pack("=di", took, answer.error) + answer.text.encode())


def fork(sock, other):
    pid = os.fork()
    if not pid:
        sock.close()
        try:
            child(other)
        finally:
            os._exit(0)
    other.close()
    return pid


def main():
    ktap = Ktap()
    make_cgroup()
    sock, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = fork(sock, other)
    try:
        said = sock.recv(100).decode()
        if said == "no user namespaces":
            skip(said)
        if said != "ready":
            raise RuntimeError("the transaction was refused")
        write(f"{CGROUP}/memory.high", "4096")
        sock.send(b"c")
        said = sock.recv(200)
        took, error = struct.unpack_from("=di", said)
        text = said[struct.calcsize("=di"):].decode()
    finally:
        write(f"{CGROUP}/memory.high", "max")
        sock.close()
        os.waitpid(pid, 0)
        os.rmdir(CGROUP)
    print(f"# {took:.1f} s: error {error} \"{text}\"")
    # Not every kernel has him wait there: then it takes no longer than usual.
    ktap.result(took < COMMAND_MAX if not error else
                error == errno.EBUSY and "too slow" in text,
                "a commit that its control group slows down is broken off")
    ktap.end()


if __name__ == "__main__":
    main()
