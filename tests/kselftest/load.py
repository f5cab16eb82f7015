#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A flood of mail from 2^20 forged sources, and changes at full speed: memory has a
bound, and other traffic gets through. A flood of packets that are nothing but
IPv6 extension headers: they cost no more than their length allows.

LONG=SECONDS in the environment makes each of the loads that long; it is three
seconds otherwise. All the while a host pings another through the router.
What a ping takes is printed; the bounds are wide, because the machine may be
emulated and busy, and the load takes all the time of its CPU that it gets.

That the kernel has no soft lockup, no RCU stall and no hung task is for its log
to say: who runs this test looks there, and so does this test.
"""

import os
import re
import socket
import subprocess
import threading
import time

import netlink_lib
from packet_lab import Lab, address, enter_netns, mail

SECONDS = int(os.environ.get("LONG", "3"))
POLICY = """
    pool {wide}
    pool 2001:db8:100::/48
    relay {relay}
"""
OFFENDERS = 4096

LOSS_MAX = 1			# percent
DELAY_MAX = 100			# milliseconds, on average
POLICY_MAX = 8 << 20		# bytes that the policy may take
SETTLED_MAX = 1 << 20		# bytes more than before, once it is quiet again
SYSTEM_MAX = 96 << 20		# bytes of the whole machine, programs included
CHAIN_MAX = 10			# times what a packet of the same size costs
REGISTER_MAX = 3		# seconds to register another netlink family

# Of an MTU of 1,500: payload, and headers of 8 bytes in it before TCP.
PAYLOAD, CHAIN = 1460, 180

TROUBLE = re.compile("soft lockup|rcu.*(stall|starved)|blocked for more than|"
                     "page allocation failure|Out of memory")


def available():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(re.search(r"MemAvailable: +(\d+)", file.read())[1]) << 10


class Watch(threading.Thread):
    """Looks at memory ten times a second, until end()."""

    def __init__(self):
        super().__init__()
        self.genl = netlink_lib.Genl()
        self.before = self.least = available()
        self.most = 0
        self.stop = threading.Event()
        self.start()

    def run(self):
        while not self.stop.wait(0.1):
            self.most = max(self.most, memory(self.genl))
            self.least = min(self.least, available())

    def end(self):
        """Most bytes of the policy; most bytes that the machine took more."""
        self.stop.set()
        self.join()
        self.genl.close()
        return self.most, self.before - self.least


def memory(genl):
    """Bytes that the namespace's policy takes, by its own count."""
    answer = genl.request(netlink_lib.P25_CMD_SHOW)
    data = dict(answer.messages[0])[netlink_lib.P25_A_MEMORY]
    return int.from_bytes(data, "little")


class Ping:
    """Pings from the subscriber to the server, 20 a second."""

    def __init__(self, lab, seconds):
        netns = lab.netns("subscriber")
        self.process = subprocess.Popen(
            ["ping", "-q", "-i", "0.05", "-c", str(20 * seconds), "-W", "5",
             "203.0.113.2"], stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: (enter_netns(netns),
                                os.sched_setaffinity(0, lab.cpus)))

    def end(self):
        """Loss in percent; average and longest delay in milliseconds."""
        text = self.process.communicate()[0]
        loss = float(re.search(r"([\d.]+)% packet loss", text)[1])
        rtt = re.search(r"rtt [^=]*= [\d.]+/([\d.]+)/([\d.]+)", text)
        return (loss, float(rtt[1]), float(rtt[2])) if rtt else (loss, -1, -1)


def helper(lab, cpu, *command):
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))


def numbers(process):
    """A helper's words and numbers."""
    words = process.communicate()[0].split()
    if process.returncode:
        raise RuntimeError(f"{process.args[0]}: status {process.returncode}")
    return dict(zip(words[::2], map(int, words[1::2])))


def flood(lab, *what):
    return helper(lab, max(lab.cpus), "load_flood_helper",
                  lab.netns("subscriber"), str(SECONDS), *map(str, what or [25]))


def changes(lab):
    return helper(lab, min(lab.cpus), "load_changes_helper", str(SECONDS))


