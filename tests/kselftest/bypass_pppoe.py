#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
PPPoE sessions (RFC 2516) that end on the router, as those of an access
concentrator do: on Ethernet, in a VLAN, in two; with PPP's protocol field in two
bytes and compressed to one (RFC 1661, 6.5).

The kernel's own PPPoE and PPP; what a daemon would negotiate is set by hand.
That needs CONFIG_PPPOE, which Debian's cloud kernel lacks; see ../debug.
"""

import ctypes
import fcntl
import os
import struct
import subprocess

from scapy.layers.l2 import Dot1AD, Dot1Q

from lib.bypass import REFUSED, BypassLab
from lib.encapsulation import (DISGUISES, FAMILIES, NO_VLANS, PPP,
                               PPP_COMPRESSED, SESSION, VLANS, path, pppoe,
                               tagged)
from lib.ktap import skip_all

AF_PPPOX, SOCK_STREAM, PX_PROTO_OE = 24, 1, 0
PPPIOCGCHAN, PPPIOCATTCHAN = 0x80047437, 0x40047438
PPPIOCNEWUNIT, PPPIOCCONNECT = 0xC004743E, 0x4004743A

libc = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def set_number(file, request, number):
    return struct.unpack("i", fcntl.ioctl(file, request,
                                          struct.pack("i", number)))[0]


class Session:
    """A PPPoE session over a device, and the pppN that it becomes."""

    def __init__(self, lab, device):
        peer = lab.hosts["subscriber"].macs[6:]
        where = struct.pack("=HI", AF_PPPOX, PX_PROTO_OE) + \
            struct.pack("!H", SESSION) + peer + \
            device.encode().ljust(16, b"\0")
        self.files = [checked(libc.socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE))]
        checked(libc.connect(self.files[0], where, len(where)))
        number = set_number(self.files[0], PPPIOCGCHAN, 0)
        unit = self.open()
        self.name = f"ppp{set_number(unit, PPPIOCNEWUNIT, -1)}"
        channel = self.open()
        set_number(channel, PPPIOCATTCHAN, number)
        set_number(channel, PPPIOCCONNECT, int(self.name[3:]))
        lab.run("ip", "link", "set", self.name, "up")

    def open(self):
        self.files.append(os.open("/dev/ppp", os.O_RDWR))
        return self.files[-1]

    def close(self):
        for file in reversed(self.files):
            os.close(file)


def sessions(lab, name, device, send):
    """Tries everything in a session over this device, to which send sends."""
    session = Session(lab, device)
    path(lab, name, pppoe(PPP, send))
    # RFC 2516, 7: not recommended; the kernel takes none, if it is new enough.
    path(lab, f"{name}, compressed protocol field", pppoe(PPP_COMPRESSED, send),
         reach=REFUSED)
    session.close()


def main():
    if subprocess.run(["modprobe", "-nq", "pppoe"], check=False).returncode:
        skip_all("this kernel has no pppoe")
    loaded = [module for module in ("pppoe", "ppp_generic")
              if not os.path.exists(f"/sys/module/{module}")]
    lab = BypassLab(3 * 2 * len(FAMILIES) * len(DISGUISES) + 2)
    lab.run("modprobe", "pppoe")
    lab.run("ip", "-batch", "-", text=VLANS)
    inner = (0x8100, Dot1Q(vlan=25))
    sessions(lab, "PPPoE", "sub", lab.send)
    sessions(lab, "PPPoE in a VLAN", "vlan25", tagged(lab, inner))
    sessions(lab, "PPPoE in a stacked VLAN", "inner25",
             tagged(lab, (0x88A8, Dot1AD(vlan=7)), inner))
    lab.run("ip", "-batch", "-", text=NO_VLANS)
    lab.finish(remove=loaded)


if __name__ == "__main__":
    main()
