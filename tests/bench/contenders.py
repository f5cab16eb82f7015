# SPDX-License-Identifier: GPL-2.0
"""What p25 is compared with: how each one is given the policy.

Each contender has a network namespace of its own, so that all can hold the same
policy at once and be timed one right after the other.
"""

import collections
import ctypes
import json
import os
import socket
import subprocess
import tempfile

import bpf
import bulk
import policy as words

CLONE_NEWNET = 0x40000000
NFPROTO = {4: 2, 6: 10}
AF = {4: socket.AF_INET, 6: socket.AF_INET6}
SIZE = {4: 4, 6: 16}		# bytes of an address
libc = ctypes.CDLL(None, use_errno=True)


def setns(fd):
    if libc.setns(fd, CLONE_NEWNET):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def run(*command, **options):
    subprocess.run(command, check=True, **options)


def feed(command, lines):
    """Gives lines to a command, as they are made."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as tool:
        tool.stdin.writelines(lines)
    if tool.returncode:
        raise subprocess.CalledProcessError(tool.returncode, command)


class Contender:
    """A namespace with nothing in it; used as "with contender: ..."."""

    name = "none"
    holds_policy = False
    hook = "none"		# of the driver's, while it is this contender's turn

    def __init__(self):
        self.netns = "bench-" + self.name.replace("_", "-")
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        run("ip", "netns", "add", self.netns)
        self.fd = os.open("/run/netns/" + self.netns, os.O_RDONLY)

    def __enter__(self):
        setns(self.fd)
        return self

    def __exit__(self, *_):
        setns(self.home)

    def close(self):
        os.close(self.fd)
        os.close(self.home)
        run("ip", "netns", "delete", self.netns)

    def can_hold(self, policy):
        return policy.n <= 1000000

    def load(self, policy):
        """Called within the namespace, as is own_memory()."""

    def own_memory(self):
        """Bytes by the contender's own count, if it has one."""
        return None


class P25(Contender):
    name = "p25"
    ctl = "p25ctl"
    holds_policy = True

    def can_hold(self, policy):
        return True

    def load(self, policy):
        run(self.ctl, "set", "limit", str(policy.n + 1000))
        with tempfile.NamedTemporaryFile("w") as file:
            file.writelines(words.p25(policy))
            file.flush()
            run(self.ctl, "apply", file.name)

    def own_memory(self):
        show = subprocess.run([self.ctl, "-j", "show"], check=True,
                              stdout=subprocess.PIPE)
        return json.loads(show.stdout)["memory"]


class Nft(Contender):
    holds_policy = True

    def load(self, policy):
        feed(["nft", "-f", "-"], self.rules(policy, elements=False))
        make = bulk.NftElements(SIZE[policy.family])
        bulk.nft_add(NFPROTO[policy.family], "bench", "exempt",
                     self.elements(make, policy))


class NftHash(Nft):
    name = "nft_hash"
    rules = staticmethod(words.nft_hash)

    def can_hold(self, policy):
        return policy.lengths == 1 and super().can_hold(policy)

    def elements(self, make, policy):
        return (make.single(words.packed(policy.family, subscriber))
                for subscriber in policy.exempt[0])


class NftInterval(Nft):
    name = "nft_interval"
    rules = staticmethod(words.nft_interval)

    def elements(self, make, policy):
        return (make.range(first, beyond) for first, beyond in policy.ranges())


class Ipset(Contender):
    name = "ipset"
    holds_policy = True
    counters = " counters"

    def load(self, policy):
        feed(["ipset", "restore"],
             (line.replace(" counters", self.counters)
              for line in words.ipset(policy, elements=False)))
        make = bulk.IpsetEntries(SIZE[policy.family], words.TIMEOUT)
        bulk.ipset_add(NFPROTO[policy.family], "exempt",
                       (make.entry(first, length) for first, length
                        in policy.packed_prefixes()))
        tool = "iptables" if policy.family == 4 else "ip6tables"
        run(tool + "-legacy-restore", input=words.iptables(), text=True)

    def own_memory(self):
        text = subprocess.run(["ipset", "list", "-terse", "exempt"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        return next(int(line.split()[-1]) for line in text.splitlines()
                    if line.startswith("Size in memory:"))


class Hook(Contender):
    """One of the driver's own hooks."""

    def __init__(self, name):
        self.name = self.hook = name
        super().__init__()

    def can_hold(self, policy):
        return True


class Bpf(Contender):
    """A hook of the driver's on maps of eBPF, see driver/bpf.c."""

    holds_policy = True

    def __init__(self):
        super().__init__()
        self.maps = []

    def can_hold(self, policy):
        return bpf.is_there() and super().can_hold(policy)

    def close(self):
        super().close()
        for fd in self.maps:
            os.close(fd)

    def new_map(self, kind, keys, size):
        """A map that holds so many keys."""
        self.maps.append(bpf.create(kind, keys, size))
        return self.maps[-1]

    def load(self, policy):
        family = policy.family
        relays = self.new_map(bpf.HASH, SIZE[family], len(words.RELAYS[family]))
        bpf.fill(relays, (socket.inet_pton(AF[family], relay)
                          for relay in words.RELAYS[family]),
                 bpf.entry(bpf.NF_ACCEPT))
        pools = [pool.split("/") for pool in words.POOLS[family]]
        trie = self.new_map(bpf.LPM_TRIE, 4 + SIZE[family], policy.n + len(pools))
        bpf.fill(trie, (bpf.lpm_key(socket.inet_pton(AF[family], first), int(length))
                        for first, length in pools), bpf.entry(bpf.NF_DROP))
        self.hook = f"bpf_ipv{family} {relays} {trie}"
        self.load_exempt(policy, trie, bpf.entry(bpf.NF_ACCEPT, words.TIMEOUT))

    def load_exempt(self, policy, trie, value):
        """Adds the exempt prefixes, to the trie or to maps of its own."""


class BpfHash(Bpf):
    """A hash for each prefix length in use, the longest first."""

    name = "bpf_hash"

    def load_exempt(self, policy, trie, value):
        keys = collections.defaultdict(list)
        for first, length in policy.packed_prefixes():
            keys[length].append(first)
        for length in sorted(keys, reverse=True):
            fd = self.new_map(bpf.HASH, SIZE[policy.family], len(keys[length]))
            bpf.fill(fd, keys[length], value)
            self.hook += f" {length}:{fd}"


class BpfLpm(Bpf):
    """One trie."""

    name = "bpf_lpm"

    def load_exempt(self, policy, trie, value):
        bpf.fill(trie, (bpf.lpm_key(first, length)
                        for first, length in policy.packed_prefixes()), value)


PEERS = (P25, NftHash, NftInterval, Ipset, BpfHash, BpfLpm)
