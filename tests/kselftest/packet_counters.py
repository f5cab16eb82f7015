#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What packets leave behind: counters of the namespace and of each entry, exact to
the packet and the byte, and the list of who tried to send blocked mail.
"""

import ipaddress

from lib.netlink import P25_CMD_SENDER_FLUSH
from lib.packet import ACK, NAMES, PSH, UDP, Lab, Packet, mail, udp
from lib.sender import senders as senders_of

FAMILIES = (4, 6)

POLICY = """
    relay {relay}
    relay {relays}
    pool {wide}
    static {middle}
    pool {narrow}
    optout {host}
    block {in_narrow}
    static {in_narrow}
    pool {wide} owner noc
"""

# Who sends to whom, how many packets; which entry decides, and which counter
# that moves under drop. Answers come from the server.
TRAFFIC = [
    ("mail", "in_wide", "foreign", 5, "pool wide", "drop_pool"),
    ("mail", "narrow_first", "foreign", 7, "pool narrow", "drop_pool"),
    ("mail", "in_narrow", "foreign", 3, "block in_narrow", "drop_block"),
    ("mail", "in_middle", "foreign", 11, "static middle", "accept_static"),
    ("mail", "host", "foreign", 2, "optout host", "accept_optout"),
    ("mail", "outside", "foreign", 13, None, "accept_none"),
    ("mail", "in_wide", "relay", 4, "relay relay", "accept_relay"),
    ("mail", "in_narrow", "in_relays", 6, "relay relays", "accept_relay"),
    ("mail", "outside", "in_relays", 1, "relay relays", "accept_relay"),
    ("587", "in_wide", "foreign", 9, None, None),
    ("udp", "in_wide", "foreign", 9, None, None),
    ("answer", "foreign", "in_wide", 8, "pool wide", "inbound_drop_pool"),
    ("answer", "foreign", "in_narrow", 10, "block in_narrow",
     "inbound_drop_block"),
    ("answer", "foreign", "in_middle", 12, None, None),
    ("answer", "foreign", "outside", 14, None, None),
    ("answer", "relay", "in_wide", 15, None, None),
]

# What the counters under drop are called under another action.
RENAMED = {
    "drop": {},
    "reject": {"drop_pool": "reject_pool", "drop_block": "reject_block"},
    "prohibit": {"drop_pool": "prohibit_pool", "drop_block": "prohibit_block"},
    "monitor": {"drop_pool": "monitor_pool", "drop_block": "monitor_block",
                "inbound_drop_pool": "inbound_monitor_pool",
                "inbound_drop_block": "inbound_monitor_block"},
}


def packets_of(family, kind, src, dst, count):
    """Packets of several lengths; the first has no data."""
    for number in range(count):
        data = b"m" * (number * 37)
        if kind == "udp":
            yield Packet(family, src, dst, UDP, udp(25, 25, data))
        elif kind == "answer":
            yield mail(family, src, dst, 40000, 25, ACK | PSH, data=data)
        else:
            yield mail(family, src, dst, 587 if kind == "587" else 25,
                       flags=ACK | PSH, data=data)


def send_all(lab):
    """Returns packets and bytes of each entry, and packets of each counter."""
    entries, counters = {}, {}
    for family in FAMILIES:
        for kind, src, dst, count, entry, counter in TRAFFIC:
            packets = list(packets_of(family, kind, src, dst, count))
            lab.cross(packets, "server" if kind == "answer" else "subscriber")
            if entry:
                key = (family, *entry.split())
                had = entries.get(key, (0, 0))
                entries[key] = (had[0] + count, had[1] + sum(
                    len(packet.bytes) for packet in packets))
            if counter:
                counters[counter] = counters.get(counter, 0) + count
    return entries, counters


def entry_names():
    """Kind and prefix of each entry of the policy, by family and names."""
    for line in POLICY.split("\n"):
        if not line.strip() or "owner" in line:
            continue
        kind, name = line.split()
        for family in FAMILIES:
            yield (kind, line.split()[1].format_map(NAMES[family])), \
                (family, kind, name.strip("{}"))


def plain(prefix):
    for full in ("/32", "/128"):
        prefix = prefix.removesuffix(full)
    return prefix


def entry_counts(lab):
    """
    Packets and bytes of each entry. The pool that two owners have is one of
    them: one of both decides, whichever.
    """
    names = dict(entry_names())
    counts = {}
    for entry in lab.json("list"):
        key = names[entry["kind"], plain(entry["prefix"])]
        had = counts.get(key, (0, 0))
        counts[key] = (had[0] + entry["packets"], had[1] + entry["bytes"])
    return counts


def compare(what, got, want):
    return [f"{what} {key}: {got.get(key)}, not {want.get(key)}"
            for key in sorted({*got, *want}, key=str)
            if got.get(key) != want.get(key)]


def counts(lab):
    sums = {key: (0, 0) for _, key in entry_names()}
    lab.policy(POLICY)
    lab.moved()
    for action, renamed in RENAMED.items():
        lab.p25ctl("set", "action", action)
        entries, counters = send_all(lab)
        for key, (packets, size) in entries.items():
            sums[key] = (sums[key][0] + packets, sums[key][1] + size)
        want = {renamed.get(name, name): value
                for name, value in counters.items()}
        if action == "reject":
            want["reset_sent"] = want["reject_pool"] + want["reject_block"]
        if action == "prohibit":
            want["unreachable_sent"] = \
                want["prohibit_pool"] + want["prohibit_block"]
        lab.result(f"{action}: the namespace's counters are exact",
                   compare("counter", lab.moved(), want))
        lab.result(f"{action}: the entries' counters are exact",
                   compare("entry", entry_counts(lab), sums))
    return sums


def kept(lab, sums):
    """What is in both policies keeps its counters; what is new has none."""
    lab.policy(POLICY.replace("optout {host}", "") + "\n action monitor")
    lab.policy(POLICY + "\n action monitor")
    want = {key: (0, 0) if key[1] == "optout" else value
            for key, value in sums.items()}
    lab.result("entries that stay keep their counters, others start anew",
               compare("entry", entry_counts(lab), want))
    lab.run("p25ctl", "-b", "-", text="".join(
        f"static add {NAMES[family]['middle']} comment renewed\n"
        for family in FAMILIES))
    lab.result("an entry that is renewed keeps its counters",
               compare("entry", entry_counts(lab), want))


def sender_counts(lab):
    """Without exempt ones."""
    return {src: (one["dst"], one["kind"], one["packets"])
            for src, one in senders_of(lab.genl).items()
            if one["kind"] in ("pool", "block")}


def network(family, name):
    """What is the sender: of IPv6, the /64."""
    address = NAMES[family][name]
    return address if family == 4 else \
        str(ipaddress.ip_network(f"{address}/64", strict=False)[0])


def senders(lab):
    for action in RENAMED:
        lab.policy(POLICY + f"\n action {action}")
        lab.genl.request(P25_CMD_SENDER_FLUSH)
        want = {}
        for family in FAMILIES:
            names = NAMES[family]
            lab.cross([mail(family, "in_wide", "foreign"),
                       mail(family, "in_wide", "no_relay"),
                       mail(family, "in_narrow", "foreign"),
                       mail(family, "in_wide", "relay"),
                       mail(family, "in_middle", "foreign"),
                       mail(family, "outside", "foreign"),
                       mail(family, "wide_last", "foreign", 587)])
            lab.cross([mail(family, "foreign", "wide_last", 40000, 25)],
                      "server")
            want[network(family, "in_wide")] = (names["no_relay"], "pool", 2)
            want[names["in_narrow"]] = (names["foreign"], "block", 1)
        lab.result(f"{action}: who tried, whom last, why and how often",
                   compare("sender", sender_counts(lab), want))
    lab.genl.request(P25_CMD_SENDER_FLUSH)
    lab.result("and they are forgotten when asked",
               compare("sender", sender_counts(lab), {}))


def main():
    lab = Lab(2 * len(RENAMED) + 2 + len(RENAMED) + 1)
    # Each is answered, though there are many.
    lab.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0",
            "net.ipv6.icmp.ratelimit=0")
    kept(lab, counts(lab))
    senders(lab)
    lab.finish()


if __name__ == "__main__":
    main()
