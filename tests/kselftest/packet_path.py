#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Packets that come another way than plain routing: with VLAN tags, as
super-packets that segmentation offload makes of many, across a bridge.
"""

import os
import socket
import threading

from lib.bridge import BRIDGE, BridgedHost, bridge_missing
from lib.packet import (NAMES, PATIENCE, TCP, Lab, address, enter_netns,
                        is_reset, mail)

FAMILIES = (4, 6)
PASS, LOST = True, False
POLICY = """
    relay {relay}
    pool {wide}
    static {middle}
"""


def usual_rows(family):
    """What any path does with packets from the subscriber."""
    return [
        ("a pool's mail", mail(family, "in_wide", "foreign"), LOST),
        ("a pool's mail to a relay", mail(family, "in_wide", "relay"), PASS),
        ("static mail", mail(family, "in_middle", "foreign"), PASS),
        ("mail of anybody else", mail(family, "outside", "foreign"), PASS),
        ("submission", mail(family, "in_wide", "foreign", 587), PASS),
    ]


def usual_answers(family):
    return [
        ("an answer", mail(family, "foreign", "in_wide", 40000, 25), LOST),
        ("a relay's answer", mail(family, "relay", "in_wide", 40000, 25), PASS),
        ("static's answer", mail(family, "foreign", "in_middle", 40000, 25),
         PASS),
    ]


# ---- VLAN ----

class TaggedHost:
    """A host that sends its frames with a VLAN tag."""

    def __init__(self, host, vlan):
        self.host, self.tag = host, b"\x81\x00" + vlan.to_bytes(2, "big")
        self.captured = host.captured
        self.capture_until = host.capture_until

    def send(self, packet):
        frame = self.host.frame(packet)
        self.host.socket.send(frame[:12] + self.tag + frame[12:])


VLAN = """
link add link sub name vlan25 type vlan id 25
link set vlan25 up
neigh add 198.51.100.3 lladdr 02:25:00:00:01:02 dev vlan25
neigh add fe80::3 lladdr 02:25:00:00:01:02 dev vlan25
route replace 198.51.100.0/24 via 198.51.100.3 dev vlan25 onlink
route replace 2001:db8:100::/48 via fe80::3 dev vlan25
"""

NO_VLAN = """
link del vlan25
route replace 198.51.100.0/24 via 198.51.100.2 dev sub onlink
route replace 2001:db8:100::/48 via fe80::2 dev sub
"""


def vlan(lab):
    lab.run("ip", "-batch", "-", text=VLAN)
    plain = lab.hosts["subscriber"]
    lab.hosts["subscriber"] = TaggedHost(plain, 25)
    for family in FAMILIES:
        lab.result(f"IPv{family}: VLAN: mail",
                   lab.try_judged(usual_rows(family)))
        lab.result(f"IPv{family}: VLAN: answers",
                   lab.try_judged(usual_answers(family), "server"))
    lab.hosts["subscriber"] = plain
    lab.run("ip", "-batch", "-", text=NO_VLAN)


# ---- super-packets ----

BULK = os.urandom(1 << 16) * 32


def transfer(lab, family, port):
    """
    Sends BULK to the server; returns what has come, and the lengths of the IP
    packets that it came in.
    """
    lab.hosts["server"].captured()
    kind = socket.AF_INET if family == 4 else socket.AF_INET6
    where = (NAMES[family]["server"], port)
    enter_netns(lab.netns("server"))
    listener = socket.create_server(where, family=kind)
    enter_netns(lab.netns("subscriber"))
    client = socket.socket(kind)
    enter_netns(lab.netns("router"))
    for sock in (client, listener):
        sock.settimeout(PATIENCE)
    client.connect(where)
    server = listener.accept()[0]
    server.settimeout(PATIENCE)
    sender = threading.Thread(target=send_bulk, args=(client,))
    sender.start()
    received = bytearray()
    while more := server.recv(1 << 20):
        received += more
    sender.join()
    for sock in (client, server, listener):
        sock.close()
    frames = lab.arrivals("subscriber")
    return received, [len(frame) - 14 for frame in frames
                      if frame[23 if family == 4 else 20] == TCP]


def send_bulk(client):
    client.sendall(BULK)
    client.shutdown(socket.SHUT_WR)


def super_packets(lab):
    """The subscriber is in a pool, then static."""
    for family in FAMILIES:
        lab.moved()
        received, lengths = transfer(lab, family, 587)
        moved = lab.moved()
        name = f"IPv{family}: submission in super-packets is not touched"
        problems = [] if received == BULK else ["the data differs"]
        problems += [f"counters moved: {moved}"] if moved else []
        if max(lengths) <= 1500:
            lab.skip(name, "there is no segmentation offload here")
        else:
            lab.result(name, problems)
    for family in FAMILIES:
        lab.p25ctl("static", "add", NAMES[family]["subscriber"])
        received, lengths = transfer(lab, family, 25)
        lab.result(f"IPv{family}: static mail in super-packets passes whole",
                   [] if received == BULK else ["the data differs"])
        entry, = [one for one in lab.json("static", "list")
                  if one["prefix"].split("/")[0] == NAMES[family]["subscriber"]]
        good = (entry["packets"], entry["bytes"]) == (len(lengths), sum(lengths))
        lab.result(f"IPv{family}: each is judged once, with all its bytes",
                   [] if good else [f"{entry}, not {len(lengths)} packets, "
                                    f"{sum(lengths)} bytes"])


# ---- a bridge ----

def source_route(kind, pointer, length=7):
    return bytes([kind, length, pointer]) + address(4, "foreign") + b"\0"


LSRR, SSRR, RECORD_ROUTE = 131, 137, 7

# A router's own IP stack would refuse these before they are judged.
BROKEN_OPTIONS = [
    bytes([RECORD_ROUTE, 0, 4, 0]),
    bytes([RECORD_ROUTE, 1, 4, 0]),
    bytes([RECORD_ROUTE, 5, 4, 0]),
    bytes([1, 1, 1, RECORD_ROUTE]),
    source_route(LSRR, 8, 2),
    source_route(LSRR, 8, 9),
]


def option_rows(src, options, passes):
    return [(one.hex(), mail(4, src, "relay", options=one), passes)
            for one in options]


def bridged_options(lab):
    going_on = [source_route(SSRR, 4), source_route(LSRR, 4),
                source_route(SSRR, 0), source_route(SSRR, 7)]
    done = [source_route(SSRR, 8), source_route(LSRR, 8)]
    lab.moved()
    for name, options, passes, looks in (
            ("source routes that go on from a relay", going_on, LOST, True),
            ("source routes that end at a relay", done, PASS, False),
            ("options that can't be read", BROKEN_OPTIONS, LOST, True)):
        problems = lab.try_rows(option_rows("in_wide", options, passes))
        moved = lab.moved().get("source_route", 0)
        if moved != looks * len(options):
            problems.append(f"source_route moved by {moved}")
        lab.result(f"IPv4: bridge: {name}", problems)
    lab.result("IPv4: bridge: the same from anybody else", lab.try_rows(
        option_rows("outside", going_on + done + BROKEN_OPTIONS, PASS)))


def bridged_reset(lab, family):
    packet = mail(family, "in_wide", "foreign")
    arrived, back = lab.cross([packet])
    resets = sum(bool(is_reset(frame)) for frame in back)
    return [] if resets == 1 and packet.number not in arrived else [
        f"{resets} resets, {len(arrived)} packets"]


def bridge(lab):
    count = 2 * len(FAMILIES) + 4 + len(FAMILIES)
    reason = bridge_missing(lab)
    if reason:
        for _ in range(count):
            lab.skip("bridge", reason)
        return
    lab.policy(POLICY)
    lab.run("ip", "-batch", "-", text=BRIDGE)
    lab.hosts = {"subscriber": BridgedHost(lab.netns("subscriber"), 1, 2),
                 "server": BridgedHost(lab.netns("server"), 2, 1)}
    enter_netns(lab.netns("router"))
    lab.run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1",
            "net.bridge.bridge-nf-call-ip6tables=1")
    for family in FAMILIES:
        lab.result(f"IPv{family}: bridge: mail",
                   lab.try_judged(usual_rows(family)))
        lab.result(f"IPv{family}: bridge: answers",
                   lab.try_judged(usual_answers(family), "server"))
    bridged_options(lab)
    lab.p25ctl("set", "action", "reject")
    for family in FAMILIES:
        lab.result(f"IPv{family}: bridge: reject answers",
                   bridged_reset(lab, family))


def main():
    had_bridge = os.path.exists("/proc/sys/net/bridge")
    lab = Lab(4 + 6 + 10)
    lab.policy(POLICY)
    vlan(lab)
    super_packets(lab)
    bridge(lab)
    lab.finish(remove=() if had_bridge else ("br_netfilter",))


if __name__ == "__main__":
    main()
