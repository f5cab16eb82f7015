#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Sets of addresses, read without any of p25's code.
#
#	address_sets.py make SEED N		N random prefixes of each family
#	address_sets.py pick SEED N FILE...	N addresses, of which half are in the sets
#	address_sets.py same FILE FILE		the same addresses? FILE is what "ipset
#						save", "nft list set" or "p25ctl save"
#						prints

import ipaddress
import random
import re
import sys

NETS = {4: (0xC6120000, 32), 6: (0x20010DB8 << 96, 128)}  # 198.18.0.0/15, 2001:db8::/32
ELEMENT = re.compile(r"(?:^add \S+|^block|[{,])\s*([0-9a-f:.]+)(?:/(\d+)|-([0-9a-f:.]+))?",
                     re.MULTILINE)


def make(seed, count):
    """Random prefixes, often in or beside each other."""
    rand = random.Random(seed)
    for family, (base, width) in NETS.items():
        room = 17 if family == 4 else 96
        for _ in range(count):
            bits = min(int(rand.expovariate(0.6)), 10)
            if family == 6:
                bits += rand.choice((0, 64))
            host = rand.getrandbits(room) if family == 4 else \
                rand.getrandbits(16) << 80 | rand.getrandbits(room - 80)
            first = base + (host >> bits << bits)
            print(f"{ipaddress.ip_address(first)}/{width - bits}")


def read(path):
    """Intervals of a file: {family: [(first, last), ...]}, none of which touch."""
    found = {4: [], 6: []}
    with open(path, encoding="utf-8") as file:
        text = re.sub(r'"[^"]*"', "", file.read())
    for word, length, last in ELEMENT.findall(text):
        if not re.search("[.:]", word):
            continue
        net = ipaddress.ip_network(f"{word}/{length}" if length else word)
        end = int(ipaddress.ip_address(last)) if last else int(net.broadcast_address)
        found[net.version].append((int(net.network_address), end))
    return {family: union(ranges) for family, ranges in found.items()}


def union(ranges):
    """What they cover, in order."""
    result = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return result


def pick(seed, count, paths):
    """Addresses in a set, beside one, or anywhere near."""
    rand = random.Random(seed)
    sets = [read(path) for path in paths]
    for number in range(count):
        family = rand.choice((4, 6))
        ranges = [r for one in sets for r in one[family]]
        if not ranges:
            continue
        first, last = rand.choice(ranges)
        where = first + rand.randrange(last - first + 1)
        if number % 2:
            where = rand.choice((first - 1, last + 1))
        print(ipaddress.ip_address(where))


def main():
    """Does what the first argument says."""
    what, *args = sys.argv[1:]
    if what == "make":
        make(int(args[0]), int(args[1]))
    elif what == "pick":
        pick(int(args[0]), int(args[1]), args[2:])
    else:
        one, other = (read(path) for path in args)
        for family in NETS:
            size = sum(last - first + 1 for first, last in one[family])
            print(f"IPv{family}: {len(one[family])} ranges, {size} addresses")
            if one[family] != other[family]:
                wrong = set(one[family]) ^ set(other[family])
                sys.exit(f"differ: {[(hex(a), hex(b)) for a, b in sorted(wrong)[:5]]}")
        if not any(one.values()):
            sys.exit("there are none")


main()
