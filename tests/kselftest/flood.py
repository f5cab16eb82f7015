#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A flood of mail from 2^20 forged sources, and changes at full speed: memory has a
bound, and other traffic gets through. A flood of packets that are nothing but
IPv6 extension headers: they cost no more than their length allows.

Each of the loads lasts until there was enough of everything: packets, changes,
pings of a host that pings another through the router all the while. In between
the load rests for one ping, and the CPUs are as busy with something else: that
is what a ping's time is compared with. LONG=SECONDS in the environment makes each
load last that long at least.

That the kernel has no soft lockup, no RCU stall and no hung task is for its log
to say: who runs this test looks there, and so does this test.
"""

import itertools
import os
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time

from lib import netlink
from lib.flood import Flood, Load
from lib.packet import (NAMES, PATIENCE, Lab, checksum, enter_netns, mail,
                        options_header)
from lib.sender import senders

SECONDS = int(os.environ.get("LONG", "3"))
POLICY = """
    pool {wide}
    pool 2001:db8:100::/48
    relay {relay}
"""

PINGS = 60
INTERVAL = 0.05			# seconds between them
PACKETS = 16384			# of a flood
ROUNDS = 300			# of a flood that is judged
POLICIES = 2			# that are replaced
REGISTRATIONS = 3		# of another netlink family, ...
EACH = 10			# ... after so many pings

DELAY_MAX = 10			# times what a ping takes otherwise
POLICY_MAX = 19 << 20		# bytes that the policy may take; senders take 11
SETTLED_MAX = 1 << 20		# bytes more than before, once it is quiet again
SYSTEM_MAX = 96 << 20		# bytes of the whole machine, programs included
CHAIN_MAX = 5			# times what packets of the same size cost
REGISTER_MAX = 20		# policies replaced while a family is registered

# Of an MTU of 1,500: payload, and headers of 8 bytes in it before TCP.
PAYLOAD, CHAIN = 1460, 180

TROUBLE = re.compile("soft lockup|rcu.*(detected|starved)|blocked for more than|"
                     "page allocation failure|Out of memory")


# ---- what is looked at meanwhile ----

def available():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(re.search(r"MemAvailable: +(\d+)", file.read())[1]) << 10


def memory(genl):
    """Bytes that the namespace's policy takes, by its own count."""
    answer = genl.request(netlink.P25_CMD_SHOW)
    data = dict(answer.messages[0])[netlink.P25_A_MEMORY]
    return int.from_bytes(data, sys.byteorder)


class Watch:
    """Looks at memory, and remembers what was the most."""

    def __init__(self, lab):
        self.genl = lab.genl
        self.before = available()
        self.policy = self.machine = 0

    def look(self):
        self.policy = max(self.policy, memory(self.genl))
        self.machine = max(self.machine, self.before - available())


class Pinger:
    """Pings from the subscriber to the server, one after another."""

    def __init__(self, lab):
        self.home = min(lab.cpus)
        enter_netns(lab.netns("subscriber"))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                    socket.IPPROTO_ICMP)
        enter_netns(lab.netns("router"))
        self.socket.connect(("203.0.113.2", 0))
        self.socket.settimeout(PATIENCE)
        self.numbers = itertools.count()

    def ping(self):
        """Seconds until the answer comes. No ping may get lost."""
        number = next(self.numbers) % 65536
        rest = struct.pack("!HH", 25, number)
        check = checksum(b"\x08\0\0\0" + rest)
        begin = time.monotonic()
        self.socket.send(struct.pack("!BBH", 8, 0, check) + rest)
        while True:
            answer = self.socket.recv(2048)[20:]
            if answer[0] == 0 and answer[4:8] == rest:
                return time.monotonic() - begin

    def ping_from(self, cpu):
        os.sched_setaffinity(0, {cpu})
        took = self.ping()
        os.sched_setaffinity(0, {self.home})
        return took


# ---- loads ----

class Enough(Load):
    """enough are the names of what it counts, and how much there has to be."""

    def __init__(self, cpu, *command, **enough):
        super().__init__(cpu, *command, names=enough)
        self.enough = enough

    def is_enough(self):
        self.must_run()
        return all(self.counts[name] >= least
                   for name, least in self.enough.items())


