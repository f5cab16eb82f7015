#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The policy that every contender holds, and packets that it speaks of.

A few relays, four pools that cover all subscribers, N exempt prefixes at random
in there:

               pools                  exempt prefixes
    IPv4       10.0.0.0/8             /32 ...
    IPv6       2001:db8:8000::/40     /64 ...

A subscriber is a number of 24 bits. It follows the pools' first bits in an IPv4
address; in an IPv6 address it makes a /64 of them, where the host is ::1.

With several prefix lengths in use, as many addresses are exempt at each length.
A packet's source is any exempt address with the same chance, so that packets
are spread evenly over the lengths.

All is random, and the same in every run.

usage: policy.py p25|nft_hash|nft_interval|ipset N [LENGTHS [4|6]]
Prints the policy in the words of the contender's own tool.
"""

import random
import signal
import sys
from array import array

BITS = 24

# Bits of a subscriber's number that a prefix leaves open, for each number of
# lengths in use: IPv4 /32; /32 /30 /28 /24; /32 to /21.
OPEN_BITS = {1: [0], 4: [0, 2, 4, 8], 12: list(range(12))}

RELAYS = {4: ["192.0.2.25", "192.0.2.26"],
          6: ["2001:db8:25::25", "2001:db8:25::26"]}
POOLS = {4: [f"10.{high}.0.0/10" for high in (0, 64, 128, 192)],
         6: [f"2001:db8:80{high}::/42" for high in ("00", "40", "80", "c0")]}
SERVER = {4: "203.0.113.25", 6: "2001:db8:ffff::25"}

# Nothing but what has an expiry is comparable with an ipset that has timeouts.
TIMEOUT = 86400


def address(family, subscriber):
    if family == 4:
        return (f"10.{subscriber >> 16}.{subscriber >> 8 & 255}"
                f".{subscriber & 255}")
    return (f"2001:db8:{0x8000 | subscriber >> 16:x}"
            f":{subscriber & 0xffff:x}::1")


def packed(family, subscriber):
    """An exempt address, or network, as it stands in a packet."""
    if family == 4:
        return (0x0a000000 | subscriber).to_bytes(4, "big")
    return (0x20010db880 << 24 | subscriber).to_bytes(8, "big") + b"\0" * 8


def prefix_length(family, bits):
    """That of a prefix that leaves these bits of subscribers' numbers open."""
    return (32 if family == 4 else 64) - bits


class Policy:
    """N exempt prefixes of some lengths, which don't overlap."""

    def __init__(self, family, n, lengths=1):
        self.family = family
        self.n = n
        self.lengths = lengths
        self.random = random.Random(25)
        self.taken = bytearray(1 << BITS)
        self.exempt = {}
        for bits, count in self._shares():
            self.exempt[bits] = self._place(bits, count)

    def _shares(self):
        """How many prefixes of each length, the shortest first."""
        sizes = [(bits, 1 << bits) for bits in OPEN_BITS[self.lengths]]
        total = sum(1 / size for _, size in sizes)
        shares = {bits: max(1, int(self.n / size / total))
                  for bits, size in sizes}
        shares[0] += self.n - sum(shares.values())
        return sorted(shares.items(), reverse=True)

    def _place(self, bits, count):
        subscribers = array("I")
        size = 1 << bits
        taken = self.taken
        ones = b"\1" * size
        while len(subscribers) < count:
            first = self.random.getrandbits(BITS - bits) << bits
            if taken.find(1, first, first + size) < 0:
                taken[first:first + size] = ones
                subscribers.append(first)
        return subscribers

    def prefixes(self):
        """All exempt prefixes, in the order in which they were drawn."""
        for bits, subscribers in self.exempt.items():
            length = prefix_length(self.family, bits)
            for first in subscribers:
                text = address(self.family, first)
                yield f"{text if self.family == 4 else text[:-1]}/{length}"

    def packed_prefixes(self):
        """The same as pairs of bytes and length, in order of the address."""
        for first, bits in self._in_order():
            yield (self._range(first, bits)[0],
                   prefix_length(self.family, bits))

    def ranges(self):
        """First and last address of each prefix + 1, packed, in order."""
        for first, bits in self._in_order():
            yield self._range(first, bits)

    def _in_order(self):
        return sorted((first, bits) for bits, subscribers
                      in self.exempt.items() for first in subscribers)

    def _range(self, first, bits):
        if self.family == 4:
            start = 0x0a000000 | first
            return (start.to_bytes(4, "big"),
                    (start + (1 << bits)).to_bytes(4, "big"))
        start = (0x20010db880 << 24 | first) << 64
        return (start.to_bytes(16, "big"),
                (start + (1 << 64 + bits)).to_bytes(16, "big"))

    def sources(self, count, exempt=True):
        """Random subscribers' addresses, exempt ones or blocked ones."""
        draw = self._draw_exempt if exempt else self._draw_blocked
        rng = random.Random(26)
        return [address(self.family, draw(rng)) for _ in range(count)]

    def packets(self, work, hot, options=False):
        """Lines for the driver's "packets": so many packets of that kind."""
        protocol = "udp" if work == "udp" else "tcp"
        port = {"tcp443": 443, "udp": 443}.get(work, 25)
        to = RELAYS[self.family][0] if work == "mail_relay" \
            else SERVER[self.family]
        end = " options\n" if options else "\n"
        sources = self.sources(hot, exempt=work != "mail_blocked")
        return "".join(f"{protocol} {source} {to} 40000 {port}{end}"
                       for source in sources)

    def _draw_exempt(self, rng):
        bits = rng.choice(OPEN_BITS[self.lengths])
        return rng.choice(self.exempt[bits]) + rng.getrandbits(bits)

    def _draw_blocked(self, rng):
        while True:
            subscriber = rng.getrandbits(BITS)
            if not self.taken[subscriber]:
                return subscriber


