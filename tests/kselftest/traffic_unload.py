#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
The module, and namespaces, are torn down under traffic, in every order, with
all that can be there: hundreds of entries, timeouts about to end, an open
transaction, a change or a listing that is under way.

Each time nothing must be left: the module can be unloaded, mail passes, and the
module can be loaded again. That the kernel has not complained shows in its
taint flags.

This unloads the module of the whole machine, so the test is skipped where the
machine itself has a policy.
"""

import os
import subprocess
import sys
import time
from functools import partial

import netlink_lib
from netlink_lib import nest, u8, u32
from packet_lab import (CLONE_NEWNET, UDP, Flood, Lab, Packet, Topology, libc,
                        enter_netns, mail, udp)

ROUNDS = 4
ENTRIES = 200
MANY = 10000
# A machine check, a bad page, an oops, a warning, a lockup.
COMPLAINTS = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 9 | 1 << 14


def taint():
    with open("/proc/sys/kernel/tainted", encoding="ascii") as file:
        return int(file.read()) & COMPLAINTS


def is_loaded():
    return os.path.exists("/sys/module/p25")


def load():
    subprocess.run(["modprobe", "p25"], check=True)


def unload():
    """Returns what is wrong."""
    done = subprocess.run(["rmmod", "p25"], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        return [done.stderr.strip()]
    return ["it is still there"] if is_loaded() else []


def unload_patiently():
    """A listing that is under way holds the module."""
    deadline = time.monotonic() + 30
    while problems := unload():
        if time.monotonic() > deadline:
            return problems
        time.sleep(0.01)
    return []


def policy():
    """Pools around static hosts, some for ever, some for a second or two."""
    lines = ["action reject", "pool 198.51.100.0/24", "pool 2001:db8:100::/48",
             "relay 192.0.2.0/24", "relay 2001:db8:25::/48"]
    for number in range(3, 3 + ENTRIES // 2):
        end = ("", " timeout 1", " timeout 2", " timeout 1h")[number % 4]
        lines += [f"static 198.51.100.{number}{end}",
                  f"block 2001:db8:100:{number:x}::/64{end}"]
    return "\n".join(lines) + "\n"


def many():
    return "".join(f"block 2001:db8:100:{number:x}::/64\n"
                   for number in range(MANY))


def rows():
    """Mail of all fates; what comes to pass depends on what is loaded."""
    for family in (4, 6):
        for src in ("in_wide", "in_middle", "host", "outside"):
            yield mail(family, src, "foreign"), "any"
            yield mail(family, src, "relay"), "any"
            yield mail(family, src, "foreign", 587), "pass"
            yield Packet(family, src, "foreign", UDP, udp(25, 25)), "pass"


class Transaction:
    """An open one, with some additions, in the namespace where we are."""

    def __init__(self):
        self.genl = netlink_lib.Genl()
        self.genl.request(netlink_lib.P25_CMD_BEGIN)
        add_entries(self.genl, 50)

    def close(self):
        self.genl.close()


def add_entries(genl, count, timeout=0):
    entries = [nest(netlink_lib.P25_A_ENTRY,
                    u8(netlink_lib.P25_A_ENTRY_KIND, netlink_lib.P25_KIND_POOL),
                    netlink_lib.attr(netlink_lib.P25_A_ENTRY_ADDR,
                                     bytes([198, 51, 100, number])),
                    u8(netlink_lib.P25_A_ENTRY_PREFIXLEN, 32),
                    *([u32(netlink_lib.P25_A_ENTRY_TIMEOUT, timeout)]
                      if timeout else []))
               for number in range(count)]
    answer = genl.request(netlink_lib.P25_CMD_ENTRY_ADD, b"".join(entries))
    if answer.error:
        raise RuntimeError(f"adding: {answer}")


# ---- unloading in a namespace that lives on ----

def plainly(lab):
    return unload()


def after_flush(lab):
    """Entries are on their way to be freed."""
    lab.p25ctl("flush")
    return unload()


def after_expiry(lab):
    """The first timeouts have passed; others are about to."""
    time.sleep(2.2)
    return unload()


def with_transaction(lab):
    transaction = Transaction()
    problems = unload()
    transaction.close()
    return problems


def with_closed_transaction(lab):
    transaction = Transaction()
    transaction.close()
    return unload()


def while_applying(lab, delay):
    """The change is made or refused: in either case it is over, then."""
    with subprocess.Popen(["p25ctl", "apply", "-"], stdin=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as applying:
        applying.stdin.write(many())
        applying.stdin.close()
        time.sleep(delay)
        return unload_patiently()


def while_listing(lab):
    lab.run("p25ctl", "apply", "-", text=many())
    with subprocess.Popen(["p25ctl", "list"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL):
        return unload_patiently()


WAYS = [
    ("with entries", plainly, ROUNDS),
    ("right after a flush", after_flush, 1),
    ("when timeouts end", after_expiry, 1),
    ("with a transaction open", with_transaction, 1),
    ("right after a transaction's end", with_closed_transaction, 1),
    ("while a policy is read", partial(while_applying, delay=0.2), 1),
    ("while a policy is applied", partial(while_applying, delay=1), 1),
    ("while entries are listed", while_listing, 1),
]


def mail_passes(lab):
    return lab.try_rows([(f"IPv{family} mail", mail(family, "in_wide",
                                                    "foreign"), True)
                         for family in (4, 6)])


def unload_under_flood(lab, flood, way, times):
    problems = []
    for _ in range(times):
        load()
        lab.run("p25ctl", "apply", "--all", "-", text=policy())
        problems += way(lab)
        if is_loaded():
            break
        with flood.dammed():
            problems += mail_passes(lab)
    return problems


def unloading(lab):
    flood = lab.flood(rows())
    for words, way, times in WAYS:
        lab.result(f"unloaded {words}",
                   unload_under_flood(lab, flood, way, times))
    seen = flood.end()
    print("#", seen)
    lab.result("all the time, nothing but mail is lost",
               [f"{seen}"] if seen["lost"] else [])


# ---- namespaces that end ----

def many_namespaces(lab, unload_first):
    """Namespaces with entries, timeouts and transactions end all at once."""
    held = []
    for _ in range(20):
        libc.unshare(CLONE_NEWNET)
        genl = netlink_lib.Genl()
        add_entries(genl, 20, timeout=1)
        held += [genl, Transaction()]
    lab.leave()
    problems = []
    if unload_first:
        problems = unload()
    for one in held:
        one.close()
    return problems or (unload() if not unload_first else [])


def router_ends(lab, unload_first):
    """A router ends while packets cross it; a transaction is open in it."""
    topology = Topology()
    enter_netns(topology.netns("router"))
    lab.run("p25ctl", "apply", "--all", "-", text=policy())
    transaction = Transaction()
    flood = Flood(topology, rows(), max(lab.cpus))
    lab.leave()
    subprocess.run(["ip", "netns", "del", topology.netns("router")],
                   check=True)
    problems = unload() if unload_first else []
    # The socket was the last that held the namespace.
    transaction.close()
    if not unload_first:
        problems = unload()
    if not flood.runs_dry():
        problems.append("packets go on")
    topology.close()
    return problems


def namespaces(lab):
    for words, end in (("many namespaces", many_namespaces),
                       ("routers under traffic", router_ends)):
        for unload_first in (False, True):
            load()
            order = "first" if unload_first else "at once"
            lab.result(f"{words} end, and the module is unloaded {order}",
                       end(lab, unload_first))


def machine_has_policy():
    answer = netlink_lib.Genl().request(netlink_lib.P25_CMD_SHOW)
    counts = dict(answer.messages[0])[netlink_lib.P25_A_ENTRIES]
    return any(int.from_bytes(value, sys.byteorder)
               for _, value in netlink_lib.parse(counts))


def main():
    if machine_has_policy():
        print("KTAP version 1\n1..0 # SKIP this machine has a policy")
        sys.exit(4)
    before = taint()
    lab = Lab(len(WAYS) + 1 + 4 + 1)
    try:
        unloading(lab)
        namespaces(lab)
    finally:
        load()		# the next test needs it
    lab.result("the kernel has not complained",
               [f"taint {taint()}"] if taint() & ~before else [])
    lab.finish()


if __name__ == "__main__":
    main()
