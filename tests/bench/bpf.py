# SPDX-License-Identifier: GPL-2.0
"""Makes and fills maps of eBPF by bpf(2), as libbpf would."""

import ctypes
import errno
import os
import struct
import time

import bulk
import driver

SYS_BPF = 321			# x86-64
MAP_CREATE, MAP_UPDATE_BATCH = 0, 26
HASH, LPM_TRIE = 1, 11
NO_PREALLOC = 1			# an LPM trie takes no other
NF_DROP, NF_ACCEPT = 0, 1
PER_CALL = 10000

libc = ctypes.CDLL(None, use_errno=True)


def call(command, attributes):
    """Returns what bpf(2) does; it may write to the attributes, a buffer."""
    value = libc.syscall(SYS_BPF, command, attributes, len(attributes))
    if value < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"bpf: {os.strerror(error)}")
    return value


def is_there():
    """Whether this kernel has bpf(2)."""
    try:
        os.close(create(HASH, 4, 1))
    except OSError as error:
        if error.errno == errno.ENOSYS:
            return False
        raise
    return True


def entry(verdict, timeout=0):
    """A value, as struct value in driver/bpf.c: verdict, expiry, and counters."""
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    expires = (now + timeout * 1000000000 >> 30) if timeout else 0
    return struct.pack("=IIQQ", verdict, expires, 0, 0)


def lpm_key(address, length):
    return struct.pack("=I", length) + address


def create(kind, key_size, entries):
    """A map's file descriptor."""
    flags = NO_PREALLOC if kind == LPM_TRIE else 0
    return call(MAP_CREATE, ctypes.create_string_buffer(struct.pack(
        "=IIIII", kind, key_size, len(entry(0)), entries, flags)))


def _update(fd, keys, values, count):
    """Adds entries, which are at these addresses; returns how many it has added."""
    attributes = ctypes.create_string_buffer(struct.pack(
        "=QQQQIIQQ", 0, 0, keys, values, count, fd, 0, 0))
    try:
        call(MAP_UPDATE_BATCH, attributes)
    except OSError as error:
        if error.errno != errno.ENOMEM:
            raise
    return struct.unpack_from("=I", attributes, 32)[0]


def fill(fd, keys, value):
    """Adds keys, of the same size, all with this value.

    A trie's nodes come from an allocator that gets more memory from an interrupt.
    UML has that only at ticks: the driver has to help.
    """
    for chunk in bulk.chunks(keys, PER_CALL):
        key_buffer = ctypes.create_string_buffer(b"".join(chunk))
        value_buffer = ctypes.create_string_buffer(value * len(chunk))
        done = 0
        while done < len(chunk):
            done += _update(fd, ctypes.addressof(key_buffer) + done * len(chunk[0]),
                            ctypes.addressof(value_buffer) + done * len(value),
                            len(chunk) - done)
            if done < len(chunk):
                driver.write("refill", "1")
