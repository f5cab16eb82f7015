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

import ctypes
import os
import select
import struct
import subprocess
import sys
import time

from lib import netlink
from lib.flood import Flood, start_flood
from lib.ktap import skip_all
from lib.netlink import nest, u8, u32
from lib.packet import (CLONE_NEWNET, UDP, Lab, Packet, Reading, Topology,
                        libc, enter_netns, mail, udp)

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
    """
    Returns what is wrong. By the system call, not rmmod: starting a program
    gives the kernel time for what it should be in the middle of.
    """
    if libc.delete_module(b"p25", os.O_NONBLOCK):
        return [os.strerror(ctypes.get_errno())]
    return ["it is still there"] if is_loaded() else []


def policy():
    """Pools around static hosts, some for ever, some for a second or two."""
    lines = ["action reject", "pool 198.51.100.0/24", "pool 2001:db8:100::/48",
             "relay 192.0.2.0/24", "relay 2001:db8:25::/48"]
    for number in range(3, 3 + ENTRIES // 2):
        end = ("", " timeout 1", " timeout 2", " timeout 1h")[number % 4]
        lines += [f"static 198.51.100.{number}{end}",
                  f"block 2001:db8:100:{number:x}::/64{end}"]
    return "\n".join(lines) + "\n"


def many(verb=""):
    return "".join(f"block {verb} 2001:db8:100:{number:x}::/64\n"
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
        self.genl = netlink.Genl()
        self.genl.request(netlink.P25_CMD_BEGIN)
        add_entries(self.genl, range(50))

    def close(self):
        self.genl.close()


def add_entries(genl, numbers, timeout=0):
    entries = [nest(netlink.P25_A_ENTRY,
                    u8(netlink.P25_A_ENTRY_KIND, netlink.P25_KIND_POOL),
                    netlink.attr(netlink.P25_A_ENTRY_ADDR,
                                     struct.pack("!IHH8x", 0x20010DB8, 0x100,
                                                 number)),
                    u8(netlink.P25_A_ENTRY_PREFIXLEN, 64),
                    *([u32(netlink.P25_A_ENTRY_TIMEOUT, timeout)]
                      if timeout else []))
               for number in numbers]
    answer = genl.request(netlink.P25_CMD_ENTRY_ADD, b"".join(entries))
    if answer.error:
        raise RuntimeError(f"adding: {answer}")


# ---- unloading in a namespace that lives on ----

def plainly(lab):
    return unload()


def after_flush(_):
    """Entries are on their way to be freed."""
    genl = netlink.Genl()
    genl.request(netlink.P25_CMD_ENTRY_FLUSH)
    problems = unload()
    genl.close()
    return problems


def after_expiry(lab):
    """The first timeouts have passed."""
    lasting = [line for line in policy().splitlines()[1:]
               if not line.endswith("timeout 1")]
    while len(lab.json("list")) > len(lasting):
        time.sleep(0.1)
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


def while_reading(lab):
    """p25ctl has sent thousands of changes, and will send more."""
    p25ctl = Reading("-b", "-", text=many("add"))
    problems = unload()
    status, said = p25ctl.end()
    if not status:
        problems.append(f"the changes were made: {said}")
    return problems


class Commit:
    """Another process commits thousands of changes."""

    def __init__(self):
        genl = netlink.Genl()
        genl.request(netlink.P25_CMD_BEGIN)
        for first in range(0, MANY, 1000):
            add_entries(genl, range(first, first + 1000))
        self.pipe, end = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            try:
                genl.send(netlink.P25_CMD_COMMIT)
                os.write(end, struct.pack("d", time.monotonic()))
            finally:
                os._exit(0)
        os.close(end)
        genl.close()

    def is_under_way(self):
        """Does it wait, where signals can't wake it? Each commit does, for a grace period."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] == "D"

    def is_over(self):
        return bool(select.select([self.pipe], [], [], 0)[0])

    def end(self):
        """Waits for it; returns when it has come back from the kernel."""
        ended, = struct.unpack("d", os.read(self.pipe, 8))
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        return ended


def while_committing(lab):
    """Tries until unloading has begun before the commit's end."""
    while True:
        lab.p25ctl("flush", "--all")
        commit = Commit()
        while not commit.is_under_way() and not commit.is_over():
            pass
        begun = time.monotonic()
        problems = unload()
        if problems or begun < commit.end():
            return problems
        load()


def while_listing(lab):
    """Between the messages of a listing nothing holds the module."""
    lab.run("p25ctl", "apply", "--force", "-", text=many())
    genl = netlink.Genl()
    goes_on = genl.list_on(netlink.Answer(),
                           netlink.P25_CMD_ENTRY_LIST)
    problems = unload()
    genl.close()
    if not goes_on:
        problems.append("all entries came in one message")
    return problems


WAYS = [
    ("with entries", plainly, ROUNDS),
    ("right after a flush", after_flush, 1),
    ("when timeouts end", after_expiry, 1),
    ("with a transaction open", with_transaction, 1),
    ("right after a transaction's end", with_closed_transaction, 1),
    ("while a policy is read", while_reading, 1),
    ("while a policy is committed", while_committing, 1),
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
        lab.run("p25ctl", "apply", "--all", "--force", "-", text=policy())
        flood.goes_round()
        problems += way(lab)
        if is_loaded():
            break
        with flood.dammed():
            problems += mail_passes(lab)
    return problems


def unloading(lab):
    flood = start_flood(lab, rows())
    for words, way, times in WAYS:
        lab.result(f"unloaded {words}",
                   unload_under_flood(lab, flood, way, times))
    seen = flood.end()
    print(f"# {seen}")
    lab.result("all the time, nothing but mail is lost",
               [f"{seen}"] if seen["lost"] else [])


# ---- namespaces that end ----

def many_namespaces(lab, unload_first):
    """Namespaces with entries, timeouts and transactions end all at once."""
    held = []
    for _ in range(20):
        libc.unshare(CLONE_NEWNET)
        genl = netlink.Genl()
        add_entries(genl, range(20), timeout=1)
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
    lab.run("p25ctl", "apply", "--all", "--force", "-", text=policy())
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
    answer = netlink.Genl().request(netlink.P25_CMD_SHOW)
    counts = dict(answer.messages[0])[netlink.P25_A_ENTRIES]
    return any(int.from_bytes(value, sys.byteorder)
               for _, value in netlink.parse(counts))


def main():
    if machine_has_policy():
        skip_all("this machine has a policy")
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
