# SPDX-License-Identifier: GPL-2.0
"""
For insmod.sh: root of a user namespace, with more entries than one message has
room for, asks for listings in every way there is, and reads nothing. Says "ready",
and closes its socket when standard input ends.
"""

import sys

from lib.netlink import *

ENTRIES = 2000
REQUESTS = 100


def main():
    if reason := user_namespace():
        sys.exit(reason)
    genl = Genl()
    answer = genl.request(P25_CMD_ENTRY_ADD,
                          b"".join(map(pool_entry, range(ENTRIES))))
    if answer.error:
        sys.exit(repr(answer))
    for _ in range(REQUESTS):
        for flags in (NLM_F_ACK, NLM_F_DUMP, 0):
            genl.send(P25_CMD_ENTRY_LIST, flags=flags)
            genl.send(P25_CMD_SENDER_LIST, flags=flags)
    print("ready", flush=True)
    sys.stdin.read()


main()
