# SPDX-License-Identifier: GPL-2.0
"""
Programs that load the router while a test does something else, and what they
count meanwhile.
"""

import array
import contextlib
import mmap
import os
import signal
import subprocess
import sys
import time

from lib.packet import PATIENCE, UDP, Packet, udp


class Counts:
    """
    Numbers that a program counts, by their names; see flood.h. The program gets
    file, a file descriptor.
    """

    def __init__(self, *names):
        self.names = names
        self.file = os.memfd_create("counts")
        os.ftruncate(self.file, mmap.PAGESIZE)
        # Not struct, which reads a number byte by byte.
        self.numbers = memoryview(mmap.mmap(self.file,
                                            mmap.PAGESIZE)).cast("Q")

    def __getitem__(self, name):
        return self.numbers[self.names.index(name)]

    def __str__(self):
        return ", ".join(f"{name} {self[name]}" for name in self.names)


class Load:
    """A program that works on a CPU until end(), and what it counts, by name."""

    def __init__(self, cpu, *command, names, **how):
        self.counts = Counts(*names)
        self.process = subprocess.Popen(
            [*command, str(self.counts.file)], pass_fds=[self.counts.file],
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}), **how)

    def must_run(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.process.args[0]} has ended")

    def end(self):
        """Returns what has been counted."""
        self.process.terminate()
        if self.process.wait():
            raise RuntimeError(f"{self.process.args[0]} has failed")
        return self.counts


class Flood(Load):
    """
    Packets from the subscriber to the server, as many as a CPU can send, until
    end(). rows are pairs of packet and fate: "pass", "drop" or "any". Round
    after round each of them is sent, and judged when it has arrived or not.
    """

    def __init__(self, topology, rows, cpu):
        super().__init__(
            cpu, "flood_judged", topology.netns("subscriber"),
            topology.netns("server"),
            names=("rounds", "packets", "lost", "leaked", "fastest"),
            stdin=subprocess.PIPE, text=True)
        host = topology.hosts["subscriber"]
        last = Packet(4, "outside", "foreign", UDP, udp(9, 9, bytes(4)))
        for packet, fate in [*rows, (last, "sentinel")]:
            print(fate, host.frame(packet).hex(), file=self.process.stdin)
        self.process.stdin.close()
        self.goes_round()

    def goes_round(self, times=1):
        """Waits for rounds that begin from now on, until they are judged."""
        last = self.counts["rounds"] + 1 + times	# one is under way
        while self.counts["rounds"] < last:
            self.must_run()
            time.sleep(0.001)

    @contextlib.contextmanager
    def dammed(self):
        """For a while, no packets."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def runs_dry(self):
        """Waits until the flood ends by itself: its devices are gone."""
        try:
            return self.process.wait(2 * PATIENCE) == 3
        except subprocess.TimeoutExpired:
            return False


def start_flood(lab, rows):
    return Flood(lab.topology, rows, max(lab.cpus))


def send_from(lab, packet, at, words):
    """
    Sends a packet from the subscriber, once for each of these numbers, which
    replace four bytes of its frame; returns when all have been judged.
    """
    words = array.array("I", words)
    if sys.byteorder == "little":
        words.byteswap()
    frame = lab.hosts["subscriber"].frame(packet)
    subprocess.run(["send_from", lab.netns("subscriber"), frame.hex(), str(at)],
                   input=words.tobytes(), check=True,
                   preexec_fn=lambda: os.sched_setaffinity(0, {min(lab.cpus)}))
    lab.cross([])
