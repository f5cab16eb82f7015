# SPDX-License-Identifier: GPL-2.0
"""
The router as a bridge: its two links become ports of br0, and the hosts see each
other's MAC addresses. br_netfilter makes what is bridged pass netfilter's hooks.
"""

import os
import subprocess

from lib.packet import Host, enter_netns

BRIDGE = """
link add br0 type bridge
link set br0 up
link set sub master br0
link set srv master br0
"""


class BridgedHost(Host):
    """A host that is on one link with the other one."""

    def __init__(self, netns, number, other):
        super().__init__(netns, number)
        self.macs = bytes.fromhex(f"022500000{other}02022500000{number}02")


def bridge_missing(lab):
    """Why there can be no filtering bridge; None: there can."""
    if os.path.exists("/proc/sys/net/bridge"):
        return None
    lab.leave()
    bridges = lab.run("ip", "link", "show", "type", "bridge")
    enter_netns(lab.netns("router"))
    if bridges:
        return "br_netfilter would filter on this machine's own bridges, too"
    if subprocess.run(["modprobe", "-q", "br_netfilter"],
                      check=False).returncode:
        return "there is no br_netfilter"
    return None
