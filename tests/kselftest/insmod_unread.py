# SPDX-License-Identifier: GPL-2.0
"""
For insmod.sh: root of a user namespace, with more entries than one message has
room for, asks for listings in every way there is, and reads nothing. Says "ready",
and lets go of his socket when standard input ends.
"""

import ctypes
import struct
import sys

from netlink_lib import *

CLONE_NEWUSER = 0x10000000
ENTRIES = 2000
REQUESTS = 100


def entry(number):
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, P25_KIND_POOL),
                attr(P25_A_ENTRY_ADDR, b"\x20\x01\x0d\xb8" + bytes(8) +
                     struct.pack("!I", number)),
                u8(P25_A_ENTRY_PREFIXLEN, 128))


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        sys.exit(os.strerror(ctypes.get_errno()))
    genl = Genl()
    answer = genl.request(P25_CMD_ENTRY_ADD,
                          b"".join(map(entry, range(ENTRIES))))
    if answer.error:
        sys.exit(repr(answer))
    for _ in range(REQUESTS):
        for flags in (NLM_F_ACK, NLM_F_DUMP, 0):
            genl.send(P25_CMD_ENTRY_LIST, flags=flags)
            genl.send(P25_CMD_OFFENDER_LIST, flags=flags)
    print("ready", flush=True)
    sys.stdin.read()


main()
