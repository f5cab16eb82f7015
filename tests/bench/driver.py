# SPDX-License-Identifier: GPL-2.0
"""The benchmark's driver, see driver/main.c."""

from pathlib import Path

FOLDER = Path("/sys/kernel/debug/p25_bench")
PACKETS = 65536			# that a repetition takes
PIECE = 1024			# as in driver/bench.h


def write(name, text):
    (FOLDER / name).write_text(text, encoding="ascii")


def read(name):
    return (FOLDER / name).read_text(encoding="ascii")


def time_packets(repetitions):
    """Figures of the packets that were given last: "best" and "median" ns, verdicts."""
    write("time", f"{repetitions} {PACKETS // PIECE}")
    words = read("time").split()
    figures = dict(zip(words[::2], words[1::2]))
    return {"best": float(figures["best"]),
            "median": float(figures["median"]),
            "accepted": int(figures["accepted"]),
            "dropped": int(figures["dropped"])}