def under_load(lab, name, loads):
    """Runs loads, and judges what else happens meanwhile; returns what they say."""
    watch = Watch()
    ping = Ping(lab, SECONDS)
    begin = time.monotonic()
    processes = [load(lab) for load in loads]
    done = {}
    for process in processes:
        done |= numbers(process)
    took = time.monotonic() - begin
    loss, average, longest = ping.end()
    policy, machine = watch.end()
    rates = ", ".join(f"{round(number / took)} {word} a second"
                      for word, number in done.items()) or "nothing"
    print(f"# {name}: {rates}; ping: {loss} % lost, {average} ms on average, "
          f"{longest} ms at most; memory: policy {policy >> 10} KiB, machine "
          f"{max(machine, 0) >> 10} KiB more than before")
    problems = []
    if loss > LOSS_MAX:
        problems.append(f"{loss} % of pings lost")
    if not 0 <= average <= DELAY_MAX:
        problems.append(f"a ping takes {average} ms")
    if policy > POLICY_MAX:
        problems.append(f"the policy took {policy} bytes")
    if machine > SYSTEM_MAX:
        problems.append(f"the machine took {machine} bytes more")
    lab.result(f"{name}: other traffic passes, memory has a bound", problems)
    return done


def settled(lab, before):
    """Is memory given back, some grace periods later?"""
    deadline = time.monotonic() + 20
    while memory(lab.genl) > before + SETTLED_MAX:
        if time.monotonic() > deadline:
            return [f"{before} bytes before, {memory(lab.genl)} afterwards"]
        time.sleep(0.2)
    return []


def dropped(lab):
    return lab.counters()["drop_pool"]


def is_offender(lab, name):
    source = socket.inet_ntop(socket.AF_INET6, address(6, name))
    return source in (one["src"] for one in lab.json("offenders"))


def flooding(lab):
    lab.cross([mail(6, "host", "foreign")])
    known = is_offender(lab, "host")
    before, judged = memory(lab.genl), dropped(lab)
    sent = under_load(lab, "flood", [flood])["sent"]
    judged = dropped(lab) - judged
    lab.result("every packet of the flood was judged, none was let through",
               [] if judged == sent else [f"{sent} sent, {judged} dropped"])
    lab.result("it took no memory", [] if memory(lab.genl) == before else
               [f"{before} bytes before, {memory(lab.genl)} afterwards"])
    offenders = len(lab.json("offenders"))
    print(f"# {offenders} offenders are remembered")
    lab.result("offenders are a list of fixed size",
               [] if OFFENDERS // 2 < offenders <= OFFENDERS else
               [f"{offenders} of them"])
    # What security.rst warns of: the flood comes from a single /56.
    lab.result("one subscriber's addresses wash out the other offenders",
               [] if known and not is_offender(lab, "host") else
               ["still there" if known else "it was not noted"])


def chains(lab):
    rates = [under_load(lab, f"flood of {headers} headers",
                        [lambda lab, headers=headers:
                         flood(lab, 443, headers, PAYLOAD)])["sent"]
             for headers in (0, CHAIN)]
    lab.result(f"{CHAIN} headers cost no more than {CHAIN_MAX} packets without",
               [] if rates[0] < CHAIN_MAX * rates[1] else [f"{rates}"])


class Registering(threading.Thread):
    """
    Loads and unloads a module that registers a family of generic netlink, which
    every command of every family holds up for as long as it runs.
    """

    def __init__(self):
        super().__init__()
        self.longest = self.times = 0
        self.stop = threading.Event()
        self.start()

    def run(self):
        while not self.stop.wait(0.1):
            begin = time.monotonic()
            subprocess.run(["modprobe", "psample"], check=True)
            self.longest = max(self.longest, time.monotonic() - begin)
            subprocess.run(["modprobe", "-r", "psample"], check=True)
            self.times += 1

    def end(self):
        self.stop.set()
        self.join()
        print(f"# a family was registered {self.times} times, in "
              f"{1000 * self.longest:.0f} ms at most")
        return [] if self.times and self.longest < REGISTER_MAX else [
            f"{self.times} times, {self.longest} s"]


def changing(lab):
    before = memory(lab.genl)
    registering = Registering()
    done = under_load(lab, "changes", [changes])
    lab.result("meanwhile other netlink families can be registered",
               registering.end())
    lab.result("policies were replaced", [] if done["policies"] else ["none"])
    lab.p25ctl("-o", "load", "flush")
    lab.result("their memory is given back", settled(lab, before))


def trouble(since):
    log = subprocess.run(["dmesg", "--notime"], capture_output=True, text=True,
                         check=True).stdout.splitlines()
    return [line for line in log[since:] if TROUBLE.search(line)]


def log_length():
    return len(subprocess.run(["dmesg", "--notime"], capture_output=True,
                              text=True, check=True).stdout.splitlines())


def main():
    lab = Lab(15)
    since = log_length()
    lab.policy(POLICY)
    under_load(lab, "no load", [lambda lab: helper(lab, 0, "sleep",
                                                   str(SECONDS))])
    flooding(lab)
    chains(lab)
    changing(lab)
    under_load(lab, "flood and changes", [flood, changes])
    lab.result("the kernel has no complaint", trouble(since))
    lab.finish()


if __name__ == "__main__":
    main()