class EnoughRounds(Flood):
    def is_enough(self):
        self.must_run()
        return self.counts["rounds"] >= ROUNDS


def flood(lab):
    return Enough(max(lab.cpus), "flood_forged", lab.netns("subscriber"),
                  sent=PACKETS)


def changes(lab):
    return Enough(min(lab.cpus), "flood_changes", changes=0,
                  policies=POLICIES)


class BusyLoops:
    """Each CPU is as busy as it can be, unless the loads are."""

    def __init__(self, lab, loads):
        self.loads = [load.process for load in loads]
        self.loops = [subprocess.Popen(
            ["bash", "-c", "while :; do :; done"],
            preexec_fn=lambda cpu=cpu: os.sched_setaffinity(0, {cpu}))
            for cpu in lab.cpus]

    def take_turns(self, rest):
        """The loads rest, and the loops run; or the reverse."""
        for process in self.loads if rest else self.loops:
            process.send_signal(signal.SIGSTOP)
        for process in self.loops if rest else self.loads:
            process.send_signal(signal.SIGCONT)

    def end(self):
        for process in self.loops:
            process.kill()
            process.wait()


def measure(lab, loads, meanwhile):
    """Returns what a ping takes under these loads, at rest, and the watch."""
    pinger, watch, loops = Pinger(lab), Watch(lab), BusyLoops(lab, loads)
    under, at_rest, cpus = [], [], itertools.cycle(lab.cpus)
    until = time.monotonic() + SECONDS
    while len(under) < PINGS or time.monotonic() < until or \
            not all(load.is_enough() for load in loads):
        cpu = next(cpus)
        loops.take_turns(rest=True)
        pinger.ping_from(cpu)		# behind what the loads have sent
        at_rest.append(pinger.ping_from(cpu))
        loops.take_turns(rest=False)
        time.sleep(INTERVAL)
        under.append(pinger.ping_from(cpu))
        watch.look()
        meanwhile()
    loops.end()
    return statistics.median(under), statistics.median(at_rest), watch


def under_load(lab, name, *loads, meanwhile=lambda: None):
    """Judges what else happens under these loads; returns their counts."""
    loads = [load(lab) for load in loads]
    delay, usual, watch = measure(lab, loads, meanwhile)
    for load in loads:
        load.end()
    counts = [load.counts for load in loads]
    print(f"# {name}: {', '.join(map(str, counts))}; a ping takes "
          f"{1000 * delay:.1f} ms, at rest {1000 * usual:.1f} ms; memory: "
          f"policy {watch.policy >> 10} KiB, machine {watch.machine >> 10} KiB "
          "more than before")
    problems = []
    if delay > DELAY_MAX * usual:
        problems.append(f"a ping takes {delay} s, at rest {usual} s")
    if watch.policy > POLICY_MAX:
        problems.append(f"the policy took {watch.policy} bytes")
    if watch.machine > SYSTEM_MAX:
        problems.append(f"the machine took {watch.machine} bytes more")
    lab.result(f"{name}: other traffic passes, memory has a bound", problems)
    return counts


# ---- the flood ----

def dropped(lab):
    return lab.counters()["drop_pool"]


def known(lab, name):
    """What is known of the sender that has this address."""
    return senders(lab.genl).get(NAMES[6][name].partition("::")[0] + "::")


def all_judged(lab, sent):
    """What has been sent is judged soon; it can't be judged twice."""
    deadline = time.monotonic() + PATIENCE
    while dropped(lab) < sent and time.monotonic() < deadline:
        time.sleep(0.1)
    judged = dropped(lab)
    return [] if judged == sent else [f"{sent} sent, {judged} dropped"]