def p25(policy):
    """For p25ctl apply."""
    for relay in RELAYS[policy.family]:
        yield f"relay {relay}\n"
    for pool in POOLS[policy.family]:
        yield f"pool {pool}\n"
    for prefix in policy.prefixes():
        yield f"static {prefix} timeout {TIMEOUT}\n"


def _nft(policy, exempt_set, elements, mask=""):
    ip, kind = ("ip", "ipv4_addr") if policy.family == 4 else ("ip6", "ipv6_addr")
    yield f"""table {ip} bench {{
	set relays {{
		type {kind}
		elements = {{ {", ".join(RELAYS[policy.family])} }}
	}}
	set pools {{
		type {kind}; flags interval
		elements = {{ {", ".join(POOLS[policy.family])} }}
	}}
	set exempt {{
		type {kind}; {exempt_set}
"""
    if elements:
        yield "\t\telements = {\n"
        for prefix in policy.prefixes():
            yield prefix + ",\n"
        yield "\t\t}\n"
    yield f"""	}}
	chain mail {{
		{ip} daddr @relays accept
		{ip} saddr{mask} @exempt accept
		{ip} saddr @pools drop
	}}
	chain forward {{
		type filter hook forward priority filter - 1
		tcp dport 25 jump mail
	}}
}}
"""


def nft_hash(policy, elements=True):
    """For nft -f. A set that knows its size has the fastest hash there is."""
    mask = "" if policy.family == 4 else " & ffff:ffff:ffff:ffff::"
    return _nft(policy, f"size {policy.n}", elements, mask)


def nft_interval(policy, elements=True):
    return _nft(policy, "flags interval", elements)


def ipset(policy, elements=True):
    """For ipset restore; iptables() has the rules."""
    family = "inet" if policy.family == 4 else "inet6"
    options = f"hash:net family {family} timeout 0 counters"
    for name, prefixes in (("relays", RELAYS), ("pools", POOLS)):
        yield f"create {name} {options}\n"
        for prefix in prefixes[policy.family]:
            yield f"add {name} {prefix}\n"
    yield f"create exempt {options} maxelem {policy.n}\n"
    if elements:
        for prefix in policy.prefixes():
            yield f"add exempt {prefix} timeout {TIMEOUT}\n"


def iptables():
    """For iptables-restore and ip6tables-restore."""
    return """*filter
:FORWARD ACCEPT
:mail -
-A FORWARD -p tcp -m tcp --dport 25 -j mail
-A mail -m set --match-set relays dst -j ACCEPT
-A mail -m set --match-set exempt src -j ACCEPT
-A mail -m set --match-set pools src -j DROP
COMMIT
"""


TOOLS = {"p25": p25, "nft_hash": nft_hash, "nft_interval": nft_interval,
         "ipset": ipset}


def main(arguments):
    if not 2 <= len(arguments) <= 4 or arguments[0] not in TOOLS:
        sys.exit(__doc__)
    numbers = [int(word) for word in arguments[1:]]
    n, lengths, family = numbers + [1, 4][len(numbers) - 1:]
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.stdout.writelines(TOOLS[arguments[0]](Policy(family, n, lengths)))


if __name__ == "__main__":
    main(sys.argv[1:])
