# SPDX-License-Identifier: GPL-2.0
"""
The router: QEMU with the disk that "image" has made. It boots what its own /vmlinuz and
/initrd.img point to, as its boot loader would.
"""

import base64
import os
import re
import socket
import subprocess
import time

# As tests/vm/run has them: what TCG and a busy host need. Without napi_tx=0, Linux 6.1 spins
# for ever if a packet is forwarded while it shuts down: virtio_break_device() has broken the
# queue by then that start_xmit() waits for.
APPEND = ("root=/dev/vda rw console=ttyS0 quiet loglevel=5 panic=-1 mitigations=off"
          " cryptomgr.notests no_timer_check rcupdate.rcu_cpu_stall_timeout=300"
          " systemd.show_status=no net.ifnames=0 virtio_net.napi_tx=0")
CPU = "max,-erms,-fsrm"

# What may take so long, hangs.
LIMIT = 3600


class Gone(Exception):
    """The machine is off, or says nothing."""


class Machine:
    def __init__(self, folder, world):
        self.folder = folder
        self.world = world
        self.process = None
        self.port = None
        self.boots = 0
        self.was_cut = False

    def is_on(self):
        return self.process is not None and self.process.poll() is None

    def file(self, name):
        return os.path.join(self.folder, name)

    def debugfs(self, request):
        return subprocess.run(["debugfs", "-R", request, self.file("disk")], check=True,
                              capture_output=True, text=True).stdout

    def take(self, link):
        """
        What a link in the root folder points to, as a file here. After a power cut, it is
        what was booted last: debugfs can't read a file system whose journal is to be
        replayed.
        """
        if self.was_cut:
            return self.file(link)
        target = re.search(r'link dest: "?([^"\n]+)', self.debugfs(f"stat /{link}"))[1]
        self.debugfs(f"dump /{target} {self.file(link)}")
        return self.file(link)

    def keep(self):
        """Of a machine that is off: its disk is one to go back to."""
        self.copy("disk", "disk.kept")

    def go_back(self):
        self.copy("disk.kept", "disk")
        self.was_cut = False

    def copy(self, source, target):
        subprocess.run(["cp", "--sparse=always", self.file(source), self.file(target)],
                       check=True)

    def start(self, append="", suffix=""):
        """Power on; the agent answers before the network is up. SUFFIX: ".old"."""
        self.boots += 1
        self.world.unlink()
        if os.path.exists(self.file("agent")):
            os.unlink(self.file("agent"))
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64",
             "-accel", "tcg,thread=multi", "-cpu", CPU, "-smp", "2", "-m", "1024",
             "-machine", "pc", "-nodefaults", "-no-user-config", "-display", "none",
             "-no-reboot", "-kernel", self.take(f"vmlinuz{suffix}"), "-initrd",
             self.take(f"initrd.img{suffix}"), "-append", f"{APPEND} {append}",
             "-drive", f"file={self.file('disk')},format=raw,if=virtio,cache=unsafe",
             "-serial", f"file:{self.file(f'console.{self.boots}')}",
             "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
             "-chardev", f"socket,id=agent,path={self.file('agent')},server=on,wait=off",
             "-device", "virtserialport,chardev=agent,name=agent",
             *self.world.devices()],
            stdin=subprocess.DEVNULL, stderr=open(self.file("qemu.log"), "wb"))
        self.port = None
        self.was_cut = False

    def connect(self, until):
        port = socket.socket(socket.AF_UNIX)
        while True:
            try:
                port.connect(self.file("agent"))
                break
            except OSError:
                self.look(until)
        self.port = port.makefile("rwb", buffering=0)
        self.socket = port

    def look(self, until):
        if self.process.poll() is not None:
            raise Gone("it is off")
        if time.monotonic() > until:
            raise Gone("it says nothing")
        time.sleep(0.2)

    def call(self, command, limit=LIMIT):
        """Status and output of a shell command; waits for the agent."""
        until = time.monotonic() + limit
        if not self.port:
            self.connect(until)
        self.socket.settimeout(limit)
        try:
            self.port.write(base64.b64encode(command.encode()) + b"\n")
            answer = self.port.readline()
        except OSError as error:
            raise Gone(str(error)) from error
        if not answer.endswith(b"\n"):
            raise Gone("it went off")
        status, output = answer.split(b" ", 1)
        return int(status), base64.b64decode(output).decode(errors="replace").strip()

    def wait_for(self, command, limit=LIMIT):
        """Until the command succeeds; its last output, if it doesn't."""
        until = time.monotonic() + limit
        while True:
            status, output = self.call(command, limit)
            if status == 0:
                return None
            if time.monotonic() > until:
                return output or f"status {status}"
            time.sleep(0.5)

    def blocked(self):
        """What the kernel's tasks wait for, if the agent still answers."""
        try:
            return self.call("echo w > /proc/sysrq-trigger; sleep 1; dmesg | tail -n 200;"
                             " systemctl list-jobs; journalctl -b -p warning | tail -n 50",
                             300)[1]
        except Gone as error:
            return str(error)

    def cut(self):
        """The power."""
        self.was_cut = True
        self.process.kill()
        self.process.wait()

    def ends(self, limit=LIMIT):
        """Waits until it is off, by its own will."""
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired as error:
            raise Gone("it doesn't go off") from error
