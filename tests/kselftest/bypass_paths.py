#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Mail that comes to the router in other ways than a plain Ethernet frame: VLAN,
stacked VLAN, a device without a link layer (as PPP is), buffers whose headers
lie in several pages, a bridge with br_netfilter, PPPoE across that bridge.

A bridge without br_netfilter is out of reach; that is shown, too.

PPPoE sessions that end on the router are for bypass_pppoe.py.
"""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess

from scapy.layers.l2 import Dot1AD, Dot1Q

from lib.bridge import BRIDGE, BridgedHost, bridge_missing
from lib.bypass import ANYBODY, BLOCKED, BypassLab, Client
from lib.encapsulation import (FAMILIES, NO_VLANS, PPP, PPP_COMPRESSED, VLANS,
                               path, plain, pppoe, tagged)
from lib.packet import address, checksum, enter_netns, pseudo_header


# ---- VLANs ----

def vlans(lab):
    lab.run("ip", "-batch", "-", text=VLANS)
    inner = (0x8100, Dot1Q(vlan=25))
    path(lab, "VLAN", tagged(lab, inner))
    path(lab, "stacked VLAN", tagged(lab, (0x88A8, Dot1AD(vlan=7)), inner))
    lab.run("ip", "-batch", "-", text=NO_VLANS)


# ---- tun and tap ----

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_PI = 1, 2, 16, 32, 0x1000
SIOCETHTOOL, ETHTOOL_SGRO = 0x8946, 0x2C
TAP_MACS = bytes.fromhex("022500000401" "022500000402")
MAX_FRAGS = 17


def device(lab, name, flags):
    """A device of the router whose other end is this process."""
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(),
                                             flags | IFF_NO_PI))
    if flags & IFF_TAP:
        lab.run("ip", "link", "set", name, "address",
                TAP_MACS[:6].hex(":"))
    lab.run("ip", "link", "set", name, "up")
    return file


def no_gro(name):
    """Receive offload would collect the headers in one place."""
    value = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_SGRO, 0))
    request = struct.pack("16sP16x", name.encode(), ctypes.addressof(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCETHTOOL, request)


def in_pages(file, begin, step):
    """
    Sends frames in buffers of several pages: up to begin bytes of IP in the
    first, then so many in each, as far as that goes.
    """
    def send(frame):
        cuts = list(range(14 + begin, len(frame), step))[:MAX_FRAGS]
        cuts = [0, *cuts, len(frame)]
        os.writev(file, [TAP_MACS + frame[12:cuts[1]]] +
                  [frame[one:other] for one, other in zip(cuts[1:], cuts[2:])])
    return send


def devices(lab):
    lab.run("modprobe", "tun")
    tun = device(lab, "tun25", IFF_TUN)
    path(lab, "a device without a link layer",
         lambda frame: os.write(tun, frame[14:]))
    tap = device(lab, "tap25", IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS)
    path(lab, "headers in pages of 8 bytes, offloaded", in_pages(tap, 0, 8))
    no_gro("tap25")
    path(lab, "headers in pages of 8 bytes", in_pages(tap, 0, 8))
    path(lab, "headers in pages of 3 bytes, from the 19th on",
         in_pages(tap, 19, 3))
    path(lab, "ports in pages of 1 byte, IPv4", in_pages(tap, 20, 1))
    path(lab, "ports in pages of 1 byte, IPv6", in_pages(tap, 40, 1))
    os.close(tun)
    os.close(tap)


# ---- super-packets ----

IFF_VNET_HDR = 0x4000
NEEDS_CSUM, GSO_TCP = 1, {4: 1, 6: 4}		# struct virtio_net_hdr
BULK = os.urandom(7000) * 2


def in_one(lab, family, client):
    """
    Sends BULK as one packet that is to be cut into segments of 1,000 bytes
    later, if need be: what offload makes of many segments.
    """
    segment = client.data(BULK)
    begin = 34 if family == 4 else 54
    pseudo = pseudo_header(family, address(family, client.src),
                           address(family, client.dst), 6, len(segment.body))
    partial = struct.pack("!H", ~checksum(pseudo) & 0xFFFF)
    segment.body = segment.body[:16] + partial + segment.body[18:]
    header = struct.pack("=BBHHHH", NEEDS_CSUM, GSO_TCP[family], begin + 20,
                         1000, begin, 16)
    usual, lab.send = lab.send, lambda frame: os.write(
        lab.tap, header + TAP_MACS + frame[12:])
    lab.moved()
    frames, _ = lab.transmit([segment.whole()])
    lab.send = usual
    return max(map(len, frames), default=0), lab.moved()


def super_packets(lab):
    lab.tap = device(lab, "gso25", IFF_TAP | IFF_VNET_HDR)
    for family in FAMILIES:
        client = Client(lab, family, ANYBODY, "foreign").open()
        size, moved = in_one(lab, family, client)
        good = size > len(BULK) and moved == {"accept_none": 1} and \
            lab.stack.read().get(client.peer) == BULK
        lab.result(f"IPv{family}: a super-packet passes whole, as one packet",
                   [] if good else [f"{size}, {moved}"])
        client.seq += len(BULK)
        client.close()
        size, moved = in_one(lab, family, lab.victims[family])
        good = size == 0 and moved == {"drop_pool": 1} and not lab.stack.read()
        lab.result(f"IPv{family}: a super-packet is dropped as one packet",
                   [] if good else [f"{size}, {moved}"])
    os.close(lab.tap)


# ---- a bridge ----

def set_bridge(lab, **switches):
    lab.run("sysctl", "-qw", *(f"net.bridge.bridge-nf-{name.replace('_', '-')}="
                               f"{int(value)}"
                               for name, value in switches.items()))


def bridged_pppoe(lab):
    """Sessions (RFC 2516) that cross a bridge, which may look into them."""
    usual = lab.send
    for sees, protocol, words, blocked in (
            (True, PPP, "filter-pppoe-tagged on: blocked", True),
            (True, PPP_COMPRESSED, "compressed protocol field: out of reach",
             False),
            (False, PPP, "filter-pppoe-tagged off: out of reach", False)):
        set_bridge(lab, filter_pppoe_tagged=sees)
        lab.send = pppoe(protocol, usual)
        for family in FAMILIES:
            problems = []
            for src, passes in ((BLOCKED, not blocked), (ANYBODY, True)):
                packet = Client(lab, family, src, "foreign").syn().whole()
                frames, _ = lab.transmit([packet])
                came = any(frame.endswith(packet) for frame in frames)
                if came != passes:
                    problems.append(f"from {src}: {came}")
            lab.result(f"IPv{family}: bridge: PPPoE, {words}", problems)
    lab.send = usual


# A rule against these alone; design.rst has one against all that is not plain.
NO_STACKED_TAGS = """
table bridge tags {
    chain forward {
        type filter hook forward priority -300; policy accept;
        vlan type { 0x8100, 0x88a8 } drop
    }
}
"""


def has_bridge_tables():
    return not subprocess.run(
        ["nft", "add table bridge tags; delete table bridge tags"],
        stderr=subprocess.DEVNULL, check=False).returncode


def dropped_by_rule(lab):
    name = "bridge: two priority tags, a rule drops them"
    if not has_bridge_tables():
        for family in FAMILIES:
            lab.skip(f"IPv{family}: {name}", "nf_tables has no family bridge")
        return
    lab.run("nft", "-f", "-", text=NO_STACKED_TAGS)
    for family in FAMILIES:
        packet = Client(lab, family, BLOCKED, "foreign").syn().whole()
        frames, _ = lab.transmit([packet])
        lab.result(f"IPv{family}: {name}",
                   ["passes"] if any(packet in frame for frame in frames)
                   else [])
    lab.run("nft", "delete table bridge tags")


def priority_tags(lab):
    """
    Tags that name no VLAN (IEEE 802.1Q, 9.6: identifier 0): who gets them takes
    the frame for one without tags. Subscribers can send them as they like.
    """
    one, usual = (0x8100, Dot1Q(vlan=0)), lab.send
    path(lab, "bridge: priority tag", tagged(lab, one))
    for sees, tags, words in (
            (False, [one], "filter-vlan-tagged off, a priority tag"),
            (True, [one, one], "two priority tags")):
        set_bridge(lab, filter_vlan_tagged=sees)
        lab.send = tagged(lab, *tags)
        for family in FAMILIES:
            lab.result(f"IPv{family}: bridge: {words}: out of reach",
                       lab.gets_through(family, plain))
    dropped_by_rule(lab)
    lab.send = usual


def bridge(lab):
    lab.run("ip", "-batch", "-", text=BRIDGE)
    lab.hosts["subscriber"] = BridgedHost(lab.netns("subscriber"), 1, 2)
    enter_netns(lab.netns("server"))
    lab.run("ip", "link", "add", "link", "eth0", "name", "vlan25", "up", "type",
            "vlan", "id", "25")
    enter_netns(lab.netns("router"))
    lab.send = lab.hosts["subscriber"].socket.send
    # A bridge sends on what it gets, hop limit and all.
    lab.forwarded = lambda packet: packet
    set_bridge(lab, call_iptables=True, call_ip6tables=True,
               filter_vlan_tagged=True)
    path(lab, "bridge")
    path(lab, "bridge: VLAN", tagged(lab, (0x8100, Dot1Q(vlan=25))))
    priority_tags(lab)
    bridged_pppoe(lab)
    set_bridge(lab, call_iptables=False, call_ip6tables=False)
    for family in FAMILIES:
        lab.result(f"IPv{family}: bridge without br_netfilter: out of reach",
                   lab.gets_through(family, plain))


def main():
    loaded = [module for module, trace in (
        ("br_netfilter", "/proc/sys/net/bridge"),
        ("tun", "/sys/module/tun")) if not os.path.exists(trace)]
    lab = BypassLab((2 + 6) * 6 + 4 + 3 * 6 + 6 + 6 + 2 + 2)
    vlans(lab)
    devices(lab)
    super_packets(lab)
    reason = bridge_missing(lab)
    if reason:
        for _ in range(32):
            lab.skip("bridge", reason)
    else:
        bridge(lab)
    lab.finish(remove=loaded)


if __name__ == "__main__":
    main()
