#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Counters are exact, whatever happens while packets are counted: two CPUs send by the
same entries, and by more of them than a CPU has slots for, while entries and
senders are listed, entries come and go, one by one and by apply, and a CPU goes
offline.
"""

import os
import pathlib
import struct
import time

from lib.packet import NAMES, Lab, mail
from lib.sender import senders

ROUNDS = 40
MANY = 6000			# entries; a CPU has 4096 slots
EACH = MANY // ROUNDS
FEW = {"pool": ("in_wide", "foreign"), "static": ("host", "foreign"),
       "relay": ("in_wide", "relay")}
POLICY = "pool {wide}\nstatic {host}\nrelay {relay}\n" + "".join(
    f"static 2001:db8:100:8000::{number:x}\n" for number in range(MANY))


class Sender:
    """A process that sends on one CPU."""

    def __init__(self, lab, cpu):
        host = lab.hosts["subscriber"]
        self.socket = host.socket
        self.few = [host.frame(mail(family, *ends))
                    for family in (4, 6) for ends in FEW.values()]
        self.comes_and_goes = host.frame(mail(6, "2001:db8:100:9000::1",
                                              "foreign"))
        self.many = host.frame(mail(6, "outside", "foreign"))
        self.pid = os.fork()
        if not self.pid:
            os.sched_setaffinity(0, {cpu})
            for number in range(ROUNDS):
                self.round(number)
            os._exit(0)

    def round(self, number):
        for frame in self.few:
            self.socket.send(frame)
        for at in range(number * EACH, (number + 1) * EACH):
            self.socket.send(self.comes_and_goes)
            # The last four bytes of the source address.
            self.socket.send(self.many[:34] + struct.pack("!I", at) +
                             self.many[38:])

    def is_at_work(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if status:
            raise RuntimeError("a sender has failed")
        return not pid


class Disturbance:
    """Whatever may get sums lost, or counted twice."""

    def __init__(self, lab):
        self.lab = lab
        self.turns = 0
        self.times_offline = 0
        self.switch = pathlib.Path(
            f"/sys/devices/system/cpu/cpu{max(lab.cpus)}/online")

    def can_go_offline(self):
        return len(self.lab.cpus) > 1 and self.switch.exists()

    def turn(self):
        self.lab.p25ctl("optout", "add", "2001:db8:100:9000::/64")
        self.lab.p25ctl("list", "2001:db8:100:8000::/64")
        if self.turns % 2:
            self.lab.p25ctl("optout", "del", "2001:db8:100:9000::/64")
        else:
            self.lab.policy(POLICY)
        senders(self.lab.genl)
        if self.can_go_offline():
            self.switch.write_text("0", encoding="ascii")
            self.lab.p25ctl("list", "198.51.100.0/24")
            self.switch.write_text("1", encoding="ascii")
            self.times_offline += 1
        self.turns += 1


def wanted(family, kind, times):
    """Packets and bytes of an entry that has counted so many packets."""
    packet = mail(family, *FEW[kind])
    return times, times * len(packet.bytes)


def check_few(lab, entries, times):
    problems = []
    for family in (4, 6):
        for kind, (src, dst) in FEW.items():
            name = {"pool": "wide", "static": src, "relay": dst}[kind]
            entry = entries[NAMES[family][name]]
            got = entry["packets"], entry["bytes"]
            if got != wanted(family, kind, times):
                problems.append(f"{name}: {got}, not "
                                f"{wanted(family, kind, times)}")
    lab.result("a few busy entries have counted each packet", problems)


def check_many(lab, entries, times):
    want = wanted(6, "static", times)
    found = [entry for prefix, entry in entries.items()
             if prefix.startswith("2001:db8:100:8000:")]
    wrong = [entry for entry in found
             if (entry["packets"], entry["bytes"]) != want]
    lab.result("so have more entries than a CPU has slots for",
               [f"{len(found)} entries"] * (len(found) != MANY) +
               [f"{len(wrong)} of them: {wrong[:3]}"] * bool(wrong))


def check_senders(lab, times):
    """Who is blocked, and who is exempt."""
    found = senders(lab.genl)
    sources = [NAMES[4]["in_wide"], "2001:db8:100:9::", NAMES[4]["host"],
               NAMES[6]["host"]]
    counts = [(src, found.get(src, {}).get("attempts"),
               found.get(src, {}).get("packets")) for src in sources]
    lab.result("a sender's attempts are those that all CPUs have seen",
               [f"{src}: {got}, {packets}, not {times}"
                for src, got, packets in counts if (got, packets) != (times,) * 2])


def check_flushed(lab, wait):
    """Entries that come after a flush may have the numbers of those before it."""
    lab.policy(POLICY)
    lab.cross([mail(family, *ends) for family in (4, 6) for ends in FEW.values()])
    lab.p25ctl("flush", "--all")
    wait()
    lab.policy(POLICY)
    counted = [entry["prefix"] for entry in lab.json("list") if entry["packets"]]
    lab.result("what was counted before a flush is not what comes after it, "
               f"{wait.__doc__}", counted)


def at_once():
    """at once"""


def later():
    """nor later"""
    time.sleep(1)


def main():
    lab = Lab(7)
    lab.policy(POLICY)
    senders = [Sender(lab, cpu) for cpu in sorted(lab.cpus)[:2]]
    disturbance = Disturbance(lab)
    busy = set(senders)
    while busy or not disturbance.turns:
        disturbance.turn()
        busy = {sender for sender in busy if sender.is_at_work()}
    lab.cross([])
    times = ROUNDS * len(senders)
    entries = {entry["prefix"]: entry for entry in lab.json("list")}
    check_few(lab, entries, times)
    check_many(lab, entries, len(senders))
    check_senders(lab, times)
    offline = "while a CPU went offline and came back"
    if disturbance.can_go_offline():
        lab.result(offline, [] if disturbance.times_offline else ["never"])
    else:
        lab.skip(offline, "no CPU can")
    check_flushed(lab, at_once)
    check_flushed(lab, later)
    lab.policy("pool {wide}")
    lab.result("the entries can go",
               [] if len(lab.json("list")) == 2 else ["they are there"])
    lab.finish()


main()
