# SPDX-License-Identifier: GPL-2.0
"""The table of two CPUs: what one of them judges, and both together."""

from .tables import aligned, power, simple, two_lines

CONTENDERS = [("p25", "p25"), ("nft hash", "nft_hash"),
              ("nft counted", "nft_hash_counters"), ("ipset", "ipset"),
              ("ipset uncounted", "ipset_no_counters"),
              ("bpf hash", "bpf_hash"), ("bpf lpm", "bpf_lpm")]
WIDTHS = [22, 6, 7, 9, 7, 11, 7, 7]
TITLE = "two CPUs: millions of packets a second on one, and what both together bring"


def _cell(figures, work, contender, n):
    about = {"n": n, "machine": "smp"}
    one = figures.get(work, contender, unit="packets/s", cpus=1, **about)
    ratio = figures.get(work, contender, unit="ratio", **about)
    return f"{one / 1e6:.1f} x {ratio:.2f}" if one else "-"


def _rows(figures):
    yield ["scenario"] + [title for title, _ in CONTENDERS]
    for row in figures.all("round_trip", machine="smp"):
        work, n = row["on"], row["n"]
        yield [f"{work.replace('_', ' ')} {power(n)}"] + \
            [_cell(figures, work, name, n) for _, name in CONTENDERS]


def _round_trips(figures):
    """How far the CPUs were from each other."""
    values = sorted(row["value"] for row in
                    figures.all("round_trip", machine="smp"))
    return f"a cache line's round trip: {values[0]:.0f} to {values[-1]:.0f} ns"


def terminal(figures):
    rows = list(_rows(figures))
    if len(rows) == 1:
        return []
    table = two_lines(rows[0])
    for row in rows[1:]:
        cells = [cell.partition(" x ") for cell in row]
        table.append([rate for rate, _, _ in cells])
        table.append([ratio and "x" + ratio for _, _, ratio in cells])
    return [TITLE, *aligned(table, WIDTHS), _round_trips(figures), ""]


def page(figures):
    rows = list(_rows(figures))
    if len(rows) == 1:
        return []
    return [TITLE[0].upper() + TITLE[1:] + f" ({_round_trips(figures)}):", "",
            *simple(rows)]