def flooding(lab):
    lab.cross([mail(6, "host", "foreign")])
    first = known(lab, "host")
    before, judged = memory(lab.genl), dropped(lab)
    counts, = under_load(lab, "flood", flood)
    lab.result("every packet of the flood was judged, none was let through",
               all_judged(lab, judged + counts["sent"]))
    lab.result("it took no memory", [] if memory(lab.genl) <= before else
               [f"{before} bytes before, {memory(lab.genl)} afterwards"])
    found = senders(lab.genl)
    print(f"# {len(found)} senders are remembered")
    lab.result("a /64 is one sender, whatever addresses are used",
               [] if 256 <= len(found) <= 260 else [f"{len(found)} of them"])
    lab.result("one subscriber's addresses don't wash out the other senders",
               [] if first and known(lab, "host") == first else
               [f"{first}, then {known(lab, 'host')}"])


# ---- chains of headers ----

def chain(count):
    """A packet with so many headers, as long as all of them."""
    return mail(6, "in_wide", "foreign", 443,
                headers=[options_header(60)] * count,
                data=bytes(PAYLOAD - 8 * count - 20))


def chains(lab):
    """
    The fastest round is the one that nothing has disturbed: it is compared, so
    it doesn't matter how busy the machine is.
    """
    fastest = []
    for headers in (0, CHAIN):
        rows = [(chain(headers), "any") for _ in range(8)]
        counts, = under_load(
            lab, f"flood of {headers} headers",
            lambda lab, rows=rows: EnoughRounds(lab.topology, rows,
                                                max(lab.cpus)))
        fastest.append(counts["fastest"])
    lab.result(f"{CHAIN} headers cost no more than {CHAIN_MAX} packets without",
               [] if fastest[1] < CHAIN_MAX * fastest[0] else [f"{fastest}"])


# ---- changes ----

class Registering:
    """
    Changes; meanwhile, a module is loaded and unloaded that registers a family
    of generic netlink, which every command of every family holds up for as long
    as it runs.
    """

    def __init__(self):
        self.changes = None
        self.calls = self.times = self.most = 0

    def begin(self, lab):
        self.changes = changes(lab)
        return self

    @property
    def counts(self):
        return self.changes.counts

    @property
    def process(self):
        return self.changes.process

    def is_enough(self):
        return self.changes.is_enough() and self.times >= REGISTRATIONS

    def end(self):
        self.changes.end()

    def register(self):
        self.calls += 1
        if self.calls % EACH:
            return
        before = self.counts["policies"]
        subprocess.run(["modprobe", "psample"], check=True)
        self.most = max(self.most, self.counts["policies"] - before)
        subprocess.run(["modprobe", "-r", "psample"], check=True)
        self.times += 1


def changing(lab):
    before = memory(lab.genl)
    registering = Registering()
    under_load(lab, "changes", registering.begin,
               meanwhile=registering.register)
    print(f"# a family was registered {registering.times} times; policies "
          f"replaced meanwhile: {registering.most} at most")
    lab.result("meanwhile other netlink families can be registered",
               [] if registering.most < REGISTER_MAX else
               [f"after {registering.most} policies"])
    lab.p25ctl("-o", "flood", "flush")
    lab.result("their memory is given back", settled(lab, before))


def settled(lab, before):
    """Is memory given back, some grace periods later?"""
    deadline = time.monotonic() + PATIENCE
    while memory(lab.genl) > before + SETTLED_MAX:
        if time.monotonic() > deadline:
            return [f"{before} bytes before, {memory(lab.genl)} afterwards"]
        time.sleep(0.2)
    return []


# ---- the kernel's log ----

def mark_log():
    """Writes a line to the kernel's log; returns it."""
    mark = f"flood.py {os.getpid()} begins"
    with open("/dev/kmsg", "w", encoding="ascii") as file:
        file.write(mark + "\n")	# readers don't see half a line
    return mark


def trouble(mark):
    """What the log says since; if it is so long that the mark is gone, all."""
    log = subprocess.run(["dmesg", "--notime"], capture_output=True, text=True,
                         check=True).stdout
    return [line for line in log.rpartition(mark)[2].splitlines()
            if TROUBLE.search(line)]


def main():
    lab = Lab(13)
    mark = mark_log()
    lab.policy(POLICY)
    flooding(lab)
    chains(lab)
    changing(lab)
    under_load(lab, "flood and changes", flood, changes)
    lab.result("the kernel has no complaint", trouble(mark))
    lab.finish()


if __name__ == "__main__":
    main()
