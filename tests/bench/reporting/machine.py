# SPDX-License-Identifier: GPL-2.0
"""The machine that the benchmark ran on."""

import os
import platform
import re


def _first(path, pattern):
    with open(path, encoding="utf-8") as file:
        match = re.search(pattern, file.read(), re.MULTILINE)
    return match[1].strip() if match else "unknown"


def _word(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def _caches():
    """Such as {"L1 Data": "32K", "L2 Unified": "512K"}, of the first CPU."""
    top = "/sys/devices/system/cpu/cpu0/cache"
    caches = {}
    if not os.path.isdir(top):
        return caches
    for index in sorted(os.listdir(top)):
        if index.startswith("index"):
            cache = f"{top}/{index}"
            name = f"L{_word(cache + '/level')} {_word(cache + '/type')}"
            caches[name] = _word(cache + "/size")
    return caches


def describe():
    return {
        "cpu": _first("/proc/cpuinfo", r"^model name\s*: (.*)"),
        "cpus": os.cpu_count(),
        "caches": _caches(),
        "memory": _first("/proc/meminfo", r"^MemTotal:\s*(.*)"),
        "kernel": platform.release(),
    }
